/**
 * The words that an Authentication-Results field is made of: RFC 8601 section 2.2, with the tokens of RFC 2045 section 5.1,
 * the strings and comments of RFC 5322 section 3.2, and the characters of RFC 6532 section 3.1.
 */

import { ATEXT, isDomain } from '@posthorn/core'

// Controls of C1, line separators and surrogates aside.
const UTF8 = '\\u00a0-\\u2027\\u202a-\\ud7ff\\ue000-\\u{10ffff}'
// token = 1*<any CHAR except SPACE, CTLs, and tspecials>
const TOKEN_CHARACTER = `!#$%&'*+.0-9A-Z^_\`a-z{|}~\\-${UTF8}`
const ATOM = `[${ATEXT}${UTF8}]+`

/** @internal */
export const TOKEN: RegExp = new RegExp(`[${TOKEN_CHARACTER}]+`, 'uy')
/** @internal */
export const WHOLE_TOKEN: RegExp = new RegExp(`^[${TOKEN_CHARACTER}]+$`, 'u')
// Keyword = Ldh-str                                          ; RFC 5321 section 4.1.2
/** @internal */
export const KEYWORD: RegExp = /[A-Za-z0-9-]*[A-Za-z0-9]/y
/** @internal */
export const WHOLE_KEYWORD: RegExp = /^[A-Za-z0-9-]*[A-Za-z0-9]$/
/** @internal */
export const DIGITS: RegExp = /\d+/y
// FWS, without its obsolete form
/** @internal */
export const BLANKS: RegExp = /(?:[ \t]|\r\n(?=[ \t]))+/y
/** @internal */
export const QUOTED_TEXT: RegExp = new RegExp(`(?:[\\t !#-\\[\\]-~${UTF8}]|\\r\\n(?=[ \\t]))+`, 'uy')
/** @internal */
export const COMMENT_TEXT: RegExp = new RegExp(`(?:[\\t !-'*-\\[\\]-~${UTF8}]|\\r\\n(?=[ \\t]))+`, 'uy')
/** @internal */
export const QUOTED_PAIR: RegExp = new RegExp(`\\\\[\\t -~${UTF8}]`, 'uy')
// pvalue = … / [ [ local-part ] "@" ] domain-name
/** @internal */
export const LOCAL_PART: RegExp = new RegExp(`(?:${ATOM}(?:\\.${ATOM})*)?@`, 'uy')

const LOCAL_QUOTED = new RegExp(`^"(?:[ !#-\\[\\]-~${UTF8}]|\\\\[ -~${UTF8}])*"@`, 'u')

/**
 * Tells whether a value is an address, or what stands behind its local part, that needs no quotes around it.
 *
 * @internal
 */
export function isAddress(text: string): boolean {
  LOCAL_PART.lastIndex = 0
  const local = LOCAL_PART.exec(text) ?? LOCAL_QUOTED.exec(text)
  return local !== null && isDomainName(text.slice(local[0].length))
}

/**
 * Tells whether text is a `domain-name` of RFC 6376 section 3.5, which has two labels at least.
 *
 * @internal
 */
export function isDomainName(text: string): boolean {
  return text.includes('.') && isDomain(text, { unicode: true })
}
