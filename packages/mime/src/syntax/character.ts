/** The characters of structured fields: RFC 5322 section 3.2.3 and 4.1, RFC 2045 section 5.1, RFC 6532 section 3.2. */

/** Which words a field is made of: the atoms of RFC 5322, or the tokens of RFC 2045, which dots are part of. */
export type Grammar = 'rfc5322' | 'rfc2045'

/**
 * Kinds of characters; UTF-8 beyond US-ASCII is as a letter.
 *
 * @internal
 */
export const LETTER = 0
/** @internal */
export const BLANK = 1
/** @internal */
export const SPECIAL = 2
/** @internal */
export const BREAK = 3
/** @internal */
export const CONTROL = 4

// specials = "(" / ")" / "<" / ">" / "[" / "]" / ":" / ";" / "@" / "\" / "," / "." / DQUOTE
const SPECIALS: Readonly<Record<Grammar, string>> = { rfc5322: '()<>[]:;@\\,."', rfc2045: '()<>@,;:\\"/[]?=' }
const tables: { [grammar in Grammar]?: Uint8Array } = {}

/**
 * The kinds of the characters of US-ASCII.
 *
 * @internal
 */
export function kindsOf(grammar: Grammar): Uint8Array {
  const made = tables[grammar]
  if (made) return made
  const kinds = new Uint8Array(128)
  kinds.fill(CONTROL, 0, 32)
  kinds[127] = CONTROL
  kinds[9] = kinds[32] = BLANK
  kinds[10] = kinds[13] = BREAK
  for (const character of SPECIALS[grammar]) kinds[character.charCodeAt(0)] = SPECIAL
  tables[grammar] = kinds
  return kinds
}

/**
 * Tells whether a code unit beyond US-ASCII is a control of C1, or ends a line for some.
 *
 * @internal
 */
export function isWideControl(unit: number): boolean {
  return unit < 0xa0 || unit === 0x2028 || unit === 0x2029
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/**
 * Puts a blank for each run of controls, so that text read from a field is safe to show and to write again.
 *
 * @internal
 */
export function blankControls(text: string): string {
  return text.replace(CONTROLS, ' ')
}

/**
 * Tells whether an octet is a blank, or of a line end.
 *
 * @internal
 */
export function isBlankOctet(octet: number): boolean {
  return octet === 13 || octet === 10 || octet === 32 || octet === 9
}
