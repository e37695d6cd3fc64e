/** The client side of SCRAM-SHA-256: RFC 5802 section 3 and 5, RFC 7677. */

import { decodeUtf8, encodeBase64, encodeUtf8, equalBytes, MailError, type RandomOctets } from '@posthorn/core'
import type { SaslErrorCode } from './error.ts'
import type { ClientMechanism } from './mechanism.ts'
import type { PasswordCredentials } from './plain.ts'
import { prepareOpaqueString } from './prepare.ts'
import { decodeValue, deriveKeys, hash, hmac, MIN_ITERATIONS, SCRAM_NAME, saltPassword, xor } from './scram.ts'

/** What {@link scramClient} needs beside the credentials. */
export interface ScramClientOptions {
  /** Random octets for the nonce. */
  readonly random: RandomOctets
  /** Most iterations to compute for a server; default 1,000,000, well over what servers ask, within seconds. */
  readonly maxIterations?: number
}

const NONCE_OCTETS = 18

/**
 * The client side of SCRAM-SHA-256: the password is never sent, and the server proves that it knows it too.
 *
 * @param credentials What to prove.
 * @param options The source of the nonce, and limits.
 * @returns One exchange; it is `complete` when the server's signature has been checked.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character. Its `next` rejects
 * with `SASL_BAD_CHALLENGE`, `SASL_WEAK_PARAMETERS` or `SASL_SERVER_NOT_PROVED`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7677#section-3 | RFC 7677 section 3}
 * @example
 * const scram = scramClient({ username: 'user', password: 'pencil' }, { random: (length) => new Uint8Array(length) })
 * new TextDecoder().decode(await scram.start()) // 'n,,n=user,r=AAAAAAAAAAAAAAAAAAAAAAAA'
 */
export function scramClient(credentials: PasswordCredentials, options: ScramClientOptions): ClientMechanism {
  prepareOpaqueString(credentials.password)
  const nonce = encodeBase64(options.random(NONCE_OCTETS))
  const header = `n,${credentials.authorizationId ? `a=${escapeName(credentials.authorizationId)}` : ''},`
  const firstBare = `n=${escapeName(credentials.username)},r=${nonce}`
  let expected: Uint8Array | undefined
  let complete = false
  return {
    name: SCRAM_NAME,
    get complete() {
      return complete
    },
    start: async () => encodeUtf8(header + firstBare),
    async next(challenge) {
      const text = decodeUtf8(challenge)
      if (complete) throw fault('SASL_BAD_CHALLENGE', 'it is over')
      if (expected) {
        checkSignature(text, expected)
        complete = true
        return new Uint8Array(0)
      }
      const first = parseServerFirst(text, nonce, options.maxIterations ?? 1_000_000)
      const withoutProof = `c=${encodeBase64(encodeUtf8(header))},r=${first.nonce}`
      const message = encodeUtf8(`${firstBare},${text},${withoutProof}`)
      const salted = await saltPassword(credentials.password, first.salt, first.iterations)
      const { clientKey, serverKey } = await deriveKeys(salted)
      expected = await hmac(serverKey, message)
      const proof = xor(clientKey, await hmac(await hash(clientKey), message))
      return encodeUtf8(`${withoutProof},p=${encodeBase64(proof)}`)
    },
  }
}

// saslname = 1*(value-safe-char / "=2C" / "=3D")
function escapeName(name: string): string {
  return decodeUtf8(prepareOpaqueString(name)).replace(/=/g, '=3D').replace(/,/g, '=2C')
}

interface ServerFirst {
  readonly nonce: string
  readonly salt: Uint8Array
  readonly iterations: number
}

// server-first-message = nonce "," salt "," iteration-count ["," extensions]
const SERVER_FIRST = /^r=([!-+\--~]+),s=([^,]+),i=([1-9]\d{0,9})(,.*)?$/s

function parseServerFirst(text: string, clientNonce: string, maxIterations: number): ServerFirst {
  const [, nonce = '', encodedSalt = '', count, extensions = ''] = SERVER_FIRST.exec(text) ?? []
  const salt = decodeValue(encodedSalt)
  // RFC 5802 section 5.1: "m" announces a mandatory extension, and this client knows none.
  if (!salt?.length || extensions.includes(',m=')) throw fault('SASL_BAD_CHALLENGE', 'the challenge is malformed')
  // HAZARD: a nonce that does not extend the client's is a replay.
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) {
    throw fault('SASL_BAD_CHALLENGE', 'the nonce does not extend the own one')
  }
  const iterations = Number(count)
  if (iterations < MIN_ITERATIONS) throw fault('SASL_WEAK_PARAMETERS', 'the server asks for too few iterations')
  if (iterations > maxIterations) throw fault('SASL_BAD_CHALLENGE', 'the server asks for too many iterations')
  return { nonce, salt, iterations }
}

// server-final-message = (server-error / verifier) ["," extensions]
function checkSignature(text: string, expected: Uint8Array): void {
  const signature = decodeValue(/^v=([^,]+)/.exec(text)?.[1] ?? '')
  if (!signature || !equalBytes(signature, expected)) {
    throw fault('SASL_SERVER_NOT_PROVED', 'the server did not prove that it knows the password')
  }
}

function fault(code: SaslErrorCode, why: string): MailError<SaslErrorCode> {
  return new MailError(code, `Cannot go on with ${SCRAM_NAME}: ${why}`, { spec: 'rfc5802#section-5' })
}
