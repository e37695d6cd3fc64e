/** What copying adds to lines: colours, invisible characters, the tags and references of HTML. */

import { type Line, LineBuilder } from './line.ts'

// ECMA-48 section 5.4: CSI, parameters, final byte; and what nobody sees
const INVISIBLE = /\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*\x07|[\uFEFF\u200B-\u200D\u2060]/g
const HTML = /<br ?\/?>|&[lg]t;|&#0?3[49];/i
const MARK =
  /<(br|\/?(?:p|div|pre|code|span|li|ul|ol|b|i|em|strong|tr|td|html|body))(?: [^<>]*)?\/?>|&(lt|gt|amp|quot|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});/gi
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ' }
const BREAKS = new Set(['br', '/p', '/div', '/li', '/tr', '/pre'])

/** Takes the invisible out of a line. */
export function dropInvisible(line: Line): Line {
  if (line.text.search(INVISIBLE) < 0) return line
  const builder = new LineBuilder()
  let from = 0
  const copy = (to: number): void => {
    for (; from < to; from++) builder.add(line.text[from] ?? '', line.start + from)
  }
  for (const found of line.text.matchAll(INVISIBLE)) {
    copy(found.index)
    from += found[0].length
  }
  copy(line.text.length)
  return builder.take(line.number, line.end)
}

/** Whether a text looks as if it was copied out of the source of a page. */
export function looksLikeHtml(lines: readonly Line[]): boolean {
  return lines.some(({ text }) => HTML.test(text))
}

function character(reference: string): string {
  const name = reference.toLowerCase()
  if (!name.startsWith('#')) return NAMED[name] ?? ''
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : ''
}

/** Reads a line of HTML as lines of text. */
export function readMarkup(line: Line): Line[] {
  if (line.text.search(MARK) < 0) return [line]
  const lines: Line[] = []
  const builder = new LineBuilder()
  const origin = (index: number): number => line.origins?.[index] ?? line.start + index
  let from = 0
  const copy = (to: number): void => {
    for (; from < to; from++) builder.add(line.text[from] ?? '', origin(from))
  }
  for (const found of line.text.matchAll(MARK)) {
    copy(found.index)
    from += found[0].length
    const [, tag, reference] = found
    if (reference) builder.add(character(reference), origin(found.index))
    else if (BREAKS.has((tag ?? '').toLowerCase())) lines.push(builder.take(line.number, origin(found.index)))
  }
  copy(line.text.length)
  if (builder.length > 0 || lines.length === 0) lines.push(builder.take(line.number, line.end))
  return lines
}
