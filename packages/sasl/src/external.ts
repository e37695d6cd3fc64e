/** The EXTERNAL mechanism, RFC 4422 appendix A: the server knows the client already, as by its TLS certificate. */

import { decodeUtf8, isUtf8, MailError } from '@posthorn/core'
import type { ExternalCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import { type ClientMechanism, FAILURE, type OfferedMechanism, oneStep, type SaslIdentity } from './mechanism.ts'
import { prepareOpaqueString, prepareReceived } from './prepare.ts'

/**
 * The client side of EXTERNAL.
 *
 * @param credentials On whose behalf to act.
 * @returns One exchange.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when the authorization identity has a control character.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4422#appendix-A | RFC 4422 appendix A}
 * @example
 * await externalClient({ external: true }).start() // new Uint8Array(0)
 */
export function externalClient(credentials: ExternalCredentials): ClientMechanism {
  const { authorizationId } = credentials
  const message = authorizationId ? prepareOpaqueString(authorizationId) : new Uint8Array(0)
  return {
    name: 'EXTERNAL',
    complete: true,
    plaintext: false,
    start: async () => message,
    next: async () => {
      throw new MailError<SaslErrorCode>('SASL_BAD_CHALLENGE', 'Cannot go on with EXTERNAL: it has one step', {
        spec: 'rfc4422#appendix-A',
      })
    },
  }
}

/**
 * Tells who the client is, and whether it may act for `authorizationId` (`undefined`: for itself); `undefined` refuses.
 *
 * @param authorizationId On whose behalf the client wants to act.
 */
export type Identify = (
  authorizationId: string | undefined,
) => Promise<SaslIdentity | undefined> | SaslIdentity | undefined

/**
 * Offers EXTERNAL.
 *
 * @param identify Tells who the client is.
 * @returns The mechanism, for a server.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4422#appendix-A | RFC 4422 appendix A}
 * @example
 * const exchange = externalServer(() => ({ authenticationId: 'mx.example' })).create()
 * await exchange.next(new Uint8Array(0)) // { type: 'success', identity: { authenticationId: 'mx.example' } }
 */
export function externalServer(identify: Identify): OfferedMechanism {
  return {
    name: 'EXTERNAL',
    plaintext: false,
    create: () =>
      oneStep(async (response) => {
        const asked = response.length > 0 && isUtf8(response) ? prepareReceived(decodeUtf8(response)) : undefined
        if (response.length > 0 && asked === undefined) return FAILURE
        const identity = await identify(asked)
        return identity ? { type: 'success', identity } : FAILURE
      }),
  }
}
