/** The title of the page: what is open, and how much is unread. */
import { useEffect } from 'react'

import { useView } from './client'

export function useTitle(name: string): void {
  const { count } = useView((view) => view.unreadTotal())
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}${name} · OS2samtale`
  }, [name, count])
}
