import { mergeConfig } from 'vitest/config'

import base from '../../vite.config.ts'

/** Tests of the Matrix layer against a running installation: `SAMTALE_URL=… npm run test:live`. */
const config = mergeConfig(base, { test: { testTimeout: 60_000, hookTimeout: 60_000 } })
config.test.include = ['test/live/*.live.ts']

export default config
