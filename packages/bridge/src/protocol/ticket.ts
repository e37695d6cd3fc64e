/**
 * Tickets, with which the backend of an application lets a page use a bridge: docs/bridge-protocol.md, section "Tickets".
 * Out of scope: whether a ticket has expired or was used, which the bridge judges when the connection begins.
 */

import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8, isUtf8, MailError } from '@posthorn/core'
import { defaultPlatform, randomOctets } from '../platform.ts'
import type { BridgeErrorCode } from './close-code.ts'
import { checkClaims, type TicketClaims } from './ticket-claims.ts'
import { MAX_TICKET } from './ticket-form.ts'
import { TICKET_ALGORITHM, type TicketKey } from './ticket-key.ts'

/** What a ticket shall say. */
export interface TicketRequest {
  /** For whom: a text of 1 to 128 printable characters that the limits of the bridge count by. */
  readonly sub: string
  /** Where to: 1 to 32 of `host:port`; U-labels are taken. */
  readonly dst: readonly string[]
  /** How many octets, both directions together; default 67,108,864, since few servers take a larger message. */
  readonly max?: number
  /** A text that no other ticket has; default 128 random bits. */
  readonly jti?: string
}

/** How long a ticket is good, and by which clock. */
export interface MintOptions {
  /** How many milliseconds; default 60,000, since a page connects at once; at most 300,000. */
  readonly lifetime?: number
  /** Gives the time, in milliseconds since 1970; default the clock of the runtime. */
  readonly now?: () => number
}

/**
 * What a ticket turned out to be: good, not a ticket at all, or of a key that is not known.
 *
 * @internal
 */
export type TicketReading =
  | { readonly type: 'claims'; readonly claims: TicketClaims }
  | { readonly type: 'malformed' }
  | { readonly type: 'forged' }

/**
 * How the subprotocol that is a ticket begins.
 *
 * @internal
 */
export const TICKET_PREFIX = 'ticket.'

const DEFAULT_MAX = 67_108_864
const DEFAULT_LIFETIME_MS = 60_000
const MAX_LIFETIME_MS = 300_000
const JTI_OCTETS = 16
// The second word has the 32 octets of the HMAC.
const TICKET = /^ticket\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/

/**
 * Makes a ticket, at the backend, after it knows who asks.
 *
 * @param key The key that it shares with the bridge.
 * @param request For whom, and where to.
 * @param options How long it is good.
 * @returns The ticket, good for one connection; the page hands it to the bridge as a subprotocol, and to nobody else.
 * @throws {MailError} `BRIDGE_BAD_TICKET` for a member that is outside its limits, a lifetime that is, or more than 4,096
 * characters in all.
 * @example
 * const key = await importTicketKey(crypto.getRandomValues(new Uint8Array(32)))
 * const ticket = await mintTicket(key, { sub: 'user-17', dst: ['smtp.example:587'] })
 * ticket.split('.').length // 3
 * await mintTicket(key, { sub: 'user-17', dst: ['127.0.0.1:587'] }) // throws BRIDGE_BAD_TICKET
 */
export async function mintTicket(key: TicketKey, request: TicketRequest, options: MintOptions = {}): Promise<string> {
  const { lifetime = DEFAULT_LIFETIME_MS, now = defaultPlatform.now } = options
  if (!(lifetime > 0 && lifetime <= MAX_LIFETIME_MS)) throw badTicket(`lifetime is not 1 to ${MAX_LIFETIME_MS}`)
  const { max = DEFAULT_MAX, jti = encodeBase64Url(randomOctets(JTI_OCTETS)) } = request
  const checked = checkClaims({ ...request, max, jti, exp: Math.ceil((now() + lifetime) / 1000) })
  if (checked.type === 'bad') throw badTicket(checked.why)
  const payload = encodeBase64Url(encodeUtf8(JSON.stringify(checked.claims)))
  const mac = await crypto.subtle.sign(TICKET_ALGORITHM, native(key), encodeUtf8(payload))
  const ticket = `${TICKET_PREFIX}${payload}.${encodeBase64Url(new Uint8Array(mac))}`
  if (ticket.length > MAX_TICKET) throw badTicket(`it has ${ticket.length} characters, and may have ${MAX_TICKET}`)
  return ticket
}

function badTicket(why: string): MailError<BridgeErrorCode> {
  return new MailError('BRIDGE_BAD_TICKET', `Cannot mint ticket: ${why}`)
}

/**
 * Reads a ticket; nothing of it is looked into before its signature is found good.
 *
 * @internal
 * @param keys The key, or all that are good while one takes the place of another.
 * @param text The subprotocol.
 * @returns What it says. Whether it has expired is not looked at.
 */
export async function readTicket(keys: TicketKey | readonly TicketKey[], text: string): Promise<TicketReading> {
  const [, payload, word] = (text.length <= MAX_TICKET && TICKET.exec(text)) || []
  const mac = word === undefined ? undefined : decodeWord(word)
  if (payload === undefined || !mac) return { type: 'malformed' }
  const signed = encodeUtf8(payload)
  const all = Array.isArray(keys) ? (keys as readonly TicketKey[]) : [keys as TicketKey]
  // HAZARD: WebCrypto compares in constant time; a comparison of texts would tell how much of a guess is right.
  const verdicts = await Promise.all(all.map((key) => crypto.subtle.verify(TICKET_ALGORITHM, native(key), mac, signed)))
  return verdicts.includes(true) ? readPayload(payload) : { type: 'forged' }
}

// Declarations of WebCrypto differ in what else a key has.
function native(key: TicketKey): never {
  return key as never
}

function readPayload(payload: string): TicketReading {
  const octets = decodeWord(payload)
  const checked = octets && isUtf8(octets) ? checkClaims(parseJson(decodeUtf8(octets))) : undefined
  return checked?.type === 'claims' ? checked : { type: 'malformed' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decodeWord(word: string): Uint8Array | undefined {
  try {
    return decodeBase64Url(word)
  } catch {
    return undefined
  }
}
