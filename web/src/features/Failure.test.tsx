import { fireEvent, render, screen } from '@testing-library/react'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { lazy, type ReactNode } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import '../../test/views/dom'
import '../i18n/language'
import { Failure } from './Failure'

function Broken(): ReactNode {
  throw new Error('broken')
}

const Gone = lazy(() => Promise.reject<{ default: () => ReactNode }>(new Error('404')))
const inLanguage = (children: ReactNode) => <I18nProvider i18n={i18n}>{children}</I18nProvider>

// React says so on the console too, which is right and not news here.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue())

describe('when something breaks', () => {
  it('says so in the page, until one goes somewhere else', () => {
    const { rerender } = render(inLanguage(<Failure at="#/a"><Broken /></Failure>))
    expect(screen.getByRole('alert').textContent).toContain('Noget gik galt')
    rerender(inLanguage(<Failure at="#/b"><p>Her er den</p></Failure>))
    expect(screen.getByText('Her er den')).toBeTruthy()
  })

  it('asks for a reload when a part is gone, and can be closed', async () => {
    const onClose = vi.fn<() => void>()
    render(inLanguage(<Failure at="keys" onClose={onClose}><Gone /></Failure>))
    expect(await screen.findByRole('dialog', { name: 'Siden skal genindlæses' })).toBeTruthy()
    fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }))
    expect(onClose).toHaveBeenCalledTimes(1)
  })
})
