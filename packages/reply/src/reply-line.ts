/** What stands where in one line of a reply, read from octets or from text of one character an octet. */

import { clip, decodeUtf8, encodeLatin1, MailError } from '@posthorn/core'
import type { ReplyErrorCode } from './error.ts'

const SPACE = 32
const DOT = 46
const ZERO = 48
const TWO = 50
const FOUR = 52
const FIVE = 53
const NINE = 57

// textstring = 1*(%d09 / %d32-126)                ; UTF-8 too, after SMTPUTF8 (RFC 6531 section 3.7.4.2)
const NOT_TEXTSTRING = /[^\t -~]/
const CONTROL = /[\0-\x08\n-\x1f\x7f]/
const EIGHT_BIT = /[\x80-\xff]/
const CONTROLS = /[\0-\x08\n-\x1f\x7f-\u009f\u2028\u2029]/g

/**
 * Tells whether octets are textstring and line endings alone, each CR with its LF.
 *
 * @internal
 */
export function isClean(bytes: Uint8Array): boolean {
  const { length } = bytes
  for (let at = 0; at < length; at++) {
    const octet = bytes[at]!
    // Digits, since names would be looked up for each octet; what is below 32 wraps around.
    if ((octet - 32) >>> 0 <= 94) continue
    if (octet === 13 ? bytes[at + 1] !== 10 : octet !== 10 && octet !== 9) return false
  }
  return true
}

/**
 * Reads the three digits at an offset; -1 when they are not there.
 *
 * @internal
 */
export function codeAt(text: string, at: number): number {
  const first = text.charCodeAt(at) - ZERO
  const second = text.charCodeAt(at + 1) - ZERO
  const third = text.charCodeAt(at + 2) - ZERO
  // What is no digit, or is not there (NaN), fails one of these.
  if (!(first >= 0 && first <= 9 && second >= 0 && second <= 9 && third >= 0 && third <= 9)) return -1
  return first * 100 + second * 10 + third
}

/**
 * Whether the character at an offset is a digit.
 *
 * @internal
 */
export function isDigitAt(text: string, at: number): boolean {
  const character = text.charCodeAt(at)
  return character >= ZERO && character <= NINE
}

/**
 * Reads the enhanced status code at an offset, four characters behind the code, as `subject * 1000 + detail`; -1 when
 * there is none of the class of the code.
 *
 * @internal
 */
export function statusAt(text: string, start: number, end: number): number {
  if (text.charCodeAt(start + 1) !== DOT) return -1
  // RFC 2034 section 4: text = status-code SP text; another class than the reply's is plain text.
  const kind = text.charCodeAt(start)
  if (kind !== text.charCodeAt(start - 4) || (kind !== TWO && kind !== FOUR && kind !== FIVE)) return -1
  const dot = digitsEnd(text, start + 2)
  if (dot === start + 2 || text.charCodeAt(dot) !== DOT) return -1
  const last = digitsEnd(text, dot + 1)
  if (last === dot + 1 || last > end || (last < end && text.charCodeAt(last) !== SPACE)) return -1
  return numberIn(text, start + 2, dot) * 1000 + numberIn(text, dot + 1, last)
}

/**
 * How many characters an enhanced status code has, from what {@link statusAt} gives.
 *
 * @internal
 */
export function statusLength(status: number): number {
  return 3 + digitCount(Math.floor(status / 1000)) + digitCount(status % 1000)
}

function digitCount(number: number): number {
  return number < 10 ? 1 : number < 100 ? 2 : 3
}

// Where one to three digits without a leading zero end; the start when there are none.
function digitsEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === ZERO) return start + 1
  let at = start
  while (at < start + 3 && isDigitAt(text, at)) at++
  return at
}

function numberIn(text: string, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) number = number * 10 + text.charCodeAt(at) - ZERO
  return number
}

/**
 * Says what the text of a line has that a textstring has not.
 *
 * @internal
 */
export function faultsOf(text: string): readonly ('control' | 'eight-bit')[] {
  if (!NOT_TEXTSTRING.test(text)) return []
  const control = CONTROL.test(text) ? (['control'] as const) : []
  return EIGHT_BIT.test(text) ? [...control, 'eight-bit'] : control
}

/**
 * Gives text of one character an octet as a reader may have it.
 *
 * @internal
 */
export function readable(text: string): string {
  const decoded = EIGHT_BIT.test(text) ? decodeUtf8(encodeLatin1(text)) : text
  // HAZARD: controls and line separators steer a terminal or cut a line of a log; they become U+FFFD.
  return decoded.replace(CONTROLS, '\ufffd')
}

/**
 * An error that ends the reading.
 *
 * @internal
 */
export function fault(code: ReplyErrorCode, problem: string, line?: string): MailError<ReplyErrorCode> {
  const what = line === undefined ? 'reply' : `reply line "${clip(line)}"`
  return new MailError(code, `Cannot read ${what}${problem && `: ${problem}`}`, { spec: 'rfc5321#section-4.2' })
}
