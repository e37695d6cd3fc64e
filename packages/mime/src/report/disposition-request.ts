/** Whether to send a disposition notification, by what the message says: RFC 8098 section 2 and 6, RFC 3834 section 2. */

import { readAddressList } from '../address/address-list.ts'
import type { AddressEntry, MailboxEntry } from '../address/entry.ts'
import type { HeaderView } from '../parse/header-view.ts'
import type { ParsedMessage } from '../parse/message.ts'
import { findMachinePart } from './machine-part.ts'
import { type DispositionOption, readDispositionOptions } from './notification-options.ts'

/**
 * Why none is sent, or not without asking.
 *
 * None at all: `is-report`, the message is a report itself; `null-return-path`, nobody is to be answered; `no-address`, the
 * request has none that can be read; `unknown-option`, it requires what is not known; `newsgroup`, it was posted.
 *
 * Only if the reader consents: `no-return-path` and `several-return-paths`; `other-return-path`, the address is not the one
 * that the message came from; `several-addresses`; `several-requests`; `auto-submitted`, no person sent the message.
 */
export type DispositionReason =
  | 'is-report'
  | 'null-return-path'
  | 'no-address'
  | 'unknown-option'
  | 'newsgroup'
  | 'no-return-path'
  | 'several-return-paths'
  | 'other-return-path'
  | 'several-addresses'
  | 'several-requests'
  | 'auto-submitted'

/** A request for a disposition notification, and what the rules make of it. */
export interface DispositionRequest {
  /** Where the notification goes, each address once. */
  readonly addresses: readonly MailboxEntry[]
  /** What is asked beside it. */
  readonly options: readonly DispositionOption[]
  /**
   * What may be done: `none`, it must not be sent; `consent`, the reader has to allow this one; `allowed`, it may be sent by
   * itself too, where the reader has set that once.
   */
  readonly decision: 'none' | 'consent' | 'allowed'
  /** Why. */
  readonly reasons: readonly DispositionReason[]
}

/** What {@link dispositionRequest} knows beside the message. */
export interface DispositionRequestOptions {
  /** The reverse-path of the envelope, where that is known; default what Return-Path says. */
  readonly returnPath?: string
  /** The names of options that are known, in lower case; default none. */
  readonly knownOptions?: readonly string[]
}

const FORBIDDING: readonly DispositionReason[] = [
  'is-report',
  'null-return-path',
  'no-address',
  'unknown-option',
  'newsgroup',
]

/**
 * Decides whether a message asks for a disposition notification, and whether one may be sent. That none was sent before, and
 * what the reader has set, is for the caller to know.
 *
 * @param message What {@link parseMessage} gives.
 * @param options The reverse-path, and known options.
 * @returns The request; nothing where there is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8098#section-2.1 | RFC 8098 section 2.1}
 * @example
 * const header = 'Return-Path: <bounce@x.example>\r\nDisposition-Notification-To: Ada <ada@x.example>\r\n\r\n'
 * const request = dispositionRequest(parseMessage(header))
 * request?.addresses[0]?.address // 'ada@x.example'
 * request?.decision // 'consent'
 * request?.reasons // ['other-return-path']
 */
export function dispositionRequest(
  message: ParsedMessage,
  options: DispositionRequestOptions = {},
): DispositionRequest | undefined {
  const { header } = message
  const [request, ...more] = header.all('disposition-notification-to')
  if (!request) return undefined
  const addresses = distinct(mailboxesOf(readAddressList(request.value).entries))
  const asked = readDispositionOptions(header.value('disposition-notification-options') ?? '')
  const reasons: DispositionReason[] = []
  const add = (reason: DispositionReason, isGiven: boolean) => isGiven && reasons.push(reason)
  const known = options.knownOptions ?? []
  add('is-report', findMachinePart(message) !== undefined)
  add('no-address', addresses.length === 0)
  add(
    'unknown-option',
    asked.some(({ isRequired, name }) => isRequired && !known.includes(name)),
  )
  add('newsgroup', header.value('newsgroups') !== undefined)
  add('several-requests', more.length > 0)
  add('several-addresses', addresses.length > 1)
  add('auto-submitted', isAutomatic(header))
  const path = pathReason(header, addresses, options.returnPath)
  if (path) reasons.push(path)
  const isForbidden = reasons.some((reason) => FORBIDDING.includes(reason))
  return {
    addresses,
    options: asked,
    decision: isForbidden ? 'none' : reasons.length > 0 ? 'consent' : 'allowed',
    reasons,
  }
}

function mailboxesOf(entries: readonly AddressEntry[]): MailboxEntry[] {
  return entries
    .flatMap((entry) => (entry.type === 'group' ? entry.members : [entry]))
    .filter((entry) => entry.type === 'mailbox')
}

function distinct(mailboxes: readonly MailboxEntry[]): MailboxEntry[] {
  return [...new Map(mailboxes.map((mailbox) => [keyOf(mailbox), mailbox])).values()]
}

// RFC 8098 section 2.1: letter case matters in the local part alone, whose quotes do not.
function keyOf({ localPart, domain }: MailboxEntry): string {
  return `${localPart}@${domain.toLowerCase()}`
}

function pathReason(
  header: HeaderView,
  addresses: readonly MailboxEntry[],
  given: string | undefined,
): DispositionReason | undefined {
  const written = given === undefined ? header.all('return-path').map(({ value }) => value) : [`<${given}>`]
  const [path, ...more] = written
  if (path === undefined) return 'no-return-path'
  if (more.length > 0) return 'several-return-paths'
  if (/^<\s*>/.test(path)) return 'null-return-path'
  const [mailbox] = mailboxesOf(readAddressList(path).entries)
  const isSame = mailbox !== undefined && addresses.every((address) => keyOf(address) === keyOf(mailbox))
  return isSame ? undefined : 'other-return-path'
}

// RFC 3834 section 5: auto-submitted-field = "no" or a word that says how.
function isAutomatic(header: HeaderView): boolean {
  return !/^(?:no\b|$)/i.test(header.value('auto-submitted')?.trim() ?? '')
}
