/** A reply in plain words, from its enhanced status code where it has one, else from its basic code. */

import { ANSWERS, REPLY_CODES } from './code-registry.ts'
import { type Reply, type ReplyClass, replyClass } from './reply.ts'
import { STATUS_CODES } from './status-registry.ts'

const CLASSES: Readonly<Record<ReplyClass, string>> = {
  2: 'done',
  3: 'go on',
  4: 'not now; try again later',
  5: 'refused for good',
}

/** What {@link describeReply} knows beside the reply. */
export interface DescribeReplyOptions {
  /** The verb of the command that it answers, or `message` for what follows the final dot; default: not known. */
  readonly answers?: string
}

/**
 * Says what a reply means.
 *
 * @param reply The reply.
 * @param options What it answers, which tells more than a bare 250 does.
 * @returns A short phrase in lower case; for a 4xx or 5xx reply its class comes first.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3 | RFC 5321 section 4.2.3}
 * @example
 * describeReply({ code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user'] })
 * // 'refused for good: the mailbox does not exist'
 * describeReply({ code: 354, lines: ['Go ahead'] }) // 'the server waits for the message; a lone dot ends it'
 * describeReply({ code: 250, lines: ['OK'] }, { answers: 'RCPT' }) // 'the recipient is accepted'
 */
export function describeReply(reply: Reply, options: DescribeReplyOptions = {}): string {
  const kind = replyClass(reply)
  const { enhanced } = reply
  const special = enhanced && (enhanced.subject > 0 || enhanced.detail > 0)
  const status = special ? STATUS_CODES[`${enhanced.subject}.${enhanced.detail}`] : undefined
  const code = ANSWERS[`${options.answers} ${reply.code}`] ?? REPLY_CODES[reply.code]
  if (kind < 4) return code ?? CLASSES[kind]
  const meaning = status ?? code
  return meaning ? `${CLASSES[kind]}: ${meaning}` : CLASSES[kind]
}
