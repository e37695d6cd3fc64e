/** What became of a recipient as the reply of a server, for those who decide by replies: RFC 3463 section 2, RFC 5321 section 4.2. */

import type { RecipientStatus } from './delivery-status.ts'
import type { DiagnosticReply } from './diagnostic.ts'

// Of each class the code that says no more than that.
const CODES = { 2: 250, 4: 451, 5: 554 } as const

/**
 * Gives what became of a recipient as a reply: that of the server, where the diagnostic has it, else one made of the status
 * and the text. A reply without an enhanced status code gets the status, where that is of its class and says something.
 *
 * @param recipient One of a {@link DeliveryStatus}.
 * @returns The reply; nothing where there is neither reply nor status.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3464#section-2.3.6 | RFC 3464 section 2.3.6}
 * @example
 * const status = { class: 5, subject: 1, detail: 1 } as const
 * recipientReply({ status, diagnostic: { type: 'x-postfix', text: 'unknown user' } })
 * // { code: 554, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['unknown user'] }
 */
export function recipientReply({
  diagnostic,
  status,
}: Pick<RecipientStatus, 'diagnostic' | 'status'>): DiagnosticReply | undefined {
  const reply = diagnostic?.reply
  if (!status) return reply
  if (!reply) return { code: CODES[status.class], enhanced: status, lines: [diagnostic?.text ?? ''] }
  const isTold = status.subject > 0 || status.detail > 0
  const isOfClass = Math.floor(reply.code / 100) === status.class
  return reply.enhanced || !isTold || !isOfClass ? reply : { ...reply, enhanced: status }
}
