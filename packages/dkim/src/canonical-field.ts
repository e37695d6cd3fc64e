/** The canonical forms of a header field: RFC 6376 section 3.4.1 and 3.4.2. The body's are in `canonical-body.ts`. */

import { decodeLatin1, encodeLatin1 } from '@posthorn/core'

/** What a signature survives: `simple` no change at all; `relaxed` another folding, spacing and case of names. */
export type Canonicalization = 'simple' | 'relaxed'

/**
 * Brings a header field to its canonical form.
 *
 * @param field The whole field as it stands in the message, without the CRLF that ends it.
 * @param canonicalization Which form.
 * @returns The octets, without a final CRLF; for `simple` those given.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.4.2 | RFC 6376 section 3.4.2}
 * @example
 * const field = new TextEncoder().encode('SubJect : a\t\r\n\tb  ')
 * new TextDecoder().decode(canonicalizeField(field, 'relaxed')) // 'subject:a b'
 */
export function canonicalizeField(field: Uint8Array, canonicalization: Canonicalization): Uint8Array {
  if (canonicalization === 'simple') return field
  const text = decodeLatin1(field)
  const colon = text.indexOf(':')
  const name = text.slice(0, colon).replace(/[ \t]+/g, '')
  const value = text
    .slice(colon + 1)
    .replace(/\r\n(?=[ \t])/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
  return encodeLatin1(`${name.toLowerCase()}:${value}`)
}

const FORMS = /^(simple|relaxed)\/(simple|relaxed)$/

/**
 * Gives the forms of the header and of the body that `c=` names, if both are known.
 *
 * @internal
 */
export function formsOf(canonicalization: string): readonly [Canonicalization, Canonicalization] | undefined {
  const [, header, body] = FORMS.exec(canonicalization) ?? []
  return header && body ? [header as Canonicalization, body as Canonicalization] : undefined
}
