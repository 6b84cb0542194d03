/**
 * Weighs what a signed-in person's first view loads: the boot script, the app behind its dynamic
 * import, all their static imports and all their style sheets. Fails above the budget.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 150
const BOOT_KB = 5

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

const weigh = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000

/** The files that one entry of the manifest loads at once. */
function filesOf(key, found = new Set(), seen = new Set()) {
  if (seen.has(key)) return found
  seen.add(key)
  const chunk = manifest[key]
  if (!chunk) throw new Error(`the build has no ${key}`)
  found.add(chunk.file)
  for (const css of chunk.css ?? []) found.add(css)
  for (const imported of chunk.imports ?? []) filesOf(imported, found, seen)
  return found
}

const boot = filesOf('index.html')
const first = filesOf('src/main.tsx', new Set(boot))
const rows = [...first].map((file) => [file, weigh(file)]).sort((a, b) => b[1] - a[1])
for (const [file, kb] of rows) console.log(`${kb.toFixed(1).padStart(8)} KB  ${file}`)
const bootSize = [...boot].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + weigh(file), 0)
const total = rows.reduce((sum, [, kb]) => sum + kb, 0)
console.log(`${bootSize.toFixed(1).padStart(8)} KB  boot script (at most ${BOOT_KB})`)
console.log(`${total.toFixed(1).padStart(8)} KB  first view, gzip (at most ${BUDGET_KB})`)
if (bootSize > BOOT_KB || total > BUDGET_KB) process.exit(1)
