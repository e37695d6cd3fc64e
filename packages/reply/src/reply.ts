/**
 * The value of one SMTP reply, and its encoder: RFC 5321 section 4.2, with enhanced status codes by RFC 2034.
 * Replies are read by the incremental parser in `parser.ts`.
 */

import { clip, encodeUtf8, findControl, MailError } from '@posthorn/core'
import type { ReplyErrorCode } from './error.ts'
import { foldText } from './fold.ts'
import { type EnhancedStatus, formatEnhancedStatus } from './status.ts'

/**
 * A deviation that was tolerated, because an option asked for it: a line that ends with LF alone, an empty line before or
 * in the reply, lines whose codes differ (the last decides), a control in the text, text beyond US-ASCII, more than one CR
 * before LF, a line within the reply that has no code, text that stands right behind the code, a first digit that is not
 * 2 to 5, a second digit over 5; or a line without text, which is well-formed and told where it was asked for.
 */
export type ReplyAnomaly =
  | 'bare-lf'
  | 'blank-line'
  | 'code-mismatch'
  | 'control'
  | 'eight-bit'
  | 'extra-cr'
  | 'missing-code'
  | 'missing-separator'
  | 'missing-text'
  | 'unknown-class'
  | 'unknown-code'

/** One reply of a server. */
export interface Reply {
  /** The three-digit code, 200 to 599; any, where `unknown-class` was tolerated. */
  readonly code: number
  /** The text of each line, without code, separator and enhanced status code. */
  readonly lines: readonly string[]
  /** The enhanced status code, when the first line has one whose class is the first digit of `code`. */
  readonly enhanced?: EnhancedStatus
  /** What was tolerated; absent when nothing was. */
  readonly anomalies?: readonly ReplyAnomaly[]
}

/** What the first digit of a reply says: 2 done, 3 go on, 4 failed for now, 5 failed for good. */
export type ReplyClass = 2 | 3 | 4 | 5

/**
 * Gives the class of a reply, which alone decides what a client does next.
 *
 * @param reply The reply; one whose first digit is not 2 to 5 is a failure for good.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 | RFC 5321 section 4.2.1}
 * @example
 * replyClass({ code: 251, lines: ['User not local; will forward'] }) // 2
 */
export function replyClass(reply: Reply): ReplyClass {
  const digit = Math.floor(reply.code / 100)
  return digit >= 2 && digit <= 5 ? (digit as ReplyClass) : 5
}

/** How {@link encodeReply} writes. */
export interface EncodeReplyOptions {
  /**
   * Whether a line over 512 octets becomes several, cut at a space where there is one; default no, so that it is refused,
   * because what a line of a reply says can depend on its being one, as in the reply to EHLO.
   */
  readonly fold?: boolean
}

// RFC 5321 section 4.5.3.1.5: with the code and CRLF. RFC 4954 section 4 lets a challenge be longer.
const MAX_LINE = 512
const CHALLENGE = 334

/**
 * Encodes a reply as it goes on the wire, the enhanced status code on each line.
 *
 * Text that is not US-ASCII goes out as UTF-8, which only a client that said SMTPUTF8 expects (RFC 6531 section 3.7.4.2).
 *
 * @param reply The reply; without lines it is sent as one line without text. Its anomalies are not repeated.
 * @param options Whether to fold.
 * @returns The octets, each line ended by CRLF.
 * @throws {MailError} `REPLY_BAD_CODE` for a code outside 200 to 599 or an enhanced class that differs from it;
 * `REPLY_BAD_TEXT` for a control other than TAB in the text; `REPLY_LINE_TOO_LONG` for a line over 512 octets that is
 * neither folded nor a challenge of AUTH; `REPLY_BAD_STATUS` for an enhanced code out of range.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.2 | RFC 5321 section 4.2}
 * @example
 * const octets = encodeReply({ code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user', 'Sorry'] })
 * new TextDecoder().decode(octets) // '550-5.1.1 No such user\r\n550 5.1.1 Sorry\r\n'
 * encodeReply({ code: 250, lines: ['a '.repeat(300)] }, { fold: true }).length // 611
 */
export function encodeReply(reply: Reply, options: EncodeReplyOptions = {}): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(reply.code) || reply.code < 200 || reply.code > 599) {
    throw new MailError<ReplyErrorCode>('REPLY_BAD_CODE', `Cannot encode reply code ${reply.code}`, {
      spec: 'rfc5321#section-4.2',
    })
  }
  // RFC 2034 section 4: the class must agree with the first digit of the code.
  if (reply.enhanced && reply.enhanced.class !== replyClass(reply)) {
    throw new MailError<ReplyErrorCode>('REPLY_BAD_CODE', 'Cannot encode a status code of another class', {
      spec: 'rfc2034#section-4',
    })
  }
  const status = reply.enhanced ? formatEnhancedStatus(reply.enhanced) : ''
  for (const line of reply.lines) refuseControls(line)
  const lines = fitLines(reply, status, options)
  return encodeUtf8(lines.map((line, index) => formatLine(reply.code, index < lines.length - 1, status, line)).join(''))
}

function fitLines({ code, lines }: Reply, status: string, { fold = false }: EncodeReplyOptions): readonly string[] {
  if (lines.length === 0) return ['']
  const room = MAX_LINE - '250 '.length - (status === '' ? 0 : status.length + 1) - '\r\n'.length
  if (code === CHALLENGE || lines.every((line) => fits(line, room))) return lines
  if (fold) return lines.flatMap((line) => foldText(line, room))
  const long = lines.find((line) => !fits(line, room))!
  throw new MailError<ReplyErrorCode>(
    'REPLY_LINE_TOO_LONG',
    `Cannot encode reply text "${clip(long)}": it is too long`,
    {
      spec: 'rfc5321#section-4.5.3.1.5',
    },
  )
}

// No character has more than three octets for each unit of UTF-16.
function fits(line: string, room: number): boolean {
  return line.length * 3 <= room || encodeUtf8(line).length <= room
}

// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
function formatLine(code: number, more: boolean, status: string, line: string): string {
  const text = status && line ? `${status} ${line}` : status || line
  // RFC 4954 section 4: continue-req = "334" SP [base64] CRLF, with the space also before nothing.
  const separator = more ? '-' : text || code === CHALLENGE ? ' ' : ''
  return `${code}${separator}${text}\r\n`
}

function refuseControls(line: string): void {
  const offset = findControl(line.replaceAll('\t', ' '))
  if (offset < 0) return
  throw new MailError<ReplyErrorCode>('REPLY_BAD_TEXT', `Cannot encode reply text "${clip(line)}": it has a control`, {
    spec: 'rfc5321#section-4.2',
    offset,
  })
}

/**
 * Formats a reply as one line of text for people.
 *
 * @param reply The reply.
 * @returns Code, enhanced status code and text; the lines are joined by spaces.
 * @example
 * formatReplyText({ code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such', 'user'] })
 * // '550 5.1.1 No such user'
 */
export function formatReplyText(reply: Reply): string {
  const status = reply.enhanced ? [formatEnhancedStatus(reply.enhanced)] : []
  return [reply.code, ...status, ...reply.lines].join(' ').trimEnd()
}
