/** The client side of SCRAM: RFC 5802 section 3, 5 and 6, RFC 7677. */

import {
  concatBytes,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  equalBytes,
  MailError,
  type RandomOctets,
} from '@posthorn/core'
import type { PasswordCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import type { ChannelBinding, ClientMechanism } from './mechanism.ts'
import { prepareOpaqueString } from './prepare.ts'
import { escapeName } from './saslname.ts'
import {
  decodeValue,
  deriveKeys,
  digest,
  hmac,
  MIN_ITERATIONS,
  type ScramHash,
  saltPassword,
  scramName,
  xor,
} from './scram.ts'

/** What {@link scramClient} needs beside the credentials. */
export interface ScramClientOptions {
  /** Random octets for the nonce. */
  readonly random: RandomOctets
  /** The hash of the mechanism; default `SHA-256`. */
  readonly hash?: ScramHash
  /** What the TLS connection can be bound by; default nothing. */
  readonly channelBinding?: ChannelBinding
  /**
   * Whether the mechanism is the one with `-PLUS`, which needs a channel binding; default `false`: then a client that has
   * one says so, and a server that offered `-PLUS` knows that somebody took it off the list.
   */
  readonly plus?: boolean
  /** Most iterations to compute for a server; default 1,000,000, well over what servers ask, within seconds. */
  readonly maxIterations?: number
}

const NONCE_OCTETS = 18

type Step = (challenge: string) => Promise<Uint8Array>

/**
 * The client side of SCRAM: the password is never sent, and the server proves that it knows it too.
 *
 * @param credentials What to prove.
 * @param options The source of the nonce, the hash, the channel binding, and limits.
 * @returns One exchange; it is `complete` when the server's signature has been checked.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character, or `plus` comes without
 * a channel binding. Its `next` rejects with `SASL_BAD_CHALLENGE`, `SASL_WEAK_PARAMETERS` or `SASL_SERVER_NOT_PROVED`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7677#section-3 | RFC 7677 section 3}
 * @example
 * const scram = scramClient({ username: 'user', password: 'pencil' }, { random: (length) => new Uint8Array(length) })
 * new TextDecoder().decode(await scram.start()) // 'n,,n=user,r=AAAAAAAAAAAAAAAAAAAAAAAA'
 */
export function scramClient(credentials: PasswordCredentials, options: ScramClientOptions): ClientMechanism {
  const { hash = 'SHA-256', plus = false, maxIterations = 1_000_000 } = options
  prepareOpaqueString(credentials.password)
  const nonce = encodeBase64(options.random(NONCE_OCTETS))
  const header = headerFor(credentials, options)
  const bound = plus && options.channelBinding ? [options.channelBinding.data] : []
  const binding = encodeBase64(concatBytes([encodeUtf8(header), ...bound]))
  const firstBare = `n=${escapeName(credentials.username)},r=${nonce}`
  let complete = false
  let step: Step = async (text) => {
    const first = parseServerFirst(text, nonce, maxIterations)
    const withoutProof = `c=${binding},r=${first.nonce}`
    const message = encodeUtf8(`${firstBare},${text},${withoutProof}`)
    const { clientKey, serverKey } = await deriveKeys(hash, await saltPassword(hash, credentials.password, first))
    const expected = await hmac(hash, serverKey, message)
    const proof = xor(clientKey, await hmac(hash, await digest(hash, clientKey), message))
    step = async (final) => {
      checkSignature(final, expected)
      complete = true
      return new Uint8Array(0)
    }
    return encodeUtf8(`${withoutProof},p=${encodeBase64(proof)}`)
  }
  return {
    name: scramName(hash, plus),
    plaintext: false,
    get complete() {
      return complete
    },
    start: async () => encodeUtf8(header + firstBare),
    async next(challenge) {
      const current = step
      // One exchange is one try: a step that fails leaves none.
      step = over
      return current(decodeUtf8(challenge))
    },
  }
}

async function over(): Promise<Uint8Array> {
  throw fault('SASL_BAD_CHALLENGE', 'it is over')
}

// cb-name = 1*(ALPHA / DIGIT / "." / "-")
const CB_NAME = /^[A-Za-z0-9.-]+$/

// gs2-header = gs2-cbind-flag "," [ "a=" saslname ] "," ; gs2-cbind-flag = ("p=" cb-name) / "n" / "y"
function headerFor(credentials: PasswordCredentials, { channelBinding, plus }: ScramClientOptions): string {
  if (plus && !CB_NAME.test(channelBinding?.type ?? '')) {
    throw fault('SASL_BAD_CREDENTIALS', 'it needs a channel binding')
  }
  const flag = plus ? `p=${channelBinding!.type}` : channelBinding ? 'y' : 'n'
  return `${flag},${credentials.authorizationId ? `a=${escapeName(credentials.authorizationId)}` : ''},`
}

interface ServerFirst {
  readonly nonce: string
  readonly salt: Uint8Array
  readonly iterations: number
}

// server-first-message = nonce "," salt "," iteration-count ["," extensions]
const SERVER_FIRST = /^r=([!-+\--~]+),s=([^,]+),i=([1-9]\d{0,9})(,.*)?$/s

function parseServerFirst(text: string, clientNonce: string, maxIterations: number): ServerFirst {
  refuseError(text, 'SASL_BAD_CHALLENGE')
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

// server-error-value, RFC 5802 section 7
const SERVER_ERROR =
  /^e=(invalid-encoding|extensions-not-supported|invalid-proof|channel-bindings-dont-match|server-does-support-channel-binding|channel-binding-not-supported|unsupported-channel-binding-type|unknown-user|invalid-username-encoding|no-resources|other-error)(?:,|$)/

// HAZARD: only what is registered, for it is shown to people.
function refuseError(text: string, code: SaslErrorCode): void {
  const [, error] = SERVER_ERROR.exec(text) ?? []
  if (error) throw fault(code, `the server says ${error}`)
}

// server-final-message = (server-error / verifier) ["," extensions]
function checkSignature(text: string, expected: Uint8Array): void {
  refuseError(text, 'SASL_SERVER_NOT_PROVED')
  const signature = decodeValue(/^v=([^,]+)/.exec(text)?.[1] ?? '')
  if (!signature || !equalBytes(signature, expected)) {
    throw fault('SASL_SERVER_NOT_PROVED', 'the server did not prove that it knows the password')
  }
}

function fault(code: SaslErrorCode, why: string): MailError<SaslErrorCode> {
  return new MailError(code, `Cannot go on with SCRAM: ${why}`, { spec: 'rfc5802#section-5' })
}
