/** The OAUTHBEARER mechanism, RFC 7628: an OAuth 2.0 bearer token, so over TLS only. */

import { encodeUtf8, MailError } from '@posthorn/core'
import type { TokenCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import type { ClientMechanism, OfferedMechanism } from './mechanism.ts'
import { escapeName, readName } from './saslname.ts'
import { readToken, type TokenClaim, type TokenServerOptions, tokenClient, tokenExchange } from './token.ts'

const KVSEP = '\u0001'

/**
 * The client side of OAUTHBEARER.
 *
 * @param credentials Whose token, and the token or what gives it.
 * @returns One exchange; when the server refuses, `refusal` tells why, and `renew` gives one more where the token has a
 * source.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when the user name is empty or has a control character, the host is not visible
 * US-ASCII, or the port is none; its `start` rejects so for such a token.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7628#section-3.1 | RFC 7628 section 3.1}
 * @example
 * const bearer = oauthBearerClient({ username: 'user@example.com', token: 'vF9dft4qmT', host: 'mx.example', port: 587 })
 * new TextDecoder().decode(await bearer.start())
 * // 'n,a=user@example.com,\u0001host=mx.example\u0001port=587\u0001auth=Bearer vF9dft4qmT\u0001\u0001'
 */
export function oauthBearerClient(credentials: TokenCredentials): ClientMechanism {
  const { username, host, port } = credentials
  checkEndpoint(host, port)
  const fields = [
    `n,a=${escapeName(username)},`,
    ...(host === undefined ? [] : [`host=${host}`]),
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

const HOST = /^[!-~]+$/
const PORT = /^[1-9]\d{0,4}$/

function isEndpoint(host = 'none', port: string | number = 1): boolean {
  return HOST.test(host) && PORT.test(String(port))
}

function checkEndpoint(host: string | undefined, port: number | undefined): void {
  if (isEndpoint(host, port)) return
  throw new MailError<SaslErrorCode>(
    'SASL_BAD_CREDENTIALS',
    'Cannot use OAUTHBEARER: the host or the port is malformed',
    {
      spec: 'rfc7628#section-3.1',
    },
  )
}

// client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep ; without channel binding
// value       = *(VCHAR / SP / HTAB / CR / LF)
const MESSAGE = /^[ny],(?:a=([^,]+))?,\u0001((?:[A-Za-z]+=[\t\n\r -~]*\u0001)*)\u0001$/

function parseClaim(message: string): TokenClaim | undefined {
  const [, name, body = ''] = MESSAGE.exec(message) ?? []
  const username = name === undefined ? undefined : readName(name)
  const pairs = body.split(KVSEP).slice(0, -1)
  const values = new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  )
  const [host, port] = [values.get('host'), values.get('port')]
  // HAZARD: of a key that comes twice, another reader may have looked at the other value.
  if (!username || values.size < pairs.length || !isEndpoint(host, port)) return undefined
  return {
    username,
    token: readToken(values.get('auth')),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
  }
}
