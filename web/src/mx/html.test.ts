import { expect, test } from 'vitest'

import { sanitise } from './html'

test.each([
  ['<b>fed</b> og <i>kursiv</i>', '<b>fed</b> og <i>kursiv</i>'],
  ['<script>alert(1)</script>hej', 'hej'],
  ['<style>*{display:none}</style>hej', 'hej'],
  ['<p style="position:fixed" class="x" id="y" onclick="z()">hej</p>', '<p>hej</p>'],
  ['<img src="https://spy.example/p.gif" onerror="x()">hej', 'hej'],
  ['<mx-reply><blockquote>gammelt</blockquote></mx-reply>nyt', 'nyt'],
  ['<a href="javascript:alert(1)">x</a>', '<a rel="noreferrer noopener" target="_blank">x</a>'],
  ['<a href="https://os2.eu" target="_top" rel="opener">x</a>', '<a href="https://os2.eu" rel="noreferrer noopener" target="_blank">x</a>'],
  ['<code class="language-python evil">x</code>', '<code>x</code>'],
  ['<code class="language-python">x</code>', '<code class="language-python">x</code>'],
  ['<ol start="3"><li>x</li></ol>', '<ol start="3"><li>x</li></ol>'],
  ['<span class="mention" data-user-id="@admin:x">Admin</span>', '<span>Admin</span>'],
  ['<iframe src="//x"></iframe><form action="/x"><input name="a"></form>hej', 'hej'],
  ['<svg><a xlink:href="javascript:x">y</a></svg>', null],
])('%s', (dirty, clean) => expect(sanitise(dirty)).toBe(clean))

test('a link to a person is a pill', () => {
  expect(sanitise('<a href="https://matrix.to/#/%40anna%3Alocalhost">Anna</a>')).toBe('<span class="mention" data-user-id="@anna:localhost">@Anna</span>')
})

test('a link to a place of ours opens here, another page of ours does not', () => {
  const { origin } = location
  expect(sanitise(`<a href="${origin}/#/c/os2display/support/t/abc">x</a>`)).toBe('<a href="#/c/os2display/support/t/abc">x</a>')
  expect(sanitise(`<a href="${origin}/adgang/log-ud/">x</a>`)).toContain('target="_blank"')
})

test('markup nested beyond the limit is not shown as markup', () => {
  expect(sanitise('<div>'.repeat(50) + 'x' + '</div>'.repeat(50))).toContain('x')
  expect(sanitise('<div>'.repeat(150) + 'x' + '</div>'.repeat(150))).toBeNull()
})
