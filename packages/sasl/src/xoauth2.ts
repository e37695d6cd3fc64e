/** The XOAUTH2 mechanism, which large providers had before OAUTHBEARER: an OAuth 2.0 bearer token, so over TLS only. */

import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import type { TokenCredentials } from './credentials.ts'
import type { ClientMechanism, OfferedMechanism } from './mechanism.ts'
import { prepareOpaqueString, prepareReceived } from './prepare.ts'
import { readToken, type TokenClaim, type TokenServerOptions, tokenClient, tokenExchange } from './token.ts'

/**
 * The client side of XOAUTH2.
 *
 * @param credentials Whose token, and the token or what gives it.
 * @returns One exchange; when the server refuses, `refusal` tells why, and `renew` gives one more where the token has a
 * source.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when the user name is empty or has a control character; its `start` rejects so
 * for such a token.
 * @see {@link https://developers.google.com/workspace/gmail/imap/xoauth2-protocol | The XOAUTH2 protocol}
 * @example
 * const xoauth2 = xoauth2Client({ username: 'user@example.com', token: 'vF9dft4qmT' })
 * new TextDecoder().decode(await xoauth2.start()) // 'user=user@example.com\u0001auth=Bearer vF9dft4qmT\u0001\u0001'
 */
export function xoauth2Client(credentials: TokenCredentials): ClientMechanism {
  const username = decodeUtf8(prepareOpaqueString(credentials.username))
  return tokenClient(credentials, {
    name: 'XOAUTH2',
    format: (token) => encodeUtf8(`user=${username}\u0001auth=Bearer ${token}\u0001\u0001`),
    dummy: new Uint8Array(0),
  })
}

/**
 * Offers XOAUTH2.
 *
 * @param options How to check tokens.
 * @returns The mechanism, for a server.
 * @see {@link https://developers.google.com/workspace/gmail/imap/xoauth2-protocol | The XOAUTH2 protocol}
 * @example
 * const exchange = xoauth2Server({ check: ({ token }) => token === 'good' }).create()
 * const first = 'user=user@example.com\u0001auth=Bearer good\u0001\u0001'
 * await exchange.next(new TextEncoder().encode(first))
 * // { type: 'success', identity: { authenticationId: 'user@example.com' } }
 */
export function xoauth2Server(options: TokenServerOptions): OfferedMechanism {
  return { name: 'XOAUTH2', plaintext: true, create: () => tokenExchange(parseClaim, options) }
}

const MESSAGE = /^user=([^\u0001]+)\u0001auth=([^\u0001]*)\u0001\u0001$/i

function parseClaim(message: string): TokenClaim | undefined {
  const [, name = '', credentials] = MESSAGE.exec(message) ?? []
  const username = prepareReceived(name)
  return username ? { username, token: readToken(credentials) } : undefined
}
