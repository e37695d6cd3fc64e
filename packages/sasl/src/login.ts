/** The LOGIN mechanism, draft-murchison-sasl-login: PLAIN in two steps, for servers that know no other. Over TLS only. */

import { decodeUtf8, encodeUtf8, isUtf8, MailError } from '@posthorn/core'
import type { PasswordCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import {
  type ClientMechanism,
  FAILURE,
  type OfferedMechanism,
  type ServerMechanism,
  type ServerStep,
} from './mechanism.ts'
import type { CheckPassword } from './plain.ts'
import { prepareOpaqueString, prepareReceived } from './prepare.ts'

/**
 * The client side of LOGIN. Servers word their two questions in many ways, so what they ask is not looked at.
 *
 * @param credentials What to prove; LOGIN has no place for an authorization identity, which is an error.
 * @returns One exchange.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character, or acts on behalf of
 * another.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-murchison-sasl-login-00 | draft-murchison-sasl-login}
 * @example
 * const login = loginClient({ username: 'tim', password: 'pw' })
 * await login.start() // undefined
 * new TextDecoder().decode(await login.next(new TextEncoder().encode('Username:'))) // 'tim'
 */
export function loginClient(credentials: PasswordCredentials): ClientMechanism {
  if (credentials.authorizationId) {
    throw new MailError<SaslErrorCode>('SASL_BAD_CREDENTIALS', 'Cannot use LOGIN to act on behalf of another')
  }
  const answers = [prepareOpaqueString(credentials.username), prepareOpaqueString(credentials.password)]
  return {
    name: 'LOGIN',
    complete: true,
    plaintext: true,
    start: async () => undefined,
    next: async () => {
      const answer = answers.shift()
      if (answer) return answer
      throw new MailError<SaslErrorCode>('SASL_BAD_CHALLENGE', 'Cannot go on with LOGIN: it has two steps')
    },
  }
}

/**
 * Offers LOGIN; an initial response is taken as the user name.
 *
 * @param check Tells whether the credentials are good.
 * @returns The mechanism, for a server.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-murchison-sasl-login-00 | draft-murchison-sasl-login}
 * @example
 * const exchange = loginServer(({ password }) => password === 'pw').create()
 * const step = await exchange.next(undefined)
 * step.type === 'challenge' && new TextDecoder().decode(step.data) // 'Username:'
 */
export function loginServer(check: CheckPassword): OfferedMechanism {
  return { name: 'LOGIN', plaintext: true, create: () => loginExchange(check) }
}

function loginExchange(check: CheckPassword): ServerMechanism {
  const said: (string | undefined)[] = []
  return {
    async next(response): Promise<ServerStep> {
      if (said.length >= 2) return FAILURE
      if (!response && said.length === 0) return ask('Username:')
      said.push(response && isUtf8(response) ? prepareReceived(decodeUtf8(response)) : undefined)
      if (said.length === 1) return ask('Password:')
      const [username, password] = said
      if (!username || !password || !(await check({ username, password }))) return FAILURE
      return { type: 'success', identity: { authenticationId: username } }
    },
  }
}

function ask(question: string): ServerStep {
  return { type: 'challenge', data: encodeUtf8(question) }
}
