/** A tree of parts in the form that one server takes: fields, encodings and delimiters. RFC 2045 section 6, RFC 2046. */

import { type Encoded, encodeOctets, encodeSource, encodeText, LABELS, type Level, type Way } from './encoding.ts'
import { type LeafNode, type MultipartNode, nodeOf, type Part } from './part.ts'
import type { Piece } from './piece.ts'

/**
 * A part in one form.
 *
 * @internal
 */
export interface Rendered {
  /** The fields, each folded, without the CRLF that ends it. */
  readonly fields: readonly string[]
  readonly content: readonly Piece[]
  /** What it needs of its way. */
  readonly level: Level
}

/**
 * How a tree is rendered.
 *
 * @internal
 */
export interface RenderOptions {
  /** What the way carries; what must not be encoded may need more. */
  readonly level: Level
  /** What all boundaries begin with. */
  readonly stem: string
  /** How many digits their numbers have, so that none is the beginning of another. */
  readonly digits: number
}

/**
 * Renders a tree.
 *
 * @internal
 */
export function render(root: Part, { level, stem, digits }: RenderOptions): Rendered {
  return renderPart(root, { level, stem, digits, count: 0 }, false)
}

interface Progress extends RenderOptions {
  /** How many boundaries are taken. */
  count: number
}

// What is signed is written strictly: RFC 1847 section 2.1.
function renderPart(part: Part, progress: Progress, strict: boolean): Rendered {
  const node = nodeOf(part)
  if (node.type === 'multipart') return renderMultipart(part.parts, node, { progress, strict })
  if (node.type === 'entity') return { fields: node.fields, content: [node.octets], level: node.level }
  const level = strict ? 0 : progress.level
  if (node.type === 'message') {
    const written = node.message.write(level)
    return { fields: withLabel(node.fields, LABELS[written.level]), content: written.content, level: written.level }
  }
  const encoded = encode(node, { level, strict, stem: progress.stem })
  return { fields: withLabel(node.fields, encoded.label), content: [encoded.content], level: encoded.level }
}

function encode(node: Exclude<LeafNode, { type: 'message' }>, way: Way): Encoded {
  if (node.type === 'text') return encodeText(node.text, way)
  if (node.type === 'octets') return encodeOctets(node.octets, node.text, way)
  if (node.type === 'source') return encodeSource(node.source)
  return { label: LABELS[node.level], content: node.octets, level: node.level }
}

function renderMultipart(
  parts: readonly Part[],
  { typeOf, signed }: MultipartNode,
  { progress, strict }: { readonly progress: Progress; readonly strict: boolean },
): Rendered {
  progress.count++
  const boundary = `${progress.stem}_${String(progress.count).padStart(progress.digits, '0')}`
  const content: Piece[] = []
  let level: Level = 0
  for (const [index, part] of parts.entries()) {
    const one = renderPart(part, progress, strict || (signed && index === 0))
    content.push(`--${boundary}\r\n${one.fields.map((field) => `${field}\r\n`).join('')}\r\n`, ...one.content, '\r\n')
    if (one.level > level) level = one.level
  }
  content.push(`--${boundary}--`)
  const fields = [typeOf(boundary)]
  // RFC 2045 section 6.4: 7bit goes without saying.
  if (level > 0) fields.push(`Content-Transfer-Encoding: ${LABELS[level]}`)
  return { fields, content, level }
}

function withLabel([type, ...further]: readonly string[], label: string): string[] {
  return [type!, `Content-Transfer-Encoding: ${label}`, ...further]
}
