import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

export default defineConfig({
  sourceLocale: 'da',
  locales: ['da', 'en'],
  catalogs: [{ path: '<rootDir>/src/i18n/{locale}', include: ['src'] }],
  // Line numbers would change with every edit of a file.
  format: formatter({ lineNumbers: false }),
})
