/** The canonical forms of a header field: RFC 6376 section 3.4.1 and 3.4.2. The body's are in `canonical-body.ts`. */

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58

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
  const out = new Uint8Array(field.length)
  return out.subarray(0, writeField(out, 0, { field, canonicalization }))
}

/** @internal */
export interface FieldInForm {
  readonly field: Uint8Array
  readonly canonicalization: Canonicalization
}

/**
 * Writes the canonical form of a field, which is never longer than the field.
 *
 * @internal
 * @param at Where in `out` it begins.
 * @returns Where it ends.
 */
export function writeField(out: Uint8Array, at: number, { field, canonicalization }: FieldInForm): number {
  if (canonicalization === 'relaxed') return writeRelaxed(out, at, field)
  out.set(field, at)
  return at + field.length
}

function writeRelaxed(out: Uint8Array, start: number, field: Uint8Array): number {
  let at = start
  let index = 0
  for (; index < field.length && field[index] !== COLON; index++) {
    const octet = field[index]!
    if (!isBlank(octet)) out[at++] = octet >= 65 && octet <= 90 ? octet + 32 : octet
  }
  if (index < field.length) out[at++] = COLON
  const value = at
  let isHeld = false
  for (index++; index < field.length; index++) {
    const octet = field[index]!
    if (octet === SPACE || octet === TAB) isHeld = at > value
    else if (octet === CR && field[index + 1] === LF && isBlank(field[index + 2])) index++
    else {
      if (isHeld) out[at++] = SPACE
      isHeld = false
      out[at++] = octet
    }
  }
  return at
}

function isBlank(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB
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
