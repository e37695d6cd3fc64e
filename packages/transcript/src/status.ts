/** Enhanced status codes in logs, where anything may stand: RFC 3463. */

import type { EnhancedStatus } from '@posthorn/reply'

// status-code = class "." subject "." detail        ; RFC 3463 section 2, no leading zeros
const STATUS = /^([245])\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/

/** Reads an enhanced status code; nothing where it is none. */
export function readStatus(text: string | undefined): EnhancedStatus | undefined {
  const [, digit, subject, detail] = STATUS.exec(text ?? '') ?? []
  if (digit === undefined) return undefined
  return { class: Number(digit) as EnhancedStatus['class'], subject: Number(subject), detail: Number(detail) }
}
