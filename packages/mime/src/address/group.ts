/** Lists of mailboxes and groups for writing: RFC 5322 section 3.4. */

import { clip, findControl, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import {
  type Address,
  asciiMailbox,
  type FormatAddressOptions,
  formatMailbox,
  type Mailbox,
  readMailbox,
  writeGroup,
} from './address.ts'

/** A named group of addresses; an empty one stands for people who are not to be told. */
export interface AddressGroup {
  /** The name as it is meant, neither quoted nor encoded. */
  readonly name: string
  /** Those in it. */
  readonly members: readonly Address[]
}

/** How {@link formatAddressList} writes. */
export interface FormatAddressListOptions extends FormatAddressOptions {
  /** The column at which the list begins, so that its first encoded word fits on that line; default 1. */
  readonly column?: number
}

/**
 * Formats a list of addresses and groups on one line; {@link formatAddressField} folds it too.
 *
 * @param entries The addresses and groups in order.
 * @param options Whether addresses may be other than US-ASCII, and where the list begins.
 * @returns The list.
 * @throws {MailError} `MIME_BAD_ADDRESS` and `MIME_NEEDS_SMTPUTF8` as {@link formatAddress}; the former also for a group
 * without a name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.4 | RFC 5322 section 3.4}
 * @example
 * formatAddressList([{ name: 'Ada', address: 'ada@example.org' }, { name: 'Crew', members: [{ address: 'b@x.example' }] }])
 * // 'Ada <ada@example.org>, Crew: b@x.example;'
 * formatAddressList([{ address: 'ada@bücher.example' }]) // 'ada@xn--bcher-kva.example'
 */
export function formatAddressList(
  entries: readonly (Address | AddressGroup)[],
  options: FormatAddressListOptions = {},
): string {
  const { column = 1, smtpUtf8 = false } = options
  const write = (mailbox: Mailbox, at = 1) => formatMailbox(smtpUtf8 ? mailbox : asciiMailbox(mailbox), at)
  return entries
    .map((entry, index) => {
      const at = index === 0 ? column : 1
      if (!('members' in entry)) return write(readMailbox(entry), at)
      const members = entry.members.map((member) => write(readMailbox(member)))
      return writeGroup({ name: groupName(entry), members }, at)
    })
    .join(', ')
}

function groupName({ name }: AddressGroup): string {
  if (name !== '' && findControl(name) < 0) return name
  throw new MailError<MimeErrorCode>('MIME_BAD_ADDRESS', `Cannot take group name "${clip(name)}"`, {
    spec: 'rfc5322#section-3.4',
  })
}
