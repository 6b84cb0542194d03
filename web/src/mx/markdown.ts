/** Markdown as people write it in chat: CommonMark and GFM, where a line break is a line break. */
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

export function markdownToHtml(source: string): string {
  const html = micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  return html.replaceAll(/<p>(.*?)<\/p>/gs, (_, inside: string) => `<p>${inside.replaceAll(/(?:<br \/>)?\n/g, '<br />\n')}</p>`)
}
