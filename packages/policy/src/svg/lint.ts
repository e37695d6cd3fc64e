/**
 * Whether an indicator is in the profile for it: draft-svg-tiny-ps-abrotman-12 section 2. The XML is read by `saxes`, no
 * entity but the five of XML is known, and nothing is fetched. Out of scope: what the paths draw, and the contents of
 * attributes that only say how.
 */

import { decodeUtf8, isUtf8 } from '@posthorn/core'
import { SaxesParser } from 'saxes'
import { type AddFinding, FindingList, STOP, type SvgFinding } from './finding.ts'
import { SvgReader } from './reader.ts'

const MAX_OCTETS = 32_768
// Beyond this nothing is read at all: four times what is allowed tells enough.
const MAX_READ = 131_072

/**
 * Tells what in an indicator is outside its profile, and what to do about it.
 *
 * @param svg The SVG, decompressed.
 * @returns The findings, in the order of the file, 100 at most; without an `error` among them it may be shown.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-svg-tiny-ps-abrotman-12#section-2 | Draft 12 section 2}
 * @example
 * const start = '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 8 8">'
 * const codes = (svg: string) => lintSvg(new TextEncoder().encode(svg)).map(({ code }) => code)
 * codes(`${start}<title>A</title><desc>B</desc><path d="M0 0h8v8z"/></svg>`) // []
 * codes(`${start}<title>A</title><desc>B</desc><script/></svg>`) // ['script']
 */
export function lintSvg(svg: Uint8Array): readonly SvgFinding[] {
  const isText = isUtf8(svg)
  const list = new FindingList(isText && svg.length <= MAX_READ ? decodeUtf8(svg) : '')
  if (svg.length > MAX_OCTETS) list.add('too-large')
  if (!isText) list.add('not-utf8')
  try {
    if (list.text !== '' || svg.length === 0) read(list.text, list.add)
  } catch (error) {
    if (error !== STOP) throw error
  }
  return list.findings.sort((one, other) => one.offset - other.offset)
}

function read(text: string, add: AddFinding): void {
  const parser = new SaxesParser({ xmlns: false, position: true })
  const reader = new SvgReader(add)
  let offset = 0
  parser.on('error', () => add('not-well-formed', { offset: parser.position }, { isLast: true }))
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) add('not-utf8')
  })
  parser.on('doctype', () => add('doctype', { offset: Math.max(0, text.lastIndexOf('<!DOCTYPE', parser.position)) }))
  parser.on('processinginstruction', ({ target }) => {
    add('processing-instruction', { name: target, offset: Math.max(0, text.lastIndexOf('<?', parser.position)) })
  })
  parser.on('opentagstart', () => {
    offset = Math.max(0, text.lastIndexOf('<', parser.position - 1))
  })
  parser.on('opentag', ({ name, attributes }) => reader.open({ name, attributes, offset }))
  parser.on('text', (content) => reader.text(content))
  parser.on('cdata', (content) => reader.text(content))
  parser.on('closetag', () => reader.close())
  parser.write(text).close()
  reader.finish()
}
