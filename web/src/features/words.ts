/** Words that go with numbers, used in several places. */
import { plural, t } from '@lingui/core/macro'

import type { Unread } from '../mx/model'
import { number } from './time'

export interface CountWords {
  readonly shown: string
  readonly spoken: string
  readonly you: boolean
}

/** A count of unread as it is shown and read aloud; null when there is nothing to show. */
export function unreadWords(unread: Unread): CountWords | null {
  if (unread.count <= 0) return null
  const shown = unread.count > 999 ? '999+' : number(unread.count)
  const you = unread.highlight > 0
  const spoken = plural(unread.count, { one: '# ulæst', other: '# ulæste' })
  return { shown, spoken: you ? t`${spoken}, også til dig` : spoken, you }
}

export function sum(all: readonly Unread[]): Unread {
  return all.reduce(
    (total, one) => ({ count: total.count + one.count, highlight: total.highlight + one.highlight }),
    { count: 0, highlight: 0 },
  )
}

/** Why one may not write here, as a sentence. */
export function whyNot(code: string): string {
  switch (code) {
    case 'announcement':
      return t`Kun moderatorer skriver nye emner her. Du kan svare i dem.`
    case 'archived':
      return t`Kanalen er arkiveret. Du kan læse med, men ikke skrive.`
    case 'guest':
      return t`Gæster kan svare i emner, men ikke starte dem.`
    default:
      return t`Du kan læse med her, men ikke skrive.`
  }
}

/** Why a message was not sent. */
export function whyFailed(code: string | null): string {
  switch (code) {
    case 'M_TOO_LARGE':
    // A proxy in front may allow less than the homeserver.
    case 'http_413':
      return t`Filen er for stor.`
    case 'M_FORBIDDEN':
      return t`Du må ikke skrive her længere.`
    case 'file_lost':
      return t`Browseren har smidt filen væk. Vælg den igen.`
    case 'storage':
      return t`Der er ikke plads på denne enhed.`
    default:
      return ''
  }
}
