/** Whom an edited message names. Nobody is chosen from suggestions while editing, and names are not unique. */
import type { NameOf } from './compose'
import type { UserId } from './model'

const WORD = /[\p{L}\p{N}]/u

/** Each `@Name` of the text, as the longest of the names that stands there. */
function namesIn(text: string, names: readonly string[]): ReadonlySet<string> {
  const longestFirst = names.toSorted((a, b) => b.length - a.length)
  const found = new Set<string>()
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const name = longestFirst.find((one) => text.startsWith(one, at + 1) && !WORD.test(text.charAt(at + 1 + one.length)))
    if (name !== undefined) found.add(name)
  }
  return found
}

interface Edit {
  readonly text: string
  readonly before: { readonly body: string; readonly mentions: readonly UserId[] }
  readonly members: readonly UserId[]
}

/** Those named before whose name still stands, and whoever is newly named and shares the name with nobody. */
export function namedByEdit({ text, before, members }: Edit, nameOf: NameOf): readonly UserId[] {
  const kept = before.mentions.filter((id) => text.includes(`@${nameOf(id)}`))
  const names = members.map(nameOf)
  const old = namesIn(before.body, names)
  const now = namesIn(text, names)
  const added = members.filter((id) => {
    const name = nameOf(id)
    return now.has(name) && !old.has(name) && names.filter((one) => one === name).length === 1
  })
  return [...new Set([...kept, ...added])]
}
