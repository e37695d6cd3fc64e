/** The server side of SCRAM-SHA-256: RFC 5802 section 3 and 5, RFC 7677. */

import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, equalBytes, isUtf8, MailError } from '@posthorn/core'
import type { OfferedMechanism, RandomOctets, SaslIdentity, ServerMechanism, ServerStep } from './mechanism.ts'
import { hash, hmac, MIN_ITERATIONS, parseAttributes, SCRAM_NAME, type ScramCredentials, xor } from './scram.ts'

/** How {@link scramServer} finds users. */
export interface ScramServerOptions {
  /** Gives what is stored for a user, or `undefined` when there is none. */
  readonly lookup: (username: string) => Promise<ScramCredentials | undefined> | ScramCredentials | undefined
  /** Random octets for nonces, and for the salts shown for users that do not exist. */
  readonly random: RandomOctets
}

const NONCE_OCTETS = 18
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
  const secret = options.random(32)
  return { name: SCRAM_NAME, plaintext: false, create: () => scramExchange(options, secret) }
}

function scramExchange(options: ScramServerOptions, secret: Uint8Array): ServerMechanism {
  let step: (response: Uint8Array) => Promise<ServerStep> = async (response) => {
    const first = parseClientFirst(response)
    if (!first) return FAILURE
    const username = first.identity.authenticationId
    const known = await options.lookup(username)
    const { salt, iterations, storedKey, serverKey } = known ?? (await decoyFor(username, secret))
    const nonce = first.nonce + encodeBase64(options.random(NONCE_OCTETS))
    const serverFirst = `r=${nonce},s=${encodeBase64(salt)},i=${iterations}`
    step = async (final) => {
      const message = await checkProof(decodeUtf8(final), first, nonce, serverFirst, storedKey)
      if (!message || !known) return FAILURE
      // RFC 4954 section 4: SMTP cannot put data beside success, so the signature is one more challenge.
      step = async () => ({ type: 'success', identity: first.identity })
      return { type: 'challenge', data: encodeUtf8(`v=${encodeBase64(await hmac(serverKey, message))}`) }
    }
    return { type: 'challenge', data: encodeUtf8(serverFirst) }
  }
  return {
    async next(response) {
      if (!response) return { type: 'challenge', data: new Uint8Array(0) }
      try {
        return await step(response)
      } catch (error) {
        if (error instanceof MailError) return FAILURE
        throw error
      }
    },
  }
}

// gs2-header = ("n" / "y") "," [ "a=" saslname ] "," ; client-first-message-bare = "n=" saslname ",r=" c-nonce
const CLIENT_FIRST = /^([ny],(?:a=([^,]+))?,)(n=([^,]+),r=([!-+\--~]+)(?:,.*)?)$/s

function parseClientFirst(response: Uint8Array): ClientFirst | undefined {
  const match = isUtf8(response) ? CLIENT_FIRST.exec(decodeUtf8(response)) : null
  if (!match) return undefined
  const authenticationId = unescapeName(match[4]!)
  const behalf = match[2] === undefined ? {} : { authorizationId: unescapeName(match[2]) }
  return { header: match[1]!, bare: match[3]!, nonce: match[5]!, identity: { authenticationId, ...behalf } }
}

function unescapeName(name: string): string {
  return name.replace(/=2C/g, ',').replace(/=3D/g, '=')
}

// The AuthMessage, when the client's proof is good.
async function checkProof(
  final: string,
  first: ClientFirst,
  nonce: string,
  serverFirst: string,
  storedKey: Uint8Array,
): Promise<Uint8Array | undefined> {
  const attributes = parseAttributes(final)
  const [binding, echoed, proof] = [attributes.get('c'), attributes.get('r'), attributes.get('p')]
  const proofAt = final.lastIndexOf(',p=')
  if (!proof || proofAt < 0 || echoed !== nonce || binding !== encodeBase64(encodeUtf8(first.header))) return undefined
  const message = encodeUtf8(`${first.bare},${serverFirst},${final.slice(0, proofAt)}`)
  const given = decodeBase64(proof)
  if (given.length !== storedKey.length) return undefined
  const clientKey = xor(given, await hmac(storedKey, message))
  return equalBytes(await hash(clientKey), storedKey) ? message : undefined
}

async function decoyFor(username: string, secret: Uint8Array): Promise<ScramCredentials> {
  const salt = (await hmac(secret, encodeUtf8(username))).slice(0, 16)
  return { salt, iterations: MIN_ITERATIONS, storedKey: new Uint8Array(32), serverKey: secret }
}
