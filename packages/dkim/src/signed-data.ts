/** What a signature covers of the header: RFC 6376 section 3.7 and 5.4.2. */

import { concatBytes, decodeLatin1, encodeLatin1 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { type Canonicalization, canonicalizeField } from './canonical-field.ts'

const CRLF = Uint8Array.of(13, 10)

/**
 * Joins the canonical forms of the signed fields and of the signature's own field.
 *
 * @internal
 * @param fields The fields of the message, without that of the signature.
 * @param names What `h=` names.
 * @param own The field of the signature.
 */
export function signedHeader(
  fields: readonly RawField[],
  names: readonly string[],
  own: Uint8Array,
  canonicalization: Canonicalization,
): Uint8Array {
  const chosen = selectFields(fields, names)
  const parts = chosen.flatMap(({ bytes }) => [canonicalizeField(bytes, canonicalization), CRLF])
  return concatBytes([...parts, canonicalizeField(withoutValue(own), canonicalization)])
}

// RFC 6376 section 5.4.2: fields of one name are taken from the last to the first; one that is not there is nothing.
function selectFields(fields: readonly RawField[], names: readonly string[]): RawField[] {
  const waiting = new Map<string, RawField[]>()
  for (const field of fields) {
    const name = field.name.toLowerCase()
    const same = waiting.get(name)
    if (same) same.push(field)
    else waiting.set(name, [field])
  }
  return names.flatMap((name) => waiting.get(name.toLowerCase())?.pop() ?? [])
}

/**
 * Empties `b=`, as a signature covers its own field: RFC 6376 section 3.7.
 *
 * @internal
 */
export function withoutValue(field: Uint8Array): Uint8Array {
  const text = decodeLatin1(field)
  const start = text.indexOf(':') + 1
  const tags = text.slice(start).split(';')
  const emptied = tags.map((tag) => /^[ \t\r\n]*b[ \t\r\n]*=/.exec(tag)?.[0] ?? tag)
  return encodeLatin1(text.slice(0, start) + emptied.join(';'))
}
