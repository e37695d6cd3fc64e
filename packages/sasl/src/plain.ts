/** The PLAIN mechanism, RFC 4616: the password itself, so over TLS only. */

import { concatBytes, decodeUtf8, isUtf8, MailError } from '@posthorn/core'
import type { PasswordCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import {
  type ClientMechanism,
  FAILURE,
  type OfferedMechanism,
  oneStep,
  type ServerMechanism,
  type ServerStep,
} from './mechanism.ts'
import { prepareOpaqueString, prepareReceived } from './prepare.ts'

const NUL = Uint8Array.of(0)

/**
 * The client side of PLAIN.
 *
 * @param credentials What to prove.
 * @returns One exchange.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4616#section-2 | RFC 4616 section 2}
 * @example
 * const plain = plainClient({ username: 'tim', password: 'tanstaaftanstaaf' })
 * new TextDecoder().decode(await plain.start()) // '\0tim\0tanstaaftanstaaf'
 */
export function plainClient(credentials: PasswordCredentials): ClientMechanism {
  const { username, password, authorizationId } = credentials
  const authorization = authorizationId ? prepareOpaqueString(authorizationId) : new Uint8Array(0)
  // message = [authzid] UTF8NUL authcid UTF8NUL passwd
  const message = concatBytes([authorization, NUL, prepareOpaqueString(username), NUL, prepareOpaqueString(password)])
  return {
    name: 'PLAIN',
    complete: true,
    plaintext: true,
    start: async () => message,
    next: async () => {
      throw new MailError<SaslErrorCode>('SASL_BAD_CHALLENGE', 'Cannot go on with PLAIN: it has one step', {
        spec: 'rfc4616#section-2',
      })
    },
  }
}

/** Tells whether a password is the user's, both prepared as OpaqueString; takes as long for a user that does not exist. */
export type CheckPassword = (credentials: PasswordCredentials) => Promise<boolean> | boolean

/**
 * Offers PLAIN.
 *
 * @param check Tells whether the credentials are good.
 * @returns The mechanism, for a server.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4616#section-2 | RFC 4616 section 2}
 * @example
 * const exchange = plainServer(({ username, password }) => username === 'tim' && password === 'pw').create()
 * await exchange.next(new TextEncoder().encode('\0tim\0pw')) // { type: 'success', identity: { authenticationId: 'tim' } }
 */
export function plainServer(check: CheckPassword): OfferedMechanism {
  return { name: 'PLAIN', plaintext: true, create: () => plainExchange(check) }
}

function plainExchange(check: CheckPassword): ServerMechanism {
  return oneStep(async (response): Promise<ServerStep> => {
    const [onBehalf, user = '', secret = '', ...more] = isUtf8(response) ? decodeUtf8(response).split('\0') : []
    const [username, password] = [prepareReceived(user), prepareReceived(secret)]
    const authorizationId = onBehalf ? prepareReceived(onBehalf) : undefined
    if (!username || !password || more.length > 0 || (onBehalf && !authorizationId)) return FAILURE
    const behalf = authorizationId ? { authorizationId } : {}
    if (!(await check({ username, password, ...behalf }))) return FAILURE
    return { type: 'success', identity: { authenticationId: username, ...behalf } }
  })
}
