/** Everything a person sees: language, side, the open place, keys. Receives the client; calls nothing else. */
import '@tokens'
import '../ui/base.css'

import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { useEffect, useState } from 'react'

import { speak } from '../i18n/language'
import type { Client } from '../mx/client'
import { ToastPlace } from '../ui/Toast'
import { ClientProvider, useView } from './client'
import { Frame } from './Frame'
import { usePreferences } from './settings/preferences'

export default function App({ client }: { readonly client: Client }) {
  return (
    <ClientProvider value={client}>
      <InLanguage />
    </ClientProvider>
  )
}

/** Draws the page anew when the language changes: words are looked up where they are drawn. */
function InLanguage() {
  const account = useView((view) => view.me().language)
  const language = usePreferences().language ?? account
  const [spoken, setSpoken] = useState(language === 'da' ? 'da' : null)
  useEffect(() => {
    let wanted = true
    speak(language).then(
      () => wanted && setSpoken(language),
      // Better in Danish than not at all.
      () => wanted && setSpoken('da'),
    )
    return () => {
      wanted = false
    }
  }, [language])
  if (spoken === null) return null
  return (
    <I18nProvider i18n={i18n}>
      <ToastPlace>
        <Frame key={spoken} />
      </ToastPlace>
    </I18nProvider>
  )
}
