/**
 * The CRAM-MD5 mechanism, RFC 2195: a proof by HMAC-MD5 that does not show the password. Weaker than SCRAM: the server
 * must keep the password itself, proves nothing in turn, and whoever hears an exchange can guess at leisure.
 */

import { hmac } from '@noble/hashes/hmac.js'
import { md5 } from '@noble/hashes/legacy.js'
import {
  concatBytes,
  decodeUtf8,
  encodeHex,
  encodeUtf8,
  equalBytes,
  isUtf8,
  MailError,
  type RandomOctets,
} from '@posthorn/core'
import type { PasswordCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import {
  type ClientMechanism,
  FAILURE,
  type OfferedMechanism,
  type ServerMechanism,
  type ServerStep,
} from './mechanism.ts'
import { prepareOpaqueString, prepareReceived } from './prepare.ts'

/**
 * The client side of CRAM-MD5.
 *
 * @param credentials What to prove; CRAM-MD5 has no place for an authorization identity, which is an error.
 * @returns One exchange.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character, or acts on behalf of
 * another.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2195#section-2 | RFC 2195 section 2}
 * @example
 * const cram = cramMd5Client({ username: 'tim', password: 'tanstaaftanstaaf' })
 * const challenge = new TextEncoder().encode('<1896.697170952@postoffice.reston.mci.net>')
 * new TextDecoder().decode(await cram.next(challenge)) // 'tim b913a602c7eda7a495b4e6e7334d3890'
 */
export function cramMd5Client(credentials: PasswordCredentials): ClientMechanism {
  if (credentials.authorizationId) {
    throw new MailError<SaslErrorCode>('SASL_BAD_CREDENTIALS', 'Cannot use CRAM-MD5 to act on behalf of another')
  }
  const [username, password] = [prepareOpaqueString(credentials.username), prepareOpaqueString(credentials.password)]
  let answered = false
  return {
    name: 'CRAM-MD5',
    complete: true,
    plaintext: false,
    start: async () => undefined,
    next: async (challenge) => {
      if (answered || challenge.length === 0) {
        throw new MailError<SaslErrorCode>('SASL_BAD_CHALLENGE', 'Cannot go on with CRAM-MD5: it has one challenge', {
          spec: 'rfc2195#section-2',
        })
      }
      answered = true
      return concatBytes([username, encodeUtf8(` ${digestOf(password, challenge)}`)])
    },
  }
}

/** How {@link cramMd5Server} finds users. */
export interface CramMd5ServerOptions {
  /** Gives the password of a user, named as OpaqueString prepares it, or `undefined` when there is none. */
  readonly lookup: (username: string) => Promise<string | undefined> | string | undefined
  /** Random octets for challenges. */
  readonly random: RandomOctets
  /** The name of the server, which stands in its challenges. */
  readonly hostname: string
}

const CHALLENGE_OCTETS = 16

/**
 * Offers CRAM-MD5. A user that does not exist is asked and refused just as one with a wrong password.
 *
 * @param options How to find users.
 * @returns The mechanism, for a server.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2195#section-2 | RFC 2195 section 2}
 * @example
 * const random = (length: number) => new Uint8Array(length)
 * const exchange = cramMd5Server({ lookup: () => undefined, random, hostname: 'mx.example' }).create()
 * const step = await exchange.next(undefined)
 * step.type === 'challenge' && new TextDecoder().decode(step.data) // '<00000000000000000000000000000000@mx.example>'
 */
export function cramMd5Server(options: CramMd5ServerOptions): OfferedMechanism {
  return { name: 'CRAM-MD5', plaintext: false, create: () => cramExchange(options) }
}

function cramExchange({ lookup, random, hostname }: CramMd5ServerOptions): ServerMechanism {
  const challenge = encodeUtf8(`<${encodeHex(random(CHALLENGE_OCTETS))}@${hostname}>`)
  let step: 'begin' | 'asked' | 'over' = 'begin'
  return {
    async next(response): Promise<ServerStep> {
      if (step === 'begin' && !response) {
        step = 'asked'
        return { type: 'challenge', data: challenge }
      }
      // One exchange is one try, and RFC 2195 has no initial response.
      const asked = step === 'asked'
      step = 'over'
      const [, name = '', given = ''] =
        /^(.+) ([0-9a-f]{32})$/su.exec(response && isUtf8(response) ? decodeUtf8(response) : '') ?? []
      const username = prepareReceived(name)
      if (!asked || !username) return FAILURE
      const password = prepareReceived((await lookup(username)) ?? '')
      // A user that does not exist takes as long.
      const expected = digestOf(password ? encodeUtf8(password) : random(CHALLENGE_OCTETS), challenge)
      const good = equalBytes(encodeUtf8(expected), encodeUtf8(given)) && password !== undefined
      return good ? { type: 'success', identity: { authenticationId: username } } : FAILURE
    },
  }
}

function digestOf(key: Uint8Array, challenge: Uint8Array): string {
  return encodeHex(hmac(md5, key, challenge))
}
