/** The ANONYMOUS mechanism, RFC 4505: nobody in particular, with a trace of who it may be. */

import { decodeUtf8, encodeUtf8, findControl, isUtf8, MailError } from '@posthorn/core'
import type { AnonymousCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import { type ClientMechanism, FAILURE, type OfferedMechanism, oneStep } from './mechanism.ts'

// message = [ email / token ]                      ; RFC 4505 section 2: 255 characters, the token without "@"
const MAX_TRACE = 255
const TRACE = /^(?:[^@]*|[^@]+@[^@]+)$/su

function isTrace(trace: string): boolean {
  return [...trace].length <= MAX_TRACE && findControl(trace) < 0 && TRACE.test(trace)
}

/**
 * The client side of ANONYMOUS.
 *
 * @param credentials The trace; may be empty.
 * @returns One exchange.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when the trace is longer than 255 characters, has a control character, or an
 * `@` without being an address.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4505#section-2 | RFC 4505 section 2}
 * @example
 * new TextDecoder().decode(await anonymousClient({ anonymous: 'sirhc' }).start()) // 'sirhc'
 */
export function anonymousClient({ anonymous }: AnonymousCredentials): ClientMechanism {
  if (!isTrace(anonymous)) {
    throw new MailError<SaslErrorCode>('SASL_BAD_CREDENTIALS', 'Cannot use trace: it is too long or malformed', {
      spec: 'rfc4505#section-2',
    })
  }
  return {
    name: 'ANONYMOUS',
    complete: true,
    plaintext: false,
    start: async () => encodeUtf8(anonymous),
    next: async () => {
      throw new MailError<SaslErrorCode>('SASL_BAD_CHALLENGE', 'Cannot go on with ANONYMOUS: it has one step', {
        spec: 'rfc4505#section-2',
      })
    },
  }
}

/**
 * Offers ANONYMOUS: everybody is let in, as `anonymous`, and `trace` has what the client says of itself.
 *
 * @returns The mechanism, for a server.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4505#section-2 | RFC 4505 section 2}
 * @example
 * const exchange = anonymousServer().create()
 * await exchange.next(new TextEncoder().encode('sirhc'))
 * // { type: 'success', identity: { authenticationId: 'anonymous', trace: 'sirhc' } }
 */
export function anonymousServer(): OfferedMechanism {
  return {
    name: 'ANONYMOUS',
    plaintext: false,
    create: () =>
      oneStep(async (response) => {
        const trace = isUtf8(response) ? decodeUtf8(response) : undefined
        if (trace === undefined || !isTrace(trace)) return FAILURE
        return { type: 'success', identity: { authenticationId: 'anonymous', trace } }
      }),
  }
}
