import { expect, it } from 'vitest'

import { prefer, preferAs, preferences } from './preferences'

it('is not for the next person in the same browser', () => {
  preferAs('@anna:x')
  prefer({ language: 'en', theme: 'dark', unfolded: ['os2display'] })
  preferAs('@anna:x')
  expect(preferences()).toMatchObject({ language: 'en', theme: 'dark', unfolded: ['os2display'] })
  preferAs('@bo:x')
  expect(preferences()).toMatchObject({ of: '@bo:x', language: null, theme: 'system', unfolded: null })
  expect(localStorage.getItem('samtale.preferences')).not.toContain('os2display')
})
