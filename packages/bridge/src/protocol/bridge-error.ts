/** The errors of a bridge as a client meets them, and what to do about each. */

import { clip, MailError } from '@posthorn/core'
import { type BridgeEnd, type BridgeErrorCode, type BridgeRetry, CLOSE_CODES } from './close-code.ts'

/** What to do about an error. */
export interface BridgeAdvice {
  /** Whether the same can succeed: not at all, with a new ticket, after a while, or at once. */
  readonly retry: BridgeRetry
  /** What happened, and what to do next, for people. */
  readonly text: string
}

const LOCAL_ENDS: readonly BridgeEnd[] = [
  { code: 'BRIDGE_ABORTED', retry: 'never', text: 'the caller gave up' },
  { code: 'BRIDGE_BAD_OPTION', retry: 'never', text: 'an option is malformed' },
  { code: 'BRIDGE_BAD_TICKET', retry: 'never', text: 'the claims of the ticket are malformed' },
  { code: 'BRIDGE_CLOSED', retry: 'now', text: 'the connection is closed; connect again' },
  { code: 'BRIDGE_OUT_OF_TURN', retry: 'never', text: 'the connection does not allow it now' },
  {
    code: 'BRIDGE_UNREACHABLE',
    retry: 'later',
    text: 'the bridge does not answer, or refuses the upgrade; check its address, its list of origins, and the ticket',
  },
]

/**
 * Says what to do about an error of a bridge.
 *
 * @param code The code of the error.
 * @returns Whether to try again, and words for people.
 * @example
 * adviseBridgeError('BRIDGE_TICKET').retry // 'with-new-ticket'
 */
export function adviseBridgeError(code: BridgeErrorCode): BridgeAdvice {
  const ends = [...LOCAL_ENDS, ...Object.values(CLOSE_CODES)]
  const { retry, text } = ends.find((end) => end.code === code)!
  return { retry, text }
}

/**
 * Gives the error that a close frame stands for.
 *
 * @internal
 * @param code The close code.
 * @param reason What the bridge says beside it.
 */
export function errorForClose(code: number, reason = ''): MailError<BridgeErrorCode> {
  const end = CLOSE_CODES[code] ?? CLOSE_CODES[1006]!
  const more = reason === '' ? '' : ` (${clip(reason)})`
  return new MailError(end.code, `Cannot use bridge: ${end.text}${more}`)
}

/**
 * Makes an error of this end.
 *
 * @internal
 */
export function bridgeFault(code: BridgeErrorCode, why: string, cause?: unknown): MailError<BridgeErrorCode> {
  return new MailError(code, `Cannot use bridge: ${why}`, { cause })
}
