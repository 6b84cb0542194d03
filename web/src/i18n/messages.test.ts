// @vitest-environment node
/** Every message is there in both languages, and asks for the same values in each. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'
import { describe, expect, it } from 'vitest'

function catalogue(language: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(import.meta.dirname, `${language}.po`), 'utf8')
  const entries = [...text.matchAll(/^msgid "(.+)"\nmsgstr "(.*)"$/gm)].map((match): [string, string] => [match[1] ?? '', match[2] ?? ''])
  return new Map(entries)
}

/** The values and tags a message asks for. */
function holes(message: string): readonly string[] {
  return [...message.matchAll(/\{(\w+)|<\/?\d+>/g)].map((match) => match[1] ?? match[0]).filter((hole) => hole !== 'one' && hole !== 'other').toSorted()
}

const danish = catalogue('da')
const english = catalogue('en')

describe('messages', () => {
  it('knows every message in the code, and no other', async () => {
    const found = await Promise.all((await getCatalogs(getConfig({ cwd: join(import.meta.dirname, '../..') }))).map((one) => one.collect()))
    const messages = found.flatMap((catalog) => Object.values(catalog ?? {})).map((one) => one.message)
    expect(messages.toSorted()).toEqual([...danish.keys()].toSorted())
  }, 60_000)

  it('has the same messages in Danish and English', () => {
    expect(danish.size).toBeGreaterThan(250)
    expect([...english.keys()].toSorted()).toEqual([...danish.keys()].toSorted())
  })

  it.each([...danish])('says %j in Danish', (message, words) => {
    expect(words).toBe(message)
  })

  it.each([...english])('says %j in English', (message, words) => {
    expect(words).not.toBe('')
    // A plural's words follow its branches; only what it counts must be the same.
    const own = (text: string): readonly string[] => (text.includes(', plural,') ? [/\{(\w+), plural/.exec(text)?.[1] ?? ''] : holes(text))
    expect(own(words)).toEqual(own(message))
  })
})
