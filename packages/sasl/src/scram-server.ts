/** The server side of SCRAM-SHA-256: RFC 5802 section 3 and 5, RFC 7677. */

import { decodeUtf8, encodeBase64, encodeUtf8, equalBytes, isUtf8, type RandomOctets } from '@posthorn/core'
import type { OfferedMechanism, SaslIdentity, ServerMechanism, ServerStep } from './mechanism.ts'
import { prepareReceived } from './prepare.ts'
import { decodeValue, hash, hmac, MIN_ITERATIONS, SCRAM_NAME, type ScramCredentials, xor } from './scram.ts'

/** What is shown for users that do not exist; it should be as it is for those that do, or they can be told apart. */
export interface ScramDecoy {
  /** The number of iterations; default 4,096. */
  readonly iterations?: number
  /** The octets of salt, at most 32; default 16. */
  readonly saltLength?: number
  /** What the salts are made from; default random, so that they change when the server starts anew. */
  readonly secret?: Uint8Array
}

/** How {@link scramServer} finds users. */
export interface ScramServerOptions {
  /** Gives what is stored for a user, named as OpaqueString prepares it, or `undefined` when there is none. */
  readonly lookup: (username: string) => Promise<ScramCredentials | undefined> | ScramCredentials | undefined
  /** Random octets for nonces, and for the salts shown for users that do not exist. */
  readonly random: RandomOctets
  /** What is shown for users that do not exist; default: 4,096 iterations and 16 octets of salt. */
  readonly decoy?: ScramDecoy
}

const NONCE_OCTETS = 18
const SECRET_OCTETS = 32
const FAILURE: ServerStep = { type: 'failure' }

interface ClientFirst {
  readonly header: string
  readonly bare: string
  readonly identity: SaslIdentity
  readonly nonce: string
}

/**
 * Offers SCRAM-SHA-256. A user that does not exist is asked and refused just as one with a wrong password.
 *
 * @param options How to find users.
 * @returns The mechanism, for a server.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5802#section-3 | RFC 5802 section 3}
 * @example
 * const offered = scramServer({ lookup: () => undefined, random: (length) => new Uint8Array(length) })
 * await offered.create().next(new TextEncoder().encode('no scram')) // { type: 'failure' }
 */
export function scramServer(options: ScramServerOptions): OfferedMechanism {
  const secret = options.decoy?.secret ?? options.random(SECRET_OCTETS)
  return { name: SCRAM_NAME, plaintext: false, create: () => scramExchange(options, secret) }
}

type Step = (response: Uint8Array) => Promise<ServerStep>

function scramExchange(options: ScramServerOptions, secret: Uint8Array): ServerMechanism {
  const begin: Step = async (response) => {
    const first = parseClientFirst(response)
    if (!first) return FAILURE
    const { authenticationId } = first.identity
    const decoy = await decoyFor(authenticationId, secret, options.decoy)
    const known = await options.lookup(authenticationId)
    const { salt, iterations, storedKey, serverKey } = known ?? decoy
    const nonce = first.nonce + encodeBase64(options.random(NONCE_OCTETS))
    const serverFirst = `r=${nonce},s=${encodeBase64(salt)},i=${iterations}`
    step = async (final) => {
      const message = await checkProof(decodeUtf8(final), first, nonce, serverFirst, storedKey)
      if (!message || !known) return FAILURE
      // RFC 4954 section 4: SMTP cannot put data beside success, so the signature is one more challenge.
      step = async ({ length }) => (length === 0 ? { type: 'success', identity: first.identity } : FAILURE)
      return challenge(`v=${encodeBase64(await hmac(serverKey, message))}`)
    }
    return challenge(serverFirst)
  }
  let step = begin
  return {
    async next(response) {
      const current = step
      if (!response && current === begin) return challenge('')
      // One exchange is one try: a step that fails leaves none.
      step = async () => FAILURE
      return response ? current(response) : FAILURE
    },
  }
}

function challenge(text: string): ServerStep {
  return { type: 'challenge', data: encodeUtf8(text) }
}

// gs2-header = ("n" / "y") "," [ "a=" saslname ] "," ; client-first-message-bare = "n=" saslname ",r=" c-nonce
const CLIENT_FIRST = /^([ny],(?:a=([^,]+))?,)(n=([^,]+),r=([!-+\--~]+)(,.*)?)$/s

function parseClientFirst(response: Uint8Array): ClientFirst | undefined {
  const match = isUtf8(response) ? CLIENT_FIRST.exec(decodeUtf8(response)) : null
  // RFC 5802 section 5.1: "m" announces a mandatory extension, and this server knows none.
  if (!match || match[6]?.includes(',m=')) return undefined
  const authenticationId = readName(match[4]!)
  const authorizationId = match[2] === undefined ? undefined : readName(match[2])
  if (!authenticationId || (match[2] !== undefined && !authorizationId)) return undefined
  const identity = { authenticationId, ...(authorizationId && { authorizationId }) }
  return { header: match[1]!, bare: match[3]!, nonce: match[5]!, identity }
}

// saslname = 1*(value-safe-char / "=2C" / "=3D")  ; section 5.1: another "=" must fail
function readName(name: string): string | undefined {
  if (/=(?!2C|3D)/.test(name)) return undefined
  return prepareReceived(name.replace(/=2C/g, ',').replace(/=3D/g, '='))
}

// client-final-message = channel-binding "," nonce ["," extensions] "," proof
const CLIENT_FINAL = /^(c=([^,]+),r=([^,]+)(,.*)?),p=([^,]+)$/s

// The AuthMessage, when the client's proof is good.
async function checkProof(
  final: string,
  first: ClientFirst,
  nonce: string,
  serverFirst: string,
  storedKey: Uint8Array,
): Promise<Uint8Array | undefined> {
  const [, withoutProof, binding, echoed, extensions, proof = ''] = CLIENT_FINAL.exec(final) ?? []
  if (echoed !== nonce || extensions?.includes(',m=')) return undefined
  if (binding !== encodeBase64(encodeUtf8(first.header))) return undefined
  const message = encodeUtf8(`${first.bare},${serverFirst},${withoutProof}`)
  const given = decodeValue(proof)
  if (given?.length !== storedKey.length) return undefined
  const clientKey = xor(given, await hmac(storedKey, message))
  return equalBytes(await hash(clientKey), storedKey) ? message : undefined
}

async function decoyFor(username: string, secret: Uint8Array, decoy: ScramDecoy = {}): Promise<ScramCredentials> {
  const { iterations = MIN_ITERATIONS, saltLength = 16 } = decoy
  const salt = (await hmac(secret, encodeUtf8(username))).slice(0, saltLength)
  return { salt, iterations, storedKey: new Uint8Array(32), serverKey: secret }
}
