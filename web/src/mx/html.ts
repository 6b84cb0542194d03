/** What others wrote as HTML, made safe to show (Matrix spec 1.15, "m.room.message msgtypes"). */
import DOMPurify from 'dompurify'

const TAGS = [
  'a', 'b', 'blockquote', 'br', 'caption', 'code', 'del', 'details', 'div', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i',
  'li', 'ol', 'p', 'pre', 's', 'span', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'u', 'ul',
]

const MENTION = /^https:\/\/matrix\.to\/#\/((?:@|%40)[^/?]+)/i
/** The spec's limit on nesting; deeper markup is shown as plain text instead. */
const DEEPEST = 100

const purifier = DOMPurify(window)

purifier.addHook('uponSanitizeAttribute', (element, attribute) => {
  const allowed =
    (attribute.attrName === 'href' && element.tagName === 'A') ||
    (attribute.attrName === 'start' && element.tagName === 'OL') ||
    (attribute.attrName === 'class' && element.tagName === 'CODE' && /^language-[\w+#-]+$/.test(attribute.attrValue))
  if (!allowed) attribute.keepAttr = false
})

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}

/** The fragment when an address leads to a place in this client, so that it opens here. */
function inAppHash(address: string): string | null {
  if (!URL.canParse(address, `${location.origin}/`)) return null
  const url = new URL(address, `${location.origin}/`)
  const inside = url.origin === location.origin && url.pathname === '/' && url.search === ''
  return inside && /^#\/(c|p)\//.test(url.hash) ? url.hash : null
}

function finishLink(link: HTMLAnchorElement): void {
  const address = link.getAttribute('href') ?? ''
  const person = MENTION.exec(address)?.[1]
  const id = person === undefined ? null : decoded(person)
  if (id !== null) {
    const pill = link.ownerDocument.createElement('span')
    pill.className = 'mention'
    pill.dataset['userId'] = id
    pill.textContent = `@${(link.textContent ?? '').replace(/^@/, '')}`
    return link.replaceWith(pill)
  }
  const hash = inAppHash(address)
  if (hash !== null) return link.setAttribute('href', hash)
  link.setAttribute('rel', 'noreferrer noopener')
  link.setAttribute('target', '_blank')
}

function depth(node: ParentNode, level = 0): number {
  let deepest = level
  for (const child of node.children) {
    if (deepest > DEEPEST) return deepest
    deepest = Math.max(deepest, depth(child, level + 1))
  }
  return deepest
}

/** Safe HTML, or null when the markup is nothing to show (empty, or nested beyond the limit). */
export function sanitise(html: string): string | null {
  const fragment = purifier.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ['href', 'start', 'class'],
    ADD_URI_SAFE_ATTR: ['start'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#\/)/i,
    // The quoted message that old clients repeat; ours shows the quotation itself.
    ADD_FORBID_CONTENTS: ['mx-reply'],
    RETURN_DOM_FRAGMENT: true,
  })
  if (depth(fragment) > DEEPEST) return null
  for (const link of fragment.querySelectorAll('a')) finishLink(link)
  const box = document.createElement('div')
  box.append(fragment)
  const shown = box.innerHTML.trim()
  return shown === '' ? null : shown
}
