/**
 * The reports in bounce messages, where they are encoded for the way: RFC 2045 section 6. What a message says in words, and the
 * message that came back, stay as they are.
 */

import { decodeBase64, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { type Line, LineBuilder, originOf, partOf } from './line.ts'

const STATUS = /^Content-Type:\s*message\/(?:global-)?delivery-status\b/i
const FIELD = /^Content-Transfer-Encoding:\s*(base64|quoted-printable)\s*$/i
const BASE64 = /^[A-Za-z0-9+/]*={0,2}\s*$/
const ESCAPE = /=([0-9A-F]{2})/gi

/** Decodes the delivery reports in a message. */
export function decodeReports(lines: readonly Line[]): readonly Line[] {
  if (!lines.some(({ text }) => STATUS.test(text))) return lines
  const decoded: Line[] = []
  let [isStatus, encoding, inHeader] = [false, '', true]
  let block: Line[] = []
  const flush = (): void => {
    for (const one of encoding === 'base64' ? decodeBlock(block) : joinSoftBreaks(block)) decoded.push(one)
    block = []
    ;[isStatus, encoding, inHeader] = [false, '', true]
  }
  for (const line of lines) {
    const { text } = line
    const isBody = isStatus && encoding !== '' && !inHeader
    if (isBody && !(text.startsWith('--') || text === '.' || (encoding === 'base64' && !BASE64.test(text)))) {
      block.push(line)
      continue
    }
    if (isBody || text.startsWith('--')) flush()
    else if (text.trim() === '') inHeader = false
    isStatus ||= STATUS.test(text)
    encoding = FIELD.exec(text)?.[1]?.toLowerCase() ?? encoding
    decoded.push(line)
  }
  flush()
  return decoded
}

// Four characters are three octets: each octet is taken to stand where its four characters begin
function decodeBlock(block: readonly Line[]): readonly Line[] {
  const [first, last] = [block[0], block.at(-1)]
  if (!first || !last) return block
  const source = new LineBuilder()
  for (const line of block) source.copy(line, 0, line.text.trimEnd().length)
  const all = source.take(first.number, last.end)
  let text: string
  try {
    text = decodeUtf8(decodeBase64(all.text))
  } catch {
    return block
  }
  const builder = new LineBuilder()
  const lines: Line[] = []
  let octets = 0
  for (const character of text) {
    const origin = originOf(all, Math.floor(octets / 3) * 4)
    octets += encodeUtf8(character).length
    if (character === '\n') lines.push(builder.take(all.number, originOf(all, Math.ceil(octets / 3) * 4)))
    else if (character !== '\r') builder.add(character, origin)
  }
  if (builder.length > 0) lines.push(builder.take(all.number, all.end))
  return lines.map((line) => ({ ...line, lastNumber: last.number }))
}

// RFC 2045 section 6.7: a line that ends in an equals sign goes on
function joinSoftBreaks(block: readonly Line[]): Line[] {
  const lines: Line[] = []
  const builder = new LineBuilder()
  let first: Line | undefined
  for (const line of block) {
    first ??= line
    const goesOn = line.text.endsWith('=')
    const text = goesOn ? partOf(line, 0, line.text.length - 1) : line
    let from = 0
    for (const found of text.text.matchAll(ESCAPE)) {
      builder.copy(text, from, found.index)
      builder.add(String.fromCharCode(Number.parseInt(found[1] ?? '', 16)), originOf(text, found.index))
      from = found.index + 3
    }
    builder.copy(text, from)
    if (goesOn) continue
    lines.push({ ...builder.take(first.number, line.end), ...(first !== line && { lastNumber: line.number }) })
    first = undefined
  }
  if (first) lines.push(builder.take(first.number, first.end))
  return lines
}
