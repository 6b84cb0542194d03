/**
 * A message's text. The HTML has been cleaned by the Matrix layer; here it becomes elements of ours, by a
 * list of what is allowed, so that mentions and code get their own looks and nothing else gets through.
 */
import { createElement, Fragment, memo, useMemo, type ReactNode } from 'react'

import { classes } from '../../ui/classes'
import { useView } from '../client'
import { CodeBlock } from './CodeBlock'
import styles from './RichText.module.css'

const AS_IS = new Set([
  'p', 'br', 'b', 'strong', 'i', 'em', 'u', 's', 'del', 'code', 'blockquote', 'ul', 'ol', 'li', 'hr',
  'table', 'thead', 'tbody', 'tr', 'th', 'td', 'sup', 'sub', 'details', 'summary',
])
const HEADING = /^h[1-6]$/
const LINK = /^(?:https?:|mailto:)/i
/** A place in this client, as the Matrix layer writes it. */
const HERE = /^#\/(?:c|p)\//
/** An address in plain text, without the full stop or bracket that ends the sentence it stands in. */
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g

interface Reading {
  readonly me: string
}

interface MentionProps {
  readonly id: string
  readonly you: boolean
  /** What the sender wrote: anything at all, so it stands only until it is known whose id this is. */
  readonly children: ReactNode
}

function Mention({ id, you, children }: MentionProps) {
  const name = useView((view) => view.person(id).name)
  return <span className={classes(styles['mention'], you && styles['you'])}>{name === '…' ? children : name === id ? id : `@${name}`}</span>
}

function linkOf(href: string, children: ReactNode, key: number): ReactNode {
  if (HERE.test(href)) return <a key={key} href={href}>{children}</a>
  if (!LINK.test(href)) return <Fragment key={key}>{children}</Fragment>
  return <a key={key} href={href} target="_blank" rel="noreferrer noopener">{children}</a>
}

/** An address somebody copied out of this client opens here. */
function inside(address: string): string {
  return address.startsWith(`${location.origin}/#/`) ? address.slice(location.origin.length + 1) : address
}

function nodeOf(node: Node, key: number, reading: Reading): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent
  if (!(node instanceof Element)) return null
  const tag = node.localName
  const children = (): ReactNode[] => [...node.childNodes].map((child, index) => nodeOf(child, index, reading))
  const person = node.getAttribute('data-user-id')
  if (person !== null) return <Mention key={key} id={person} you={person === reading.me}>{children()}</Mention>
  if (tag === 'a') return linkOf(node.getAttribute('href') ?? '', children(), key)
  if (tag === 'pre') {
    const language = /language-([\w+#.-]+)/.exec(node.querySelector('code')?.className ?? '')?.[1] ?? null
    return <CodeBlock key={key} code={(node.textContent ?? '').replace(/\n$/, '')} language={language} />
  }
  if (HEADING.test(tag)) return <p key={key} className={styles['heading']}>{children()}</p>
  if (tag === 'br' || tag === 'hr') return createElement(tag, { key })
  if (tag === 'ol') return <ol key={key} start={Number(node.getAttribute('start') ?? 1) || 1}>{children()}</ol>
  if (tag === 'img') return node.getAttribute('alt')
  return AS_IS.has(tag) ? createElement(tag, { key }, ...children()) : <Fragment key={key}>{children()}</Fragment>
}

function withLinks(text: string): ReactNode[] {
  const parts: ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    parts.push(text.slice(from, match.index), linkOf(inside(match[0]), match[0], match.index))
    from = match.index + match[0].length
  }
  parts.push(text.slice(from))
  return parts
}

interface RichTextProps {
  /** Stands at the end of the last line. */
  readonly tail?: ReactNode
  readonly html: string | null
  readonly text: string
  readonly me: string
}

export const RichText = memo(function RichText({ html, text, me, tail }: RichTextProps) {
  const content = useMemo(() => {
    if (html === null) return [...withLinks(text), tail && <Fragment key="tail"> {tail}</Fragment>]
    const { body } = new DOMParser().parseFromString(html, 'text/html')
    const last = body.lastElementChild
    const inLast = tail && last?.localName === 'p' ? last : null
    const shown = [...body.childNodes].map((child, index) => (
      child === inLast ? <p key={index}>{[...child.childNodes].map((inner, at) => nodeOf(inner, at, { me }))} {tail}</p> : nodeOf(child, index, { me })
    ))
    return inLast ? shown : [...shown, tail && <Fragment key="tail"> {tail}</Fragment>]
  }, [html, text, me, tail])
  return <div className={classes(styles['text'], html === null && styles['plain'])}>{content}</div>
})
