/** The status of one recipient: RFC 3464 section 2.3.4, RFC 3463 section 2. */

import { withoutComments } from '../syntax/comment.ts'
import { badValue, type Doubt } from './typed-value.ts'

/** An enhanced status code, of the shape that `@posthorn/reply` has it in. */
export interface StatusCode {
  /** 2 done, 4 failed for now, 5 failed for good. */
  readonly class: 2 | 4 | 5
  /** What the status is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy. */
  readonly subject: number
  /** The case in point, 0 to 999. */
  readonly detail: number
}

const LEADING = /^([245])\.(\d{1,3})\.(\d{1,3})(?!\d)/
// status-code = DIGIT "." 1*3DIGIT "." 1*3DIGIT         ; without leading zeros
const STATUS = /^[245]\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2})$/

/**
 * Reads the code that a text begins with.
 *
 * @internal
 */
export function leadingStatus(text: string): { readonly status: StatusCode; readonly length: number } | undefined {
  const match = LEADING.exec(text)
  if (!match) return undefined
  const [written, kind, subject, detail] = match
  return {
    status: { class: Number(kind) as 2 | 4 | 5, subject: Number(subject), detail: Number(detail) },
    length: written.length,
  }
}

/** @internal */
export function readStatusCode(text: string, doubt: Doubt): StatusCode | undefined {
  const written = withoutComments(text)
  const found = leadingStatus(written)
  if (!found) {
    doubt('bad-status')
    return undefined
  }
  if (found.length < written.length) doubt('trailing-text', written.slice(found.length).trim())
  if (!STATUS.test(written.slice(0, found.length))) doubt('bad-status')
  return found.status
}

/** @internal */
export function formatStatusCode({ class: kind, subject, detail }: StatusCode): string {
  const text = `${kind}.${subject}.${detail}`
  if (!STATUS.test(text)) throw badValue(text, 'it is no status code', 'rfc3464#section-2.3.4')
  return text
}
