/** Enhanced status codes, the `5.1.1` of `550 5.1.1 No such user`: RFC 3463 section 2, in replies by RFC 2034. */

import { clip, MailError } from '@posthorn/core'
import type { ReplyErrorCode } from './error.ts'

/** An enhanced status code. */
export interface EnhancedStatus {
  /** 2 done, 4 failed for now, 5 failed for good. */
  readonly class: 2 | 4 | 5
  /** What the status is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy. */
  readonly subject: number
  /** The case in point, 0 to 999. */
  readonly detail: number
}

// status-code = class "." subject "." detail        ; RFC 3463 section 2, no leading zeros
const STATUS_CODE = /^([245])\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/

/**
 * Parses one enhanced status code.
 *
 * @param text The code alone, without surrounding white space.
 * @returns Its three parts.
 * @throws {MailError} `REPLY_BAD_STATUS` when `text` is not a `status-code`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3463#section-2 | RFC 3463 section 2}
 * @example
 * parseEnhancedStatus('5.1.1') // { class: 5, subject: 1, detail: 1 }
 * parseEnhancedStatus('5.01.1') // throws REPLY_BAD_STATUS
 */
export function parseEnhancedStatus(text: string): EnhancedStatus {
  const match = STATUS_CODE.exec(text)
  if (!match) {
    throw new MailError<ReplyErrorCode>('REPLY_BAD_STATUS', `Cannot parse status code "${clip(text)}"`, {
      spec: 'rfc3463#section-2',
    })
  }
  return { class: Number(match[1]) as 2 | 4 | 5, subject: Number(match[2]), detail: Number(match[3]) }
}

/**
 * Formats an enhanced status code; the inverse of {@link parseEnhancedStatus}.
 *
 * @param status The three parts.
 * @returns The dotted form.
 * @throws {MailError} `REPLY_BAD_STATUS` when a part is out of its range.
 * @example
 * formatEnhancedStatus({ class: 4, subject: 7, detail: 0 }) // '4.7.0'
 */
export function formatEnhancedStatus(status: EnhancedStatus): string {
  const text = `${status.class}.${status.subject}.${status.detail}`
  parseEnhancedStatus(text)
  return text
}
