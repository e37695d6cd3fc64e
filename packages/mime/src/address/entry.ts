/** What a list of addresses holds: RFC 5322 section 3.4. */

import type { Defect } from '../syntax/defect.ts'

/** A mailbox as it was received. */
export interface MailboxEntry {
  /** What tells it from the other entries. */
  readonly type: 'mailbox'
  /** The display name, its encoded words decoded and controls made blanks. */
  readonly name?: string
  /** What stands before the "@", without quotes and escapes. */
  readonly localPart: string
  /** What stands after it: a domain as written, U-labels included, or a literal in brackets. */
  readonly domain: string
  /** The `addr-spec` of both, quoted only where it needs quotes, without comments and blanks. */
  readonly address: string
  /** The comments within and beside it, decoded. */
  readonly comments?: readonly string[]
}

/** Text where a mailbox should be, which holds no address for certain. */
export interface TextEntry {
  /** What tells it from the other entries. */
  readonly type: 'text'
  /** The display name, where there are brackets too. */
  readonly name?: string
  /** What is in the brackets, or all there is, decoded. */
  readonly text: string
  /** The comments within and beside it, decoded. */
  readonly comments?: readonly string[]
}

/** A named group of mailboxes, which may be empty. */
export interface GroupEntry {
  /** What tells it from the other entries. */
  readonly type: 'group'
  /** The name of the group, decoded. */
  readonly name: string
  /** Those in it; there are no groups in a group. */
  readonly members: readonly (MailboxEntry | TextEntry)[]
  /** The comments beside its name, decoded. */
  readonly comments?: readonly string[]
}

/** One entry of a list of addresses, as {@link readAddressList} finds it. */
export type AddressEntry = MailboxEntry | TextEntry | GroupEntry

/** A list of addresses, and what is doubtful in it. */
export interface AddressListReading {
  /** What was found, in order. */
  readonly entries: readonly AddressEntry[]
  /** What was doubted; offsets are UTF-16 units of the text given. */
  readonly defects: readonly Defect[]
}
