/** What fields the header of a message must have, may have once, and in which order: RFC 5322 section 3.6, RFC 5321 section 4.4. */

import type { AddressEntry, GroupEntry } from '../address/entry.ts'
import type { ParsedField } from '../parse/fields.ts'
import type { MimePart } from '../parse/part.ts'
import { addAtField, addressesOf, fieldOf, type LintContext, type LintEntity } from './context.ts'
import type { Tally } from './finding.ts'
import type { LintRule } from './rule.ts'

// RFC 5322 section 3.6: the fields of which there is one at most.
const ONCE = /* @__PURE__ */ listed(
  'date from sender reply-to to cc bcc message-id in-reply-to references subject return-path',
)
const ONCE_OF_MIME = /* @__PURE__ */ listed(
  'mime-version content-type content-transfer-encoding content-disposition content-id content-description content-md5 ' +
    'content-location content-language',
)
const ONCE_OF_LISTS = /* @__PURE__ */ listed(
  'list-id list-help list-unsubscribe list-unsubscribe-post list-subscribe list-post list-owner list-archive',
)
// Those that the author's side writes, before any host has seen the message.
const AUTHORED = /* @__PURE__ */ listed(
  'date from sender reply-to to cc bcc message-id in-reply-to references subject mime-version',
)
const KNOWN_CONTENT = /* @__PURE__ */ listed(
  'content-type content-transfer-encoding content-id content-description content-disposition content-language ' +
    'content-location content-base content-md5 content-duration content-features content-alternative ' +
    'content-translation-type content-identifier content-return',
)

function listed(names: string): ReadonlySet<string> {
  return new Set(names.split(' '))
}

/**
 * Counts fields of an entity, and names those that are unknown.
 *
 * @internal
 */
export function lintCounts({ findings }: LintContext, { part, isMessage }: LintEntity): void {
  const seen = new Set<string>()
  for (const field of part.fields) {
    const name = field.name.toLowerCase()
    const rule = seen.has(name) ? repetition(name, isMessage) : undefined
    const place = { path: part.path, field: field.name, start: field.start, end: field.end }
    if (rule) findings.add(rule, { ...place, other: field.value })
    if (name.startsWith('content-') && !KNOWN_CONTENT.has(name)) findings.add('unknown-content-field', place)
    seen.add(name)
  }
}

function repetition(name: string, isMessage: boolean): LintRule | undefined {
  if (ONCE_OF_MIME.has(name)) return 'repeated-mime-field'
  if (!isMessage) return undefined
  if (ONCE_OF_LISTS.has(name)) return 'repeated-list-field'
  return ONCE.has(name) ? 'repeated-field' : undefined
}

/**
 * Looks at the header of a message as a whole.
 *
 * @internal
 */
export function lintMessageHeader(context: LintContext, { part, parent, isMessage }: LintEntity): void {
  if (!isMessage) return
  if (parent) lintInner(context, part)
  else lintRequired(context, part)
  lintAuthors(context, part)
  lintOrder(context, part)
  lintResent(context, part)
}

function lintInner(context: LintContext, part: MimePart): void {
  const names = ['date', 'from', 'subject']
  if (names.every((name) => !fieldOf(part, name))) addAtField(context, 'empty-inner-message', { part, name: 'date' })
}

function lintRequired(context: LintContext, part: MimePart): void {
  const miss = (rule: LintRule, name: string) => addAtField(context, rule, { part, name })
  if (!fieldOf(part, 'date')) miss('missing-date', 'date')
  if (!fieldOf(part, 'from')) miss('missing-from', 'from')
  if (!fieldOf(part, 'message-id')) miss('missing-message-id', 'message-id')
  if (!fieldOf(part, 'subject')?.value) miss('missing-subject', 'subject')
  if (!['to', 'cc', 'bcc'].some((name) => fieldOf(part, name))) miss('missing-recipients', 'to')
  if (fieldOf(part, 'in-reply-to') && !fieldOf(part, 'references')) miss('missing-references', 'in-reply-to')
  // RFC 5322 section 3.6.3: it may be there empty, or in the copy of whom it names.
  if (fieldOf(part, 'bcc')?.value) miss('bcc-present', 'bcc')
}

function lintAuthors(context: LintContext, part: MimePart): void {
  const [from, sender] = [entriesOf(context, part, 'from'), entriesOf(context, part, 'sender')]
  for (const [name, entries] of Object.entries({ from, sender })) {
    if (entries?.some(({ type }) => type === 'group')) addAtField(context, 'group-in-from', { part, name })
  }
  const authors = from?.flatMap(mailboxesOf)
  const senders = sender?.flatMap(mailboxesOf)
  // What is no address is told of as such.
  const isNobody = authors?.length === 0 && !from!.flatMap(membersOf).some(({ type }) => type === 'text')
  if (isNobody) addAtField(context, 'no-author', { part, name: 'from' })
  if (authors && authors.length > 1 && !sender) addAtField(context, 'missing-sender', { part, name: 'from' })
  if (sender && sender.length > 1) addAtField(context, 'several-senders', { part, name: 'sender' })
  const isOnlyAuthor = authors?.length === 1 && senders?.length === 1 && senders[0] === authors[0]
  if (isOnlyAuthor) addAtField(context, 'redundant-sender', { part, name: 'sender' })
}

function entriesOf(context: LintContext, part: MimePart, name: string): readonly AddressEntry[] | undefined {
  const field = fieldOf(part, name)
  return field && addressesOf(context, field).entries
}

function membersOf(entry: AddressEntry): readonly Exclude<AddressEntry, GroupEntry>[] {
  return entry.type === 'group' ? entry.members : [entry]
}

function mailboxesOf(entry: AddressEntry): readonly string[] {
  if (entry.type === 'group') return entry.members.flatMap(mailboxesOf)
  // RFC 5321 section 2.4: letter case matters in the local part alone.
  return entry.type === 'mailbox' ? [`${entry.localPart}@${entry.domain.toLowerCase()}`] : []
}

// RFC 5322 section 3.6: trace and Resent fields are put before what is there, and so stand on top.
function lintOrder({ findings }: LintContext, part: MimePart): void {
  const tally: Tally = new Map()
  let [isBelow, isReceived] = [false, false]
  for (const field of part.fields) {
    const name = field.name.toLowerCase()
    const place = { path: part.path, field: field.name, start: field.start, end: field.end }
    const isTrace = name === 'received' || name === 'return-path'
    if (isTrace && isBelow) findings.count('trace-below', tally, place)
    else if (name.startsWith('resent-') && isBelow) findings.count('resent-below', tally, place)
    else if (name === 'return-path' && isReceived) findings.add('return-path-below', place)
    isReceived ||= name === 'received'
    isBelow ||= AUTHORED.has(name)
  }
}

// RFC 5322 section 3.6.6: each block has a date and an author; a name that comes again begins another.
function lintResent(context: LintContext, part: MimePart): void {
  const block = new Map<string, ParsedField>()
  const close = () => {
    const [first] = block.values()
    const isWhole = block.has('resent-date') && block.has('resent-from')
    if (first && !isWhole) {
      const { name, start, end } = first
      context.findings.add('resent-incomplete', { path: part.path, field: name, start, end })
    }
    block.clear()
  }
  for (const field of part.fields) {
    const name = field.name.toLowerCase()
    if (name === 'received' || block.has(name)) close()
    if (name.startsWith('resent-')) block.set(name, field)
  }
  close()
}
