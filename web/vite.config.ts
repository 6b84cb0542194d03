import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Where `npm run dev` finds the portal and the homeserver. */
const behind = process.env['SAMTALE_URL'] ?? 'http://localhost:8400'

/** Puts each file beside itself as small as it gets: a proxy that compresses while one waits does less. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir }, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (dir === undefined || !/\.(js|css|html)$/.test(name)) continue
        const content = file.type === 'chunk' ? file.code : file.source
        await writeFile(join(dir, `${name}.br`), brotliCompressSync(content))
        await writeFile(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  plugins: [lingui({ macroTransform: true }), react(), compressed()],
  resolve: {
    // One file holds the colours and measures of the client and of the portal's pages.
    alias: { '@tokens': here('../src/samtale/portal/static/samtale/tokens.css') },
  },
  build: {
    target: 'es2023',
    // These know light-dark() and nesting; an older target would have every colour written twice.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    manifest: true,
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: here('index.html'), sw: here('src/sw.ts') },
      output: {
        // A service worker only governs paths beside and below its own, so it alone lies at the root.
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        // What the first view and the parts fetched later share is one file, not a dozen: it packs better.
        codeSplitting: { groups: [{ name: 'shared', test: /node_modules\/(react|react-dom|scheduler|@lingui)\/|src\/ui\/(Avatar|Button|Dialog|Icon|Toast|classes|useMedia)|src\/features\/(client|names|route|time|words)\.ts|src\/mx\/(links|model)/ }] },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(
      ['/_matrix', '/_synapse', '/api', '/adgang', '/.well-known'].map((path) => [path, { target: behind }]),
    ),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./test/setup.ts'],
    restoreMocks: true,
    unstubGlobals: true,
  },
})
