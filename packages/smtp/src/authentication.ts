/** AUTH as a client does it: whether credentials may be sent at all, and the exchange. RFC 4954 section 4. */

import { commandLineLimit } from '@posthorn/command'
import { clip, encodeBase64 } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import { type ClientMechanism, type SelectMechanismOptions, selectMechanism } from '@posthorn/sasl'
import type { Channel } from './channel.ts'
import type { ConnectionInfo } from './connection.ts'
import { fault, refused } from './error.ts'
import { HIDDEN_RESPONSE } from './transcript.ts'

const MAX_STEPS = 10

/** Whom a caller trusts with credentials beyond a server whose certificate was verified here. */
interface Trust {
  readonly unsafeUnverifiedAuth?: boolean
  readonly unsafeTrustBridge?: boolean
}

/**
 * Tells whether the caller can rely on the certificate of the server having been verified.
 *
 * @internal
 */
export function isVerified(info: ConnectionInfo, trust: Trust): boolean {
  const verifiedBy = info.tls?.verifiedBy
  return verifiedBy === 'local' || (verifiedBy === 'bridge' && trust.unsafeTrustBridge === true)
}

/**
 * Refuses to send credentials over a connection that is not safe for them.
 *
 * @internal
 */
export function refuseUnsafeAuth(info: ConnectionInfo, trust: Trust): void {
  // HAZARD: whoever holds the other end of an unverified connection learns the password or can try it elsewhere.
  if (isVerified(info, trust) || trust.unsafeUnverifiedAuth) return
  if (info.tls?.verifiedBy === 'bridge') throw fault('SMTP_UNSAFE_AUTH', 'the bridge would see the credentials')
  throw fault('SMTP_UNSAFE_AUTH', 'the connection is not over TLS with a verified certificate')
}

/**
 * Authenticates with the strongest mechanism that fits, and no other if it fails.
 *
 * @internal
 */
export async function authenticate(channel: Channel, options: SelectMechanismOptions): Promise<void> {
  let mechanism = selectMechanism(channel.session.capabilities.auth, options)
  if (!mechanism) throw fault('SMTP_AUTH_UNAVAILABLE', 'the server offers no mechanism that fits the credentials')
  const { credentials } = options
  if ('password' in credentials) channel.conceal(credentials.password)
  if ('token' in credentials && typeof credentials.token === 'string') channel.conceal(credentials.token)
  for (;;) {
    const refusal = await exchange(channel, mechanism)
    if (!refusal) return
    if (!mechanism.renew) {
      const why = mechanism.refusal
        ? `the server refuses the token, ${clip(mechanism.refusal.status)}`
        : 'the server refuses the credentials'
      throw refused('SMTP_AUTH_FAILED', why, channel.discreet(refusal), mechanism.refusal)
    }
    mechanism = mechanism.renew()
  }
}

// Runs one exchange; gives the reply that refused it.
async function exchange(channel: Channel, mechanism: ClientMechanism): Promise<Reply | undefined> {
  const initialResponse = await mechanism.start()
  if (initialResponse) channel.conceal(encodeBase64(initialResponse))
  const fits = initialResponse !== undefined && fitsCommand(mechanism.name, initialResponse)
  channel.command({ verb: 'AUTH', mechanism: mechanism.name, ...(fits && { initialResponse }) })
  let held = fits ? undefined : initialResponse
  for (let step = 0; step < MAX_STEPS; step++) {
    const event = await channel.event()
    if (event.type === 'challenge') {
      const response = held
      held = undefined
      await respond(channel, async () => (response ? late(response, event.data) : mechanism.next(event.data)))
      continue
    }
    if (event.type !== 'authenticated') return event.reply
    if (mechanism.complete) return undefined
    throw channel.fail(fault('SMTP_AUTH_FAILED', 'the server did not prove that it knows the password'))
  }
  throw channel.fail(fault('SMTP_AUTH_FAILED', 'the exchange has too many steps'))
}

// RFC 4954 section 4: an initial response that takes the command over the limit of its line is sent on its own.
function fitsCommand(name: string, initialResponse: Uint8Array): boolean {
  const base64 = 4 * Math.ceil(initialResponse.length / 3)
  return `AUTH ${name} \r\n`.length + base64 <= commandLineLimit('AUTH', [])
}

// RFC 4422 section 3: the challenge that asks for the initial response is empty.
function late(initialResponse: Uint8Array, challenge: Uint8Array): Uint8Array {
  if (challenge.length === 0) return initialResponse
  throw fault('SMTP_AUTH_FAILED', 'the server sent a challenge where the initial response was due')
}

async function respond(channel: Channel, answer: () => Promise<Uint8Array>): Promise<void> {
  let response: Uint8Array
  try {
    response = await answer()
  } catch (error) {
    // RFC 4954 section 4: "*" cancels the exchange, and the server answers 501.
    channel.session.respond(undefined)
    channel.record(HIDDEN_RESPONSE)
    await channel.event()
    throw error
  }
  channel.conceal(encodeBase64(response))
  channel.session.respond(response)
  channel.record(HIDDEN_RESPONSE)
}
