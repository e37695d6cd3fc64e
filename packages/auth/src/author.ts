/** Who a message names as its author, as far as DMARC asks: RFC 9989 section 5.3.1, on the From field of RFC 5322 section 3.6.2. */

import { type AddressEntry, type DefectCode, type RawField, readAddressList, toAsciiDomain } from '@posthorn/mime'
import { textOf } from './authentication-results.ts'

/** Why there is no author domain to evaluate. */
export type AuthorProblem =
  | 'author-none'
  | 'author-several'
  | 'from-malformed'
  | 'from-missing'
  | 'from-several'
  | 'header-unreadable'

/** What the From field says. */
export interface Author {
  /** The domains of all mailboxes, in order, each once, in A-labels; as it is written where it is no domain. */
  readonly domains: readonly string[]
  /** How many mailboxes there are. */
  readonly mailboxes: number
  /** Why nothing is evaluated by them; absent where there is one author domain. */
  readonly problem?: AuthorProblem
  /** What is doubtful about the field, though harmless ones are no problem. */
  readonly defects: readonly DefectCode[]
}

// Of these readers agree what the address is.
const HARMLESS: ReadonlySet<DefectCode> = new Set<DefectCode>([
  'address-in-name',
  'encoded-in-quotes',
  'name-in-comment',
  'obsolete-spacing',
  'blank-in-word',
  'character-in-word',
  'long-word',
  'word-spacing',
])
// More authors than any honest message has.
const MAX_ADDRESSES = 1000

/**
 * Reads the author from the header fields.
 *
 * @internal
 */
export function readAuthor(fields: readonly RawField[]): Author {
  const own = fields.filter(({ name }) => name.toLowerCase() === 'from')
  const readings = own.slice(0, 10).map((field) => readAddressList(textOf(field), { maxAddresses: MAX_ADDRESSES }))
  const entries = readings.flatMap((reading) => reading.entries.flatMap(membersOf))
  const defects = [...new Set(readings.flatMap((reading) => reading.defects.map(({ code }) => code)))]
  const mailboxes = entries.filter((entry) => entry.type === 'mailbox')
  const domains = [...new Set(mailboxes.map(({ domain }) => toAsciiDomain(domain)?.toLowerCase() ?? domain))]
  const isMalformed = mailboxes.length < entries.length || defects.some((code) => !HARMLESS.has(code))
  const problem = problemOf(own.length, isMalformed, domains)
  return { domains, mailboxes: mailboxes.length, ...(problem && { problem }), defects }
}

function membersOf(entry: AddressEntry) {
  return entry.type === 'group' ? entry.members : [entry]
}

function problemOf(fields: number, isMalformed: boolean, domains: readonly string[]): AuthorProblem | undefined {
  if (fields === 0) return 'from-missing'
  if (fields > 1) return 'from-several'
  if (isMalformed || domains.some((domain) => toAsciiDomain(domain) === undefined)) return 'from-malformed'
  if (domains.length === 0) return 'author-none'
  return domains.length > 1 ? 'author-several' : undefined
}
