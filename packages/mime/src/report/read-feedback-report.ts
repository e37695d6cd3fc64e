/** Feedback reports as they are received: RFC 5965 section 3, RFC 6591 section 3, RFC 6692, RFC 9991 section 4. */

import { parseIpAddress } from '@posthorn/core'
import { withoutComments } from '../syntax/comment.ts'
import {
  ALIGNMENTS,
  type FeedbackReport,
  type FeedbackReportReading,
  lacksOfFailure,
  type SpfRecord,
} from './feedback-report.ts'
import type { ReadReportOptions } from './field-block.ts'
import { type FieldGroup, readPlainText } from './field-group.ts'
import { readFlatGroup } from './flat-group.ts'
import { defined } from './optional.ts'
import type { Doubt } from './typed-value.ts'

const MAX_NUMBER = Number.MAX_SAFE_INTEGER
const MAX_PORT = 65_535
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/
// spf-dns = { "txt" / "spf" } ":" domain ":" quoted-string
const SPF = /^(txt|spf) *: *([^\s:]+) *: *(.+)$/i
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * Reads the content of a part of type `message/feedback-report`. Nothing in it is an error: what lacks is absent, what is
 * doubtful is a defect, and all fields are there as they stand.
 *
 * @param content The content, its transfer encoding undone; a string is taken as UTF-8.
 * @param options Limits.
 * @returns What it says, its fields, and the defects; of a field that may be there once the first counts.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5965#section-3 | RFC 5965 section 3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6591#section-3 | RFC 6591 section 3}
 * @example
 * const { feedback } = readFeedbackReport(
 *   'Feedback-Type: abuse\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Mail-From: <a@b.example>\nSource-IP: 192.0.2.1\n',
 * )
 * feedback.feedbackType // 'abuse'
 * feedback.mailFrom // 'a@b.example'
 * feedback.sourceIp // '192.0.2.1'
 */
export function readFeedbackReport(
  content: Uint8Array | string,
  options: ReadReportOptions = {},
): FeedbackReportReading {
  const { group, fields, defects } = readFlatGroup(content, options)
  const feedbackType = group.read(group.required('Feedback-Type'), readWord)
  const userAgent = group.read(group.required('User-Agent'), readPlainText)
  const version = group.read(group.required('Version'), readVersion)
  const feedback = defined<FeedbackReport>({
    feedbackType,
    userAgent,
    version,
    ...readMessage(group),
    authFailure: group.read(group.once('Auth-Failure'), readWord),
    deliveryResult: group.read(group.once('Delivery-Result'), readWord),
    identityAlignment: group.read(group.once('Identity-Alignment'), readAlignment),
    ...readDkim(group),
    spfDns: present(group.all('SPF-DNS').map((field) => readSpf(field.value, group.doubtOf(field)))),
    extensions: group.rest(),
  })
  if (feedbackType === 'auth-failure') {
    for (const name of lacksOfFailure(feedback)) defects.add('missing-field', group.place, name)
  }
  return { feedback, fields, defects: defects.list }
}

type MessageFacts = Pick<
  FeedbackReport,
  | 'envelopeId'
  | 'mailFrom'
  | 'rcptTo'
  | 'arrivalDate'
  | 'reportingMta'
  | 'sourceIp'
  | 'sourcePort'
  | 'incidents'
  | 'authenticationResults'
  | 'reportedDomains'
  | 'reportedUris'
>

function readMessage(group: FieldGroup): MessageFacts {
  const texts = (name: string) => group.all(name).map(({ value }) => readPlainText(value))
  return defined<MessageFacts>({
    envelopeId: group.text('Original-Envelope-Id'),
    mailFrom: group.read(group.once('Original-Mail-From'), readPath),
    rcptTo: group.all('Original-Rcpt-To').map((field) => readPath(field.value, group.doubtOf(field))),
    arrivalDate: readArrival(group),
    reportingMta: group.mta('Reporting-MTA'),
    sourceIp: group.read(group.once('Source-IP'), readIp),
    sourcePort: group.number(group.once('Source-Port'), MAX_PORT),
    incidents: group.number(group.once('Incidents'), MAX_NUMBER),
    authenticationResults: texts('Authentication-Results'),
    reportedDomains: texts('Reported-Domain').map(withoutComments),
    reportedUris: texts('Reported-URI'),
  })
}

