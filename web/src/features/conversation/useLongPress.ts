/** A finger held still for half a second, and not on something one can press. */
import { useRef, type PointerEvent } from 'react'

const HELD = 500
const STILL = 10

interface LongPress {
  readonly onPointerDown: (event: PointerEvent) => void
  readonly onPointerMove: (event: PointerEvent) => void
  readonly onPointerUp: () => void
  readonly onPointerCancel: () => void
}

export function useLongPress(onHeld: () => void): LongPress {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const from = useRef({ x: 0, y: 0 })
  const stop = (): void => clearTimeout(timer.current)
  return {
    onPointerDown: (event) => {
      if (event.pointerType !== 'touch' || (event.target instanceof Element && event.target.closest('a, button, textarea'))) return
      from.current = { x: event.clientX, y: event.clientY }
      stop()
      timer.current = setTimeout(onHeld, HELD)
    },
    onPointerMove: (event) => {
      if (Math.hypot(event.clientX - from.current.x, event.clientY - from.current.y) > STILL) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  }
}
