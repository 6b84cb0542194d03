/** The language of the page. Danish is in the first view; English comes when someone asks for it. */
import { i18n } from '@lingui/core'

import { messages as danish } from './da.po'

export type Language = 'da' | 'en'

i18n.loadAndActivate({ locale: 'da', messages: danish })

export async function speak(language: Language): Promise<void> {
  if (language === 'en') {
    const { messages } = await import('./en.po')
    i18n.loadAndActivate({ locale: 'en', messages })
  } else {
    i18n.loadAndActivate({ locale: 'da', messages: danish })
  }
  document.documentElement.lang = language
}
