/** The people of a message, read once for both its header and its envelope. */

import { clip, findControl, isAscii, MailError } from '@posthorn/core'
import { type AddressInput, asciiMailbox, type Mailbox, readMailbox } from '../address/address.ts'
import type { AddressGroup } from '../address/group.ts'
import type { MimeErrorCode } from '../error.ts'
import { formatMailboxField, type MailboxGroup } from '../header/field.ts'
import type { MessageInput, PeopleInput } from './message.ts'

/** Whom a message comes from and goes to. */
export interface ComposedEnvelope {
  /** The address of the sender, or else of the first author; empty where the body is a notification (RFC 3464, RFC 8098). */
  readonly reversePath: string
  /** The addresses of `to`, `cc` and `bcc`, each once. */
  readonly forwardPaths: readonly string[]
}

type Entry = Mailbox | MailboxGroup

/**
 * Everyone whom a message, or a block of Resent fields, names, by field.
 *
 * @internal
 */
export interface People {
  readonly from: readonly Mailbox[]
  readonly sender: readonly Mailbox[]
  readonly replyTo: readonly Entry[]
  readonly to: readonly Entry[]
  readonly cc: readonly Entry[]
  readonly bcc: readonly Entry[]
}

/**
 * What {@link readPeople} reads.
 *
 * @internal
 */
export type PeopleFields = Pick<MessageInput, 'from' | 'sender' | 'replyTo' | 'to' | 'cc' | 'bcc'>

/** @internal */
export function readPeople(message: PeopleFields): People {
  const { from, sender, replyTo, to, cc, bcc } = message
  const people = {
    from: readMailboxes(from),
    sender: readMailboxes(sender),
    replyTo: readEntries(replyTo),
    to: readEntries(to),
    cc: readEntries(cc),
    bcc: readEntries(bcc),
  }
  if (people.from.length === 0) throw fault('it has no author')
  // RFC 5322 section 3.6.2:
  if (people.from.length > 1 && people.sender.length === 0) throw fault('several authors need a sender')
  return people
}

function readMailboxes(input: AddressInput | readonly AddressInput[] = []): Mailbox[] {
  return isList(input) ? input.map(readMailbox) : [readMailbox(input)]
}

function readEntries(input: PeopleInput = []): Entry[] {
  return isList(input) ? input.map(readEntry) : [readEntry(input)]
}

function isList<T>(input: T | readonly T[]): input is readonly T[] {
  return Array.isArray(input)
}

function readEntry(input: AddressInput | AddressGroup): Entry {
  if (typeof input === 'string' || !('members' in input)) return readMailbox(input)
  if (input.name !== '' && findControl(input.name) < 0) {
    return { name: input.name, members: input.members.map(readMailbox) }
  }
  throw new MailError<MimeErrorCode>('MIME_BAD_ADDRESS', `Cannot take group name "${clip(input.name)}"`, {
    spec: 'rfc5322#section-3.4',
  })
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
    replyTo: replyTo.map(asciiEntry),
    to: to.map(asciiEntry),
    cc: cc.map(asciiEntry),
    bcc: bcc.map(asciiEntry),
  }
}

function asciiEntry(entry: Entry): Entry {
  return 'members' in entry ? { ...entry, members: entry.members.map(asciiMailbox) } : asciiMailbox(entry)
}

/** @internal */
export function hasForeign({ from, sender, replyTo, to, cc, bcc }: People): boolean {
  return [from, sender, replyTo, to, cc, bcc].some((list) => list.some(isForeign))
}

function isForeign(entry: Entry): boolean {
  return 'members' in entry ? entry.members.some(isForeign) : !isAscii(entry.address)
}

/** @internal */
export function envelopeOf({ from, sender, to, cc, bcc }: People, isSilent = false): ComposedEnvelope {
  const seen = new Set<string>()
  const forwardPaths: string[] = []
  const add = (mailbox: Mailbox): void => {
    const key = keyOf(mailbox)
    if (seen.has(key)) return
    seen.add(key)
    forwardPaths.push(mailbox.address)
  }
  for (const list of [to, cc, bcc]) {
    for (const entry of list) {
      if ('members' in entry) entry.members.forEach(add)
      else add(entry)
    }
  }
  return { reversePath: isSilent ? '' : (sender[0] ?? from[0]!).address, forwardPaths }
}

// RFC 5321 section 2.4: letter case matters in the local part alone.
function keyOf({ localPart, domain }: Mailbox): string {
  return `${localPart}@${domain.toLowerCase()}`
}

/** @internal */
export function isSameMailbox(a: Mailbox, b: Mailbox): boolean {
  return keyOf(a) === keyOf(b)
}

/**
 * Formats the fields of people that are not empty.
 *
 * @internal
 */
export function peopleFields(
  { from, sender, replyTo, to, cc, bcc }: People,
  { prefix, keepBcc }: { readonly prefix: '' | 'Resent-'; readonly keepBcc: boolean },
): string[] {
  // RFC 5322 section 3.6.2: no Sender that only repeats the one author.
  const repeats = from.length === 1 && sender.length === 1 && isSameMailbox(from[0]!, sender[0]!)
  const fields: string[] = []
  const add = (name: string, list: readonly Entry[]) => {
    if (list.length > 0) fields.push(formatMailboxField(prefix + name, list))
  }
  add('From', from)
  if (!repeats) add('Sender', sender)
  add('Reply-To', replyTo)
  add('To', to)
  add('Cc', cc)
  if (keepBcc) add('Bcc', bcc)
  return fields
}

function fault(why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_MESSAGE', `Cannot compose message: ${why}`, { spec: 'rfc5322#section-3.6.2' })
}
