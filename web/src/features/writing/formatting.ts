/** What the formatting buttons do to a text: pure, on the text and what is chosen in it. */

export interface Selected {
  readonly text: string
  readonly from: number
  readonly to: number
}

export type Format = 'bold' | 'italic' | 'code' | 'link' | 'list' | 'quote'

function around({ text, from, to }: Selected, before: string, after = before): Selected {
  const inner = text.slice(from, to)
  const outer = text.slice(from - before.length, from) === before && text.slice(to, to + after.length) === after
  if (outer) {
    const bare = text.slice(0, from - before.length) + inner + text.slice(to + after.length)
    return { text: bare, from: from - before.length, to: to - before.length }
  }
  const marked = text.slice(0, from) + before + inner + after + text.slice(to)
  return { text: marked, from: from + before.length, to: to + before.length }
}

function eachLine({ text, from, to }: Selected, mark: string): Selected {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const lines = text.slice(start, to).split('\n')
  const marked = lines.every((line) => line.startsWith(mark))
    ? lines.map((line) => line.slice(mark.length))
    : lines.map((line) => mark + line)
  const block = marked.join('\n')
  const end = start + block.length
  return { text: text.slice(0, start) + block + text.slice(to), from: from === to ? end : start, to: end }
}

export function apply(format: Format, selected: Selected): Selected {
  const chosen = selected.text.slice(selected.from, selected.to)
  switch (format) {
    case 'bold':
      return around(selected, '**')
    case 'italic':
      return around(selected, '*')
    case 'code':
      return chosen.includes('\n') ? around(selected, '```\n', '\n```') : around(selected, '`')
    case 'link': {
      const linked = around(selected, '[', '](https://)')
      const address = linked.to + 2
      return chosen === '' ? linked : { ...linked, from: address, to: address + 'https://'.length }
    }
    case 'list':
      return eachLine(selected, '- ')
    case 'quote':
      return eachLine(selected, '> ')
  }
}

/** Puts text where the cursor is, in place of what is chosen. */
export function insert({ text, from, to }: Selected, added: string): Selected {
  const at = from + added.length
  return { text: text.slice(0, from) + added + text.slice(to), from: at, to: at }
}
