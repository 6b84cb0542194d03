/**
 * For what opens below its button: as a ref, it marks the element with `data-up` where what scrolls
 * around it would hide it, and where there is room above. The style sheet does the rest.
 */
export function opensUp(element: HTMLElement | null): void {
  if (!element) return
  const around = surroundings(element)
  const { top, bottom, height } = element.getBoundingClientRect()
  if (bottom > around.bottom && top - height > around.top) element.dataset['up'] = ''
}

function surroundings(element: HTMLElement): { readonly top: number; readonly bottom: number } {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowY)) return at.getBoundingClientRect()
  }
  return { top: 0, bottom: innerHeight }
}
