import { defineConfig } from '@lingui/cli'

export default defineConfig({
  sourceLocale: 'da',
  locales: ['da', 'en'],
  catalogs: [{ path: '<rootDir>/src/i18n/{locale}', include: ['src'] }],
})
