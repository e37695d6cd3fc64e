/** The OAUTHBEARER mechanism, RFC 7628: an OAuth 2.0 bearer token, so over TLS only. */

import { encodeUtf8 } from '@posthorn/core'
import type { TokenCredentials } from './credentials.ts'
import type { ClientMechanism, OfferedMechanism } from './mechanism.ts'
import { escapeName, readName } from './saslname.ts'
import { type TokenClaim, type TokenServerOptions, tokenClient, tokenExchange } from './token.ts'

const KVSEP = '\u0001'

/**
 * The client side of OAUTHBEARER.
 *
 * @param credentials Whose token, and the token or what gives it.
 * @returns One exchange; when the server refuses, `refusal` tells why, and `renew` gives one more where the token has a
 * source.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when the user name is empty or has a control character; its `start` rejects so
 * for such a token.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7628#section-3.1 | RFC 7628 section 3.1}
 * @example
 * const bearer = oauthBearerClient({ username: 'user@example.com', token: 'vF9dft4qmT', host: 'mx.example', port: 587 })
 * new TextDecoder().decode(await bearer.start())
 * // 'n,a=user@example.com,\u0001host=mx.example\u0001port=587\u0001auth=Bearer vF9dft4qmT\u0001\u0001'
 */
export function oauthBearerClient(credentials: TokenCredentials): ClientMechanism {
  const { username, host, port } = credentials
  const fields = [
    `n,a=${escapeName(username)},`,
    ...(host === undefined ? [] : [`host=${escapeName(host)}`]),
    ...(port === undefined ? [] : [`port=${port}`]),
  ]
  return tokenClient(credentials, {
    name: 'OAUTHBEARER',
    format: (token) => encodeUtf8(`${[...fields, `auth=Bearer ${token}`].join(KVSEP)}${KVSEP}${KVSEP}`),
    dummy: encodeUtf8(KVSEP),
  })
}

/**
 * Offers OAUTHBEARER.
 *
 * @param options How to check tokens.
 * @returns The mechanism, for a server.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7628#section-3.2 | RFC 7628 section 3.2}
 * @example
 * const exchange = oauthBearerServer({ check: ({ token }) => token === 'good' }).create()
 * const first = 'n,a=user@example.com,\u0001auth=Bearer good\u0001\u0001'
 * await exchange.next(new TextEncoder().encode(first))
 * // { type: 'success', identity: { authenticationId: 'user@example.com' } }
 */
export function oauthBearerServer(options: TokenServerOptions): OfferedMechanism {
  return { name: 'OAUTHBEARER', plaintext: true, create: () => tokenExchange(parseClaim, options) }
}

// client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep ; without channel binding
const MESSAGE = /^[ny],(?:a=([^,]+))?,\u0001((?:[A-Za-z]+=[^\u0001]*\u0001)*)\u0001$/s

function parseClaim(message: string): TokenClaim | undefined {
  const [, name, pairs = ''] = MESSAGE.exec(message) ?? []
  const username = name === undefined ? undefined : readName(name)
  const values = new Map(
    pairs.split(KVSEP).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const [, token] = /^Bearer +(.+)$/i.exec(values.get('auth') ?? '') ?? []
  if (!username || !token) return undefined
  const [host, port] = [values.get('host'), values.get('port')]
  return {
    username,
    token,
    ...(host !== undefined && { host }),
    ...(port !== undefined && /^\d{1,5}$/.test(port) && { port: Number(port) }),
  }
}
