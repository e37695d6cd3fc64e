/** The server side of SCRAM: RFC 5802 section 3, 5 and 6, RFC 7677. */

import {
  concatBytes,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  equalBytes,
  isUtf8,
  type RandomOctets,
} from '@posthorn/core'
import {
  type ExchangeContext,
  FAILURE,
  type OfferedMechanism,
  type SaslIdentity,
  type ServerMechanism,
  type ServerStep,
} from './mechanism.ts'
import { readName } from './saslname.ts'
import {
  bindsChannel,
  decodeValue,
  digest,
  hmac,
  MIN_ITERATIONS,
  type ScramCredentials,
  type ScramHash,
  scramName,
  xor,
} from './scram.ts'

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
  /**
   * Gives what is stored for a user, named as OpaqueString prepares it, and for the hash of the mechanism, or `undefined`
   * when there is none.
   */
  readonly lookup: (
    username: string,
    hash: ScramHash,
  ) => Promise<ScramCredentials | undefined> | ScramCredentials | undefined
  /** The hash of the mechanism; default `SHA-256`. */
  readonly hash?: ScramHash
  /** Whether the mechanism is the one with `-PLUS`, for connections that have a channel binding; default `false`. */
  readonly plus?: boolean
  /** Random octets for nonces, and for the salts shown for users that do not exist. */
  readonly random: RandomOctets
  /** What is shown for users that do not exist; default: 4,096 iterations and 16 octets of salt. */
  readonly decoy?: ScramDecoy
}

const NONCE_OCTETS = 18
const SECRET_OCTETS = 32

interface ClientFirst {
  /** The gs2-header, and the octets of the channel binding behind it. */
  readonly bound: Uint8Array
  readonly bare: string
  readonly identity: SaslIdentity
  readonly nonce: string
}

/**
 * Offers SCRAM. A user that does not exist is asked and refused just as one with a wrong password.
 *
 * @param options How to find users, and which of the mechanisms it is.
 * @returns The mechanism, for a server.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5802#section-3 | RFC 5802 section 3}
 * @example
 * const offered = scramServer({ lookup: () => undefined, random: (length) => new Uint8Array(length) })
 * await offered.create().next(new TextEncoder().encode('no scram')) // { type: 'failure' }
 */
export function scramServer(options: ScramServerOptions): OfferedMechanism {
  const { hash = 'SHA-256', plus = false } = options
  const secret = options.decoy?.secret ?? options.random(SECRET_OCTETS)
  return {
    name: scramName(hash, plus),
    plaintext: false,
    ...(plus && { needsChannelBinding: true }),
    create: (context = {}) => scramExchange(options, secret, context),
  }
}

type Step = (response: Uint8Array) => Promise<ServerStep>

function scramExchange(options: ScramServerOptions, secret: Uint8Array, context: ExchangeContext): ServerMechanism {
  const { hash = 'SHA-256', plus = false } = options
  const begin: Step = async (response) => {
    const first = parseClientFirst(response, plus, context)
    if (!first) return FAILURE
    const { authenticationId } = first.identity
    const decoy = await decoyFor(hash, authenticationId, secret, options.decoy)
    const found = await options.lookup(authenticationId, hash)
    // Keys of another hash prove nothing here.
    const known = (found?.hash ?? hash) === hash ? found : undefined
    const { salt, iterations, storedKey, serverKey } = known ?? decoy
    const nonce = first.nonce + encodeBase64(options.random(NONCE_OCTETS))
    const serverFirst = `r=${nonce},s=${encodeBase64(salt)},i=${iterations}`
    step = async (final) => {
      const message = await checkProof(hash, decodeUtf8(final), first, { nonce, serverFirst, storedKey })
      if (!message || !known) return FAILURE
      // RFC 4954 section 4: SMTP cannot put data beside success, so the signature is one more challenge.
      step = async ({ length }) => (length === 0 ? { type: 'success', identity: first.identity } : FAILURE)
      return challenge(`v=${encodeBase64(await hmac(hash, serverKey, message))}`)
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

// gs2-header = ("p=" cb-name / "n" / "y") "," [ "a=" saslname ] ","
// client-first-message-bare = "n=" saslname ",r=" c-nonce
const CLIENT_FIRST = /^((?:([ny])|p=([A-Za-z0-9.-]+)),(?:a=([^,]+))?,)(n=([^,]+),r=([!-+\--~]+)(,.*)?)$/s

function parseClientFirst(response: Uint8Array, plus: boolean, context: ExchangeContext): ClientFirst | undefined {
  const match = isUtf8(response) ? CLIENT_FIRST.exec(decodeUtf8(response)) : null
  const [, header = '', flag, bindingType, onBehalf, bare = '', name = '', nonce = '', extensions] = match ?? []
  // RFC 5802 section 5.1: "m" announces a mandatory extension, and this server knows none.
  if (!match || extensions?.includes(',m=')) return undefined
  const data = bindingFor(flag, bindingType, { plus, context })
  const authenticationId = readName(name)
  const authorizationId = onBehalf === undefined ? undefined : readName(onBehalf)
  if (!data || !authenticationId || (onBehalf !== undefined && !authorizationId)) return undefined
  const identity = { authenticationId, ...(authorizationId && { authorizationId }) }
  return { bound: concatBytes([encodeUtf8(header), data]), bare, nonce, identity }
}

// The octets that the client must bind to, none without -PLUS; undefined when its flag cannot be, RFC 5802 section 6.
function bindingFor(
  flag: string | undefined,
  type: string | undefined,
  { plus, context }: { readonly plus: boolean; readonly context: ExchangeContext },
): Uint8Array | undefined {
  if (plus) return context.channelBindings?.find((binding) => binding.type === type)?.data
  // HAZARD: a client that could bind, and believes that this server cannot, was shown another list.
  const downgraded = flag === 'y' && bindsChannel(context.offered ?? [])
  return flag && !downgraded ? new Uint8Array(0) : undefined
}

// client-final-message = channel-binding "," nonce ["," extensions] "," proof
const CLIENT_FINAL = /^(c=([^,]+),r=([^,]+)(,.*)?),p=([^,]+)$/s

interface Asked {
  readonly nonce: string
  readonly serverFirst: string
  readonly storedKey: Uint8Array
}

// The AuthMessage, when the client's proof is good.
async function checkProof(
  hash: ScramHash,
  final: string,
  first: ClientFirst,
  { nonce, serverFirst, storedKey }: Asked,
): Promise<Uint8Array | undefined> {
  const [, withoutProof, binding = '', echoed, extensions, proof = ''] = CLIENT_FINAL.exec(final) ?? []
  if (echoed !== nonce || extensions?.includes(',m=')) return undefined
  const bound = decodeValue(binding)
  if (!bound || !equalBytes(bound, first.bound)) return undefined
  const message = encodeUtf8(`${first.bare},${serverFirst},${withoutProof}`)
  const given = decodeValue(proof)
  if (given?.length !== storedKey.length) return undefined
  const clientKey = xor(given, await hmac(hash, storedKey, message))
  return equalBytes(await digest(hash, clientKey), storedKey) ? message : undefined
}

async function decoyFor(
  hash: ScramHash,
  username: string,
  secret: Uint8Array,
  decoy: ScramDecoy = {},
): Promise<ScramCredentials> {
  const { iterations = MIN_ITERATIONS, saltLength = 16 } = decoy
  const salt = (await hmac('SHA-256', secret, encodeUtf8(username))).slice(0, saltLength)
  const storedKey = await digest(hash, secret)
  return { salt, iterations, storedKey, serverKey: secret }
}
