/** Lists of addresses as a person writes one in code: RFC 5322 section 3.4, without its obsolete forms. */

import { clip, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import type { DefectCode } from '../syntax/defect.ts'
import { type Address, parseAddress } from './address.ts'
import { readAddressList } from './address-list.ts'
import type { MailboxEntry, TextEntry } from './entry.ts'
import type { AddressGroup } from './group.ts'

// What parseAddress takes too: the brackets, or the quotes, say what the address is.
const TAKEN: readonly DefectCode[] = ['address-in-name', 'quoted-at']

/**
 * Parses a list of addresses and groups; the inverse of {@link formatAddressList}.
 *
 * @param text The list; of what was received, {@link readAddressList} reads more.
 * @returns The addresses and groups in order, none for blanks alone; encoded words in names are decoded.
 * @throws {MailError} `MIME_BAD_ADDRESS`, with the offset, when there is anything else in it: an obsolete form, a comment,
 * or over 10,000 addresses.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.4 | RFC 5322 section 3.4}
 * @example
 * parseAddressList('Ada <ada@example.org>, Crew: b@example.net;')
 * // [{ name: 'Ada', address: 'ada@example.org' }, { name: 'Crew', members: [{ address: 'b@example.net' }] }]
 * parseAddressList('ada@example.org b@example.net') // throws MIME_BAD_ADDRESS
 */
export function parseAddressList(text: string): (Address | AddressGroup)[] {
  const { entries, defects } = readAddressList(text)
  const defect = defects.find(({ code }) => !TAKEN.includes(code))
  if (defect) throw fault(text, `${defect.code} at ${defect.start}`, defect.start)
  return entries.map((entry) => {
    if (entry.comments) throw fault(text, 'it has a comment')
    if (entry.type !== 'group') return addressOf(entry, text)
    return { name: entry.name, members: entry.members.map((member) => addressOf(member, text)) }
  })
}

function addressOf(entry: MailboxEntry | TextEntry, text: string): Address {
  if (entry.type === 'text' || entry.comments) throw fault(text, 'it has a comment, or no address')
  const { address } = parseAddress(entry.address)
  return entry.name === undefined ? { address } : { name: entry.name, address }
}

function fault(text: string, why: string, offset?: number): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_ADDRESS', `Cannot take addresses "${clip(text)}": ${why}`, {
    spec: 'rfc5322#section-3.4',
    ...(offset === undefined ? {} : { offset }),
  })
}
