/** Dig: who one is here, how it looks, which language, and the way out. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'

import { Avatar } from '../../ui/Avatar'
import { Button, ButtonLink } from '../../ui/Button'
import { Head } from '../../ui/Head'
import { Segment } from '../../ui/Segment'
import { useToast } from '../../ui/Toast'
import { useAct, useView } from '../client'
import { faceOf, fullName, organisationOf } from '../names'
import { useTitle } from '../useTitle'
import styles from './MePage.module.css'
import { prefer, usePreferences } from './preferences'

/** The portal's page about one's account. */
const ACCOUNT = '/adgang/konto/'

export function MePage({ onKeys }: { readonly onKeys: () => void }) {
  const me = useView((view) => view.me())
  const { theme, language, singleKeys } = usePreferences()
  useTitle(t`Dine indstillinger`)
  return (
    <>
      <Head title={t`Dine indstillinger`} mark="sliders" />
      <div className={styles['scroll']}>
        <div className={styles['col']}>
          <section className={styles['part']}>
            <div className={styles['who']}>
              <Avatar face={faceOf(me)} size="xl" />
              <span><b>{fullName(me)}</b><span>{organisationOf(me)}</span><span>{me.email}</span></span>
            </div>
            {me.demo && <p className={styles['demo']}><Trans>Samtalerne her er opdigtede.</Trans></p>}
            <ButtonLink look="second" href={ACCOUNT}><Trans>Din konto</Trans></ButtonLink>
          </section>
          <section className={styles['part']}>
            <h2><Trans>Udseende</Trans></h2>
            <Segment
              label={t`Udseende`} chosen={theme} onChoose={(value) => prefer({ theme: value })}
              options={[{ value: 'system', label: t`Som enheden` }, { value: 'light', label: t`Lyst` }, { value: 'dark', label: t`Mørkt` }]}
            />
          </section>
          <section className={styles['part']}>
            <h2><Trans>Sprog</Trans></h2>
            <Segment
              label={t`Sprog`} chosen={language ?? me.language} onChoose={(value) => prefer({ language: value })}
              options={[{ value: 'da', label: 'Dansk' }, { value: 'en', label: 'English' }]}
            />
          </section>
          <section className={styles['part']}>
            <h2><Trans>Tastatur</Trans></h2>
            <label className={styles['check']}>
              <input type="checkbox" checked={singleKeys} onChange={(event) => prefer({ singleKeys: event.target.checked })} />
              <Trans>Genveje på ét bogstav</Trans>
            </label>
            <p><Trans>Slå dem fra, hvis du taler til din computer, eller tit rammer en tast ved en fejl.</Trans></p>
            <Button look="second" onClick={onKeys}><Trans>Vis genvejene</Trans></Button>
          </section>
          <SignOut />
        </div>
      </div>
    </>
  )
}

function SignOut() {
  const act = useAct()
  const say = useToast()
  const [busy, setBusy] = useState(false)
  const leave = async (): Promise<void> => {
    setBusy(true)
    try {
      await act.signOut()
    } catch {
      setBusy(false)
      say(t`Du blev ikke logget ud. Prøv igen.`)
    }
  }
  return (
    <section className={styles['part']}>
      <Button look="second" busy={busy} onClick={() => void leave()}><Trans>Log ud</Trans></Button>
      <p><Trans>Samtaler og kladder bliver slettet fra denne enhed.</Trans></p>
    </section>
  )
}
