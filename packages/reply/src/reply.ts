/**
 * The value of one SMTP reply, and its encoder: RFC 5321 section 4.2, with enhanced status codes by RFC 2034.
 * Replies are read by the incremental parser in `parser.ts`.
 */

import { clip, encodeUtf8, findControl, MailError } from '@posthorn/core'
import type { ReplyErrorCode } from './error.ts'
import { type EnhancedStatus, formatEnhancedStatus } from './status.ts'

/**
 * A deviation that was tolerated, because an option asked for it: a line that ends with LF alone, lines whose codes differ
 * (the last decides), a control in the text, text beyond US-ASCII, a first digit that is not 2 to 5, a second digit over
 * 5; or a line without text, which is well-formed and told where it was asked for.
 */
export type ReplyAnomaly =
  | 'bare-lf'
  | 'code-mismatch'
  | 'control'
  | 'eight-bit'
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

/**
 * Encodes a reply as it goes on the wire, the enhanced status code on each line.
 *
 * Lines are not folded: clients need not take more than 512 octets. Text that is not US-ASCII goes out as UTF-8, which
 * only a client that said SMTPUTF8 expects (RFC 6531 section 3.7.4.2).
 *
 * @param reply The reply; without lines it is sent as one line without text.
 * @returns The octets, each line ended by CRLF.
 * @throws {MailError} `REPLY_BAD_CODE` for a code outside 200 to 599 or an enhanced class that differs from it;
 * `REPLY_BAD_TEXT` for a control other than TAB in the text; `REPLY_BAD_STATUS` for an enhanced code out of range.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.2 | RFC 5321 section 4.2}
 * @example
 * const octets = encodeReply({ code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user', 'Sorry'] })
 * new TextDecoder().decode(octets) // '550-5.1.1 No such user\r\n550 5.1.1 Sorry\r\n'
 */
export function encodeReply(reply: Reply): Uint8Array<ArrayBuffer> {
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
  const lines = reply.lines.length > 0 ? reply.lines : ['']
  return encodeUtf8(lines.map((line, index) => formatLine(reply.code, index < lines.length - 1, status, line)).join(''))
}

// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
function formatLine(code: number, more: boolean, status: string, line: string): string {
  refuseControls(line)
  const text = status && line ? `${status} ${line}` : status || line
  // RFC 4954 section 4: continue-req = "334" SP [base64] CRLF, with the space also before nothing.
  const separator = more ? '-' : text || code === 334 ? ' ' : ''
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
