/** What can be wrong with quoted-printable (RFC 2045 section 6.7), and which of it the grammar allows. */

import { MailError } from './error.ts'

/**
 * What is wrong with a body in quoted-printable.
 *
 * - `QP_BAD_ESCAPE`: "=" that neither two digits nor a line end follows; it stands for itself.
 * - `QP_LOWER_CASE`: an escape with a digit in lower case; it is taken.
 * - `QP_RAW_OCTET`: an octet that should have been escaped; it is kept.
 * - `QP_TRAILING_BLANK`: blanks before a line end; they are dropped.
 * - `QP_PADDED_SOFT_BREAK`: blanks between "=" and the line end; they are dropped, and it is a soft break.
 * - `QP_CUT_SOFT_BREAK`: "=" ends the body; it is dropped.
 * - `QP_BARE_LF`: LF without CR ends a line; it is kept, but for a soft break.
 * - `QP_BARE_CR`: CR without LF; it is kept, and ends no line.
 * - `QP_LINE_OVER_76`, `QP_LINE_OVER_998`: a line of more octets than the encoding, or than mail, allows.
 */
export type QuotedPrintableAnomaly =
  | 'QP_BAD_ESCAPE'
  | 'QP_LOWER_CASE'
  | 'QP_RAW_OCTET'
  | 'QP_TRAILING_BLANK'
  | 'QP_PADDED_SOFT_BREAK'
  | 'QP_CUT_SOFT_BREAK'
  | 'QP_BARE_LF'
  | 'QP_BARE_CR'
  | 'QP_LINE_OVER_76'
  | 'QP_LINE_OVER_998'

/**
 * What widespread receivers read in different ways.
 *
 * @internal
 */
export const AMBIGUOUS: ReadonlySet<QuotedPrintableAnomaly> = /* @__PURE__ */ new Set<QuotedPrintableAnomaly>([
  'QP_BAD_ESCAPE',
  'QP_TRAILING_BLANK',
  'QP_PADDED_SOFT_BREAK',
  'QP_CUT_SOFT_BREAK',
])
const WHY: Readonly<Record<QuotedPrintableAnomaly, string>> = {
  QP_BAD_ESCAPE: '"=" is not escaped',
  QP_LOWER_CASE: 'an escape is in lower case',
  QP_RAW_OCTET: 'an octet is not escaped',
  QP_TRAILING_BLANK: 'a blank ends a line',
  QP_PADDED_SOFT_BREAK: 'blanks follow a soft break',
  QP_CUT_SOFT_BREAK: 'it ends within a soft break',
  QP_BARE_LF: 'a line ends with a bare LF',
  QP_BARE_CR: 'a CR is not escaped',
  QP_LINE_OVER_76: 'a line is too long',
  QP_LINE_OVER_998: 'a line is too long',
}

/**
 * Refuses what the grammar does not have.
 *
 * @internal
 * @throws {MailError} `code` itself.
 */
export function throwIfUngrammatical(code: QuotedPrintableAnomaly, offset: number): void {
  // qp-line := *(qp-segment transport-padding CRLF) qp-part transport-padding
  if (code === 'QP_TRAILING_BLANK' || code === 'QP_PADDED_SOFT_BREAK') return
  throw new MailError(code, `Cannot decode quoted-printable: ${WHY[code]}`, { spec: 'rfc2045#section-6.7', offset })
}
