/** The boundary of a message: one stem, which stands in nothing that goes out unencoded. RFC 2046 section 5.1.1. */

import { clip, MailError, type RandomOctets } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { randomName } from '../header/message-id.ts'
import { hasText } from './encoding.ts'
import { nodeOf, type Part } from './part.ts'

const MAX_DRAWS = 8
// boundary = 0*69<bchars> bcharsnospace, without blanks, and with room for a number
const STEM = /^[0-9A-Za-z'()+_,./:=?-]{1,60}$/

/**
 * Draws what all boundaries of one message begin with. Quoted-printable and Base64 have no line that begins with "--", so
 * only what may stand as it is needs a look; octets that may be encoded are looked at when they are written.
 *
 * @internal
 */
export function drawBoundary(root: Part, random: RandomOctets): string {
  const plain = plainContents(root)
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const stem = `=_${randomName(random)}`
    if (!stands(stem, plain)) return stem
  }
  throw fault(`Cannot find a boundary in ${MAX_DRAWS} draws`)
}

/**
 * Checks a boundary that the caller gives.
 *
 * @internal
 */
export function checkBoundary(stem: string, root: Part): string {
  if (!STEM.test(stem)) throw fault(`Cannot take boundary "${clip(stem)}": it is no 60 characters of its alphabet`)
  if (stands(stem, plainContents(root))) throw fault(`Cannot take boundary "${clip(stem)}": it stands in the content`)
  return stem
}

function stands(stem: string, plain: readonly (string | Uint8Array)[]): boolean {
  return plain.some((content) => (typeof content === 'string' ? content.includes(stem) : hasText(content, stem)))
}

function plainContents(part: Part): (string | Uint8Array)[] {
  const node = nodeOf(part)
  if (node.type === 'text') return [node.text]
  if (node.type === 'opaque' || node.type === 'entity') return [node.octets]
  if (node.type === 'message') return [node.message.stem, ...plainContents(node.message.root)]
  return part.parts.flatMap(plainContents)
}

/**
 * Counts the multiparts of a tree.
 *
 * @internal
 */
export function countMultiparts(part: Part): number {
  if (part.parts.length === 0) return 0
  return part.parts.reduce((sum, one) => sum + countMultiparts(one), 1)
}

function fault(message: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_BOUNDARY', message, { spec: 'rfc2046#section-5.1.1' })
}
