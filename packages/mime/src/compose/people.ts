/** The people of a message, read once for both its header and its envelope. */

import { isAscii, MailError } from '@posthorn/core'
import { type AddressInput, asciiMailbox, type Mailbox, readMailbox } from '../address/address.ts'
import type { MimeErrorCode } from '../error.ts'
import type { MessageInput } from './message.ts'

/** Whom a message comes from and goes to. */
export interface ComposedEnvelope {
  /** The address of the sender, or else of the first author. */
  readonly reversePath: string
  /** The addresses of `to`, `cc` and `bcc`, each once. */
  readonly forwardPaths: readonly string[]
}

/**
 * Everyone whom a message names, by field.
 *
 * @internal
 */
export interface People {
  readonly from: readonly Mailbox[]
  readonly sender: readonly Mailbox[]
  readonly replyTo: readonly Mailbox[]
  readonly to: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  readonly bcc: readonly Mailbox[]
}

/** @internal */
export function readPeople(message: MessageInput): People {
  const { from, sender, replyTo, to, cc, bcc } = message
  const people = {
    from: readList(from),
    sender: readList(sender),
    replyTo: readList(replyTo),
    to: readList(to),
    cc: readList(cc),
    bcc: readList(bcc),
  }
  if (people.from.length === 0) throw fault('it has no author')
  // RFC 5322 section 3.6.2:
  if (people.from.length > 1 && people.sender.length === 0) throw fault('several authors need a sender')
  return people
}

function readList(input: AddressInput | readonly AddressInput[] = []): Mailbox[] {
  const list = Array.isArray(input) ? (input as readonly AddressInput[]) : [input as AddressInput]
  return list.map(readMailbox)
}

/**
 * Gives the people with addresses of US-ASCII, those whom the envelope alone names included.
 *
 * @internal
 */
export function asciiPeople({ from, sender, replyTo, to, cc, bcc }: People): People {
  return {
    from: from.map(asciiMailbox),
    sender: sender.map(asciiMailbox),
    replyTo: replyTo.map(asciiMailbox),
    to: to.map(asciiMailbox),
    cc: cc.map(asciiMailbox),
    bcc: bcc.map(asciiMailbox),
  }
}

/** @internal */
export function hasForeign({ from, sender, replyTo, to, cc, bcc }: People): boolean {
  return [from, sender, replyTo, to, cc, bcc].some((list) => list.some(({ address }) => !isAscii(address)))
}

/** @internal */
export function envelopeOf({ from, sender, to, cc, bcc }: People): ComposedEnvelope {
  const paths = new Map<string, string>()
  for (const mailbox of [...to, ...cc, ...bcc]) {
    const key = keyOf(mailbox)
    if (!paths.has(key)) paths.set(key, mailbox.address)
  }
  return { reversePath: (sender[0] ?? from[0]!).address, forwardPaths: [...paths.values()] }
}

// RFC 5321 section 2.4: letter case matters in the local part alone.
function keyOf({ localPart, domain }: Mailbox): string {
  return `${localPart}@${domain.toLowerCase()}`
}

/** @internal */
export function isSameMailbox(a: Mailbox, b: Mailbox): boolean {
  return keyOf(a) === keyOf(b)
}

function fault(why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_MESSAGE', `Cannot compose message: ${why}`, { spec: 'rfc5322#section-3.6.2' })
}
