/** A short word on what just happened; it goes by itself after four seconds and is read aloud. */
import { createContext, use, useCallback, useEffect, useState, type ReactNode } from 'react'

import styles from './Toast.module.css'

const Say = createContext<(text: string) => void>(() => undefined)

/** Says one sentence. */
export function useToast(): (text: string) => void {
  return use(Say)
}

export function ToastPlace({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<{ readonly text: string; readonly turn: number } | null>(null)
  const say = useCallback((text: string) => setSaid((before) => ({ text, turn: (before?.turn ?? 0) + 1 })), [])
  useEffect(() => {
    if (!said) return undefined
    const timer = setTimeout(() => setSaid(null), 4000)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <Say value={say}>
      {children}
      <div className={styles['place']} role="status" aria-live="polite">
        {said && <p key={said.turn} className={styles['toast']}>{said.text}</p>}
      </div>
    </Say>
  )
}
