/** What a person sees when a view breaks, or when a part of the page is gone because a new edition took its place. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Component, Suspense, type ReactNode } from 'react'

import { Blank } from '../ui/Blank'
import { Button } from '../ui/Button'
import { Dialog, DialogActs } from '../ui/Dialog'

interface FailureProps {
  /** What is inside lies over the page and is fetched when it is needed; how one gets rid of it. */
  readonly onClose?: () => void
  /** When this changes one is somewhere else, and it is tried anew. */
  readonly at: string
  readonly children: ReactNode
}

interface FailureState {
  readonly failed: boolean
  readonly at: string
}

export class Failure extends Component<FailureProps, FailureState> {
  override state: FailureState = { failed: false, at: this.props.at }

  static getDerivedStateFromError(): Partial<FailureState> {
    return { failed: true }
  }

  static getDerivedStateFromProps({ at }: FailureProps, state: FailureState): FailureState | null {
    return at === state.at ? null : { failed: false, at }
  }

  override render(): ReactNode {
    const { children, onClose } = this.props
    if (!this.state.failed) return onClose ? <Suspense>{children}</Suspense> : children
    const again = <Button look="primary" icon="refresh" onClick={() => location.reload()}><Trans>Genindlæs siden</Trans></Button>
    if (!onClose) {
      return <Blank icon="warn" title={t`Noget gik galt`} alert acts={again}><Trans>Siden kunne ikke vises. Dine kladder er gemt.</Trans></Blank>
    }
    return (
      <Dialog title={t`Siden skal genindlæses`} onClose={onClose}>
        <p><Trans>Der kan være kommet en ny udgave. Dine kladder er gemt.</Trans></p>
        <DialogActs>{again}</DialogActs>
      </Dialog>
    )
  }
}