// RFC 5965 section 3.2: the older name means the same; both together are malformed.
function readArrival(group: FieldGroup): Date | undefined {
  const [old] = group.all('Received-Date')
  const isTwice = old !== undefined && group.all('Arrival-Date').length > 0
  if (isTwice) group.doubtOf(old)('duplicate-field', old.value)
  const arrival = group.date('Arrival-Date')
  return arrival ?? group.date('Received-Date')
}

type DkimFacts = Pick<
  FeedbackReport,
  | 'dkimDomain'
  | 'dkimIdentity'
  | 'dkimSelector'
  | 'dkimSelectorDns'
  | 'dkimAdspDns'
  | 'dkimCanonicalizedHeader'
  | 'dkimCanonicalizedBody'
>

function readDkim(group: FieldGroup): DkimFacts {
  const read = <T>(name: string, reader: (text: string, doubt: Doubt) => T) => group.read(group.once(name), reader)
  return defined<DkimFacts>({
    dkimDomain: read('DKIM-Domain', withoutComments),
    dkimIdentity: read('DKIM-Identity', withoutComments),
    dkimSelector: read('DKIM-Selector', withoutComments),
    dkimSelectorDns: read('DKIM-Selector-DNS', readQuoted),
    dkimAdspDns: read('DKIM-ADSP-DNS', readQuoted),
    dkimCanonicalizedHeader: read('DKIM-Canonicalized-Header', readBase64),
    dkimCanonicalizedBody: read('DKIM-Canonicalized-Body', readBase64),
  })
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined)
}

function readWord(text: string): string {
  return withoutComments(text).toLowerCase()
}

// version = %x31-39 *DIGIT ; before RFC 5965 it was 0.1
function readVersion(text: string, doubt: Doubt): number | undefined {
  const written = withoutComments(text)
  if (!/^[1-9]\d{0,14}$/.test(written)) doubt('bad-number')
  return /^\d{1,15}(?:\.\d{1,15})?$/.test(written) ? Number(written) : undefined
}

// reverse-path and forward-path of RFC 5321, which have brackets
function readPath(text: string, doubt: Doubt): string {
  const path = withoutComments(text)
  if (/^<.*>$/.test(path)) return path.slice(1, -1).trim()
  doubt('missing-brackets')
  return path
}

function readIp(text: string, doubt: Doubt): string | undefined {
  const written = withoutComments(text)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^ipv6:/i, '')
  if (parseIpAddress(written)) return written
  doubt('bad-value')
  return undefined
}

function readQuoted(text: string, doubt: Doubt): string {
  const written = readPlainText(text)
  const quoted = QUOTED.exec(written)?.[1]
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1')
  doubt('unquoted-value')
  return written
}

function readBase64(text: string, doubt: Doubt): string {
  const written = text.replace(/\s+/g, '')
  if (!BASE64.test(written) || written.length % 4 !== 0) doubt('bad-base64')
  return readPlainText(written)
}

function readSpf(text: string, doubt: Doubt): SpfRecord | undefined {
  const match = SPF.exec(readPlainText(text))
  if (match)
    return { type: match[1]!.toLowerCase() as 'txt' | 'spf', domain: match[2]!, record: readQuoted(match[3]!, doubt) }
  doubt('bad-value')
  return undefined
}

// id-align = "none" / dmarc-method *( "," dmarc-method )
function readAlignment(text: string, doubt: Doubt): string[] {
  const written = withoutComments(text).toLowerCase()
  if (written === 'none') return []
  const methods = written.split(',').map((one) => one.trim())
  const isRight = methods.every((one) => ALIGNMENTS.includes(one)) && new Set(methods).size === methods.length
  if (!isRight) doubt('bad-value')
  return methods
}
