/** All the keys there are. Fetched when it is needed. */
import { t } from '@lingui/core/macro'

import { Dialog } from '../../ui/Dialog'
import { useView } from '../client'
import styles from './KeysDialog.module.css'

/** Guests start no private chats. */
function keys(guest: boolean): readonly (readonly [what: string, keys: readonly string[]])[] {
  return [
    [t`Næste ulæste emne`, ['n']],
    [t`Næste ulæste emne, du følger`, ['Shift', 'N']],
    [t`Næste ulæste private besked`, ['p']],
    [t`Seneste`, ['t']],
    [t`Nyt emne i kanalen`, ['c']],
    ...(guest ? [] : [[t`Ny privat besked`, ['x']] as const]),
    [t`Kanalens emner`, ['y']],
    [t`Næste og forrige besked eller række`, ['j', 'k', '↓', '↑']],
    [t`Svar`, ['r', 'Enter']],
    [t`Svar på beskeden`, ['>']],
    [t`Tommel op, en anden reaktion`, ['+', ':']],
    [t`Ret din besked`, ['e']],
    [t`Markér den valgte samtale som læst`, ['e']],
    [t`Omdøb emnet`, ['m']],
    [t`Gør emnet lydløst, eller ikke længere`, ['Shift', 'M']],
    [t`Send`, ['Ctrl', 'Enter']],
    [t`Luk, eller gå tilbage`, ['Esc']],
    [t`Vis genvejene`, ['?']],
  ]
}

export default function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const guest = useView((view) => view.me().guest)
  return (
    <Dialog title={t`Genveje på tastaturet`} closeLabel={t`Luk`} wide onClose={onClose}>
      <dl className={styles['list']}>
        {keys(guest).map(([what, pressed]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{pressed.map((key) => <kbd key={key}>{key}</kbd>)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
