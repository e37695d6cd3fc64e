/** The values of fields, each read by the reader of its kind: RFC 5322 section 3.6, RFC 2045, RFC 2183, RFC 2369, RFC 2919. */

import { readListId, readListUrls } from '../header/list-header.ts'
import { readMessageIds } from '../header/message-id-list.ts'
import { readDate } from '../header/read-date.ts'
import { readReceived } from '../header/received.ts'
import type { Defect } from '../syntax/defect.ts'
import { readTransferEncoding } from '../type/transfer-encoding.ts'
import { addressesOf, type LintContext, type LintEntity } from './context.ts'
import type { ValueKind } from './defects.ts'
import { addDefect, type FieldValue } from './field-value.ts'
import type { FindingPlace } from './finding.ts'
import { ValuePlaces } from './place.ts'
import { lintWords } from './words.ts'

const KINDS: Readonly<Record<string, ValueKind>> = {
  from: 'addresses',
  sender: 'addresses',
  'reply-to': 'addresses',
  to: 'addresses',
  cc: 'addresses',
  bcc: 'addresses',
  'resent-from': 'addresses',
  'resent-sender': 'addresses',
  'resent-reply-to': 'addresses',
  'resent-to': 'addresses',
  'resent-cc': 'addresses',
  'resent-bcc': 'addresses',
  'disposition-notification-to': 'addresses',
  date: 'date',
  'resent-date': 'date',
  'message-id': 'ids',
  'in-reply-to': 'ids',
  references: 'ids',
  'resent-message-id': 'ids',
  'content-id': 'ids',
  'content-type': 'type',
  'content-disposition': 'disposition',
  'content-transfer-encoding': 'encoding',
  'list-help': 'list-urls',
  'list-unsubscribe': 'list-urls',
  'list-subscribe': 'list-urls',
  'list-post': 'list-urls',
  'list-owner': 'list-urls',
  'list-archive': 'list-urls',
  'list-id': 'list-id',
  received: 'received',
}
const MAX_SUBJECT = 255
const ONE_ID = /* @__PURE__ */ new Set(['message-id', 'resent-message-id', 'content-id'])
const NEEDS_ADDRESS = /* @__PURE__ */ new Set([
  'sender',
  'reply-to',
  'to',
  'cc',
  'resent-from',
  'resent-sender',
  'resent-to',
  'resent-cc',
])

/**
 * Tells how a field is read.
 *
 * @internal
 * @param name The name in lower case.
 */
export function kindOf(name: string): ValueKind | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
}

/**
 * Reads each field of an entity.
 *
 * @internal
 */
export function lintFields(context: LintContext, { part }: LintEntity): void {
  const seen = new Set<string>()
  for (const field of part.fields) {
    if (context.findings.isFull) return
    const name = field.name.toLowerCase()
    const value = { context, part, field, places: new ValuePlaces(context.lines, field) }
    const kind = kindOf(name)
    for (const defect of readDefects(value, kind, !seen.has(name))) addDefect(value, kind!, defect)
    if (kind === 'ids') lintIds(value, name)
    else if (NEEDS_ADDRESS.has(name) && addressesOf(context, field).entries.length === 0) {
      context.findings.add('empty-recipients', placeOf(value))
    } else if (name === 'subject') lintSubject(value)
    lintWords(value, { name, kind })
    seen.add(name)
  }
}

// What the parser read of an entity is not read again.
function readDefects(
  { context, part, field }: FieldValue,
  kind: ValueKind | undefined,
  isFirst: boolean,
): readonly Defect[] {
  const { value } = field
  if (kind === 'addresses') return addressesOf(context, field).defects
  if (kind === 'date') return readDate(value).defects
  if (kind === 'list-urls') return readListUrls(value).defects
  if (kind === 'list-id') return readListId(value).defects
  if (kind === 'received') return readReceivedDefects(value)
  if (kind === 'type') return isFirst ? part.contentType.defects : []
  if (kind === 'disposition') return isFirst ? (part.disposition?.defects ?? []) : []
  return kind === 'encoding' && isFirst ? readTransferEncoding(value).defects : []
}

function readReceivedDefects(value: string): readonly Defect[] {
  const { date, defects } = readReceived(value)
  if (date === undefined || readDate(date).date) return defects
  const start = value.lastIndexOf(';') + 1
  return [...defects, { code: 'missing-date', start, end: value.length }]
}

function lintIds(value: FieldValue, name: string): void {
  const { findings } = value.context
  const { ids, defects } = readMessageIds(value.field.value)
  for (const defect of defects) addDefect(value, 'ids', defect)
  if (ids.length === 0 && defects.length === 0) findings.add('missing-id', placeOf(value))
  if (ids.length > 1 && ONE_ID.has(name)) findings.add('several-ids', { ...placeOf(value), other: ids[1] })
}

function lintSubject(value: FieldValue): void {
  const { message, findings } = value.context
  const isLong = value.part === message.root && (message.subject ?? '').length > MAX_SUBJECT
  if (isLong) findings.add('long-subject', placeOf(value))
}

function placeOf({ part, field }: FieldValue): FindingPlace {
  return { path: part.path, field: field.name, start: field.start, end: field.end }
}
