/** Replies for what is decided here, before or without one of a server: RFC 3463, RFC 7505 section 4, RFC 8689 section 5. */

import { type EnhancedStatus, parseEnhancedStatus, type Reply } from '@posthorn/reply'

/**
 * Makes a reply.
 *
 * @internal
 * @param status The enhanced status code, as `5.1.2`; its class decides the basic code where none is given.
 */
export function madeReply(status: string, text: string, code?: number): Reply {
  const enhanced: EnhancedStatus = parseEnhancedStatus(status)
  return { code: code ?? (enhanced.class === 5 ? 550 : 451), enhanced, lines: [text] }
}

/** What was said of a recipient, and by whom. */
export interface Told {
  /** The reply. */
  readonly reply: Reply
  /** The host that gave it; absent when it was made here. */
  readonly host?: string
  /** Whether to try again later helps nothing. */
  readonly isLasting: boolean
}

/**
 * Tells what is decided here; the class of the status says whether it lasts.
 *
 * @internal
 */
export function made(status: string, text: string, code?: number): Told {
  return { reply: madeReply(status, text, code), isLasting: status.startsWith('5') }
}

/**
 * Tells of mail that would go in a circle: RFC 5321 section 5.1.
 *
 * @internal
 */
export function loop(): Told {
  return made('5.4.6', 'The mail would come back to this host', 554)
}
