/** Says in plain words that the page could not start, with a way to try again. Needs no library. */

const WORDS = {
  da: {
    title: 'OS2samtale kunne ikke starte',
    offline: 'Vi kan ikke få forbindelse lige nu. Se efter, om du er på nettet, og prøv igen.',
    signIn: 'Du blev ikke logget ind. Prøv igen.',
    denied: 'Du sagde nej til at logge ind. Du kan prøve igen, når du vil.',
    other: 'Noget gik galt hos os. Prøv igen om lidt.',
    retry: 'Prøv igen',
  },
  en: {
    title: 'OS2samtale could not start',
    offline: 'We cannot connect right now. Check that you are online, and try again.',
    signIn: 'You were not signed in. Try again.',
    denied: 'You chose not to sign in. You can try again whenever you like.',
    other: 'Something went wrong on our side. Try again in a moment.',
    retry: 'Try again',
  },
} as const

function sentence(error: unknown): keyof (typeof WORDS)['da'] {
  if (!(error instanceof Error)) return 'other'
  const code = 'code' in error ? error.code : null
  if (code === 'unreachable') return 'offline'
  // What a dynamic import throws when the file cannot be fetched.
  if (error instanceof TypeError) return 'offline'
  if (error.name !== 'SignInFailed') return 'other'
  return code === 'access_denied' ? 'denied' : 'signIn'
}

/** Danish unless the browser asks for another language first. */
function language(): 'da' | 'en' {
  return /^(da|nb|nn|no|sv|fo|kl)\b/i.test(navigator.language) ? 'da' : 'en'
}

export function showFailure(error: unknown, retry: () => void): void {
  const lang = language()
  const words = WORDS[lang]
  const title = Object.assign(document.createElement('h1'), { textContent: words.title })
  const text = Object.assign(document.createElement('p'), { textContent: words[sentence(error)] })
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: words.retry })
  button.addEventListener('click', retry)
  const box = Object.assign(document.createElement('main'), { className: 'boot-failure', lang })
  box.setAttribute('role', 'alert')
  box.append(title, text, button)
  document.getElementById('app')?.replaceChildren(box)
}
