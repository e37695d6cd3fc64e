/** Feedback reports as they are written: RFC 5965 section 3, RFC 6591 section 3, RFC 6692, RFC 9991 section 4. */

import { isDomain, parseIpAddress } from '@posthorn/core'
import { quote } from '../syntax/quoted-string.ts'
import { ALIGNMENTS, DELIVERY_RESULTS, FEEDBACK_FIELDS, type FeedbackInput, lacksOfFailure } from './feedback-report.ts'
import { FieldWriter } from './field-writer.ts'

const SPEC = 'rfc5965#section-3'
const FAILURE_SPEC = 'rfc6591#section-3'
const TOKEN = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+$|^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/
const BASE64_LINE = 72
const MAX_PORT = 65_535

/**
 * Formats the content of a part of type `message/feedback-report`; the inverse of {@link readFeedbackReport}.
 *
 * @param feedback What is told of the message.
 * @returns The fields, each ended by CRLF, Base64 in lines of 72 characters.
 * @throws {MailError} `MIME_BAD_REPORT` without a type, a program or a version, without what RFC 6591 requires of
 * `auth-failure`, and for a value that cannot stand where it belongs; `MIME_BAD_DATE` for a date that is none;
 * `MIME_LINE_TOO_LONG` for a text without blanks of over 998 octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5965#section-3 | RFC 5965 section 3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6591#section-3 | RFC 6591 section 3}
 * @example
 * formatFeedbackReport({ feedbackType: 'abuse', userAgent: 'Loop/1.0', version: 1, mailFrom: 'a@b.example' })
 * // 'Feedback-Type: abuse\r\nUser-Agent: Loop/1.0\r\nVersion: 1\r\nOriginal-Mail-From: <a@b.example>\r\n'
 * formatFeedbackReport({ feedbackType: 'auth-failure', userAgent: 'Loop/1.0', version: 1 }) // throws MIME_BAD_REPORT
 */
export function formatFeedbackReport(feedback: FeedbackInput): string {
  const isFailure = feedback.feedbackType?.toLowerCase() === 'auth-failure'
  const writer = new FieldWriter({}, isFailure ? FAILURE_SPEC : SPEC)
  const type = writer.required('Feedback-Type', feedback.feedbackType)
  if (!TOKEN.test(type)) throw writer.fault('Feedback-Type', 'it is no token')
  writer.text('Feedback-Type', type)
  writer.text('User-Agent', writer.required('User-Agent', feedback.userAgent))
  writeNumber(writer, { name: 'Version', value: writer.required('Version', feedback.version), min: 1 })
  writeMessage(feedback, writer)
  if (isFailure) checkFailure(feedback, writer)
  writeFailure(feedback, writer)
  writer.extensions(feedback.extensions, FEEDBACK_FIELDS)
  return writer.finish()
}

function writeMessage(feedback: FeedbackInput, writer: FieldWriter): void {
  const {
    mailFrom,
    sourceIp,
    rcptTo = [],
    authenticationResults = [],
    reportedDomains = [],
    reportedUris = [],
  } = feedback
  writer.text('Original-Envelope-Id', feedback.envelopeId)
  if (mailFrom !== undefined) writer.text('Original-Mail-From', formatPath(mailFrom, 'Original-Mail-From', writer))
  for (const path of rcptTo) writer.text('Original-Rcpt-To', formatPath(path, 'Original-Rcpt-To', writer))
  writer.date('Arrival-Date', feedback.arrivalDate)
  writer.mta('Reporting-MTA', feedback.reportingMta)
  if (sourceIp !== undefined) writer.text('Source-IP', formatIp(sourceIp, writer))
  writeNumber(writer, { name: 'Source-Port', value: feedback.sourcePort, min: 1, max: MAX_PORT })
  writeNumber(writer, { name: 'Incidents', value: feedback.incidents, min: 0 })
  for (const text of authenticationResults) writer.text('Authentication-Results', text)
  for (const domain of reportedDomains) {
    if (!isDomain(domain, { underscore: true })) throw writer.fault('Reported-Domain', 'it is no domain')
    writer.text('Reported-Domain', domain)
  }
  for (const uri of reportedUris) {
    if (!URI.test(uri)) throw writer.fault('Reported-URI', 'it is no URI')
    writer.text('Reported-URI', uri)
  }
}

// RFC 6591 section 3.1: of a single method.
function checkFailure(feedback: FeedbackInput, writer: FieldWriter): void {
  const [lacking] = lacksOfFailure(feedback)
  if (lacking !== undefined) throw writer.fault(lacking, 'it is required')
  if ((feedback.authenticationResults?.length ?? 0) > 1)
    throw writer.fault('Authentication-Results', 'there is more than one')
}

function writeFailure(feedback: FeedbackInput, writer: FieldWriter): void {
  const { authFailure, deliveryResult, identityAlignment, dkimDomain, dkimSelector } = feedback
  if (authFailure !== undefined && !TOKEN.test(authFailure)) throw writer.fault('Auth-Failure', 'it is no token')
  writer.text('Auth-Failure', authFailure)
  if (deliveryResult !== undefined && !DELIVERY_RESULTS.includes(deliveryResult)) {
    throw writer.fault('Delivery-Result', 'it is none of five')
  }
  writer.text('Delivery-Result', deliveryResult)
  if (identityAlignment) writer.text('Identity-Alignment', formatAlignment(identityAlignment, writer))
  for (const [name, domain] of [['DKIM-Domain', dkimDomain] as const, ['DKIM-Selector', dkimSelector] as const]) {
    if (domain !== undefined && !isDomain(domain, { underscore: true })) throw writer.fault(name, 'it is no domain')
    writer.text(name, domain)
  }
  writer.text('DKIM-Identity', feedback.dkimIdentity)
  writeQuoted(writer, 'DKIM-Selector-DNS', feedback.dkimSelectorDns)
  writeQuoted(writer, 'DKIM-ADSP-DNS', feedback.dkimAdspDns)
  writeBase64(writer, 'DKIM-Canonicalized-Header', feedback.dkimCanonicalizedHeader)
  writeBase64(writer, 'DKIM-Canonicalized-Body', feedback.dkimCanonicalizedBody)
  for (const { type, domain, record } of feedback.spfDns ?? []) {
    if (!isDomain(domain, { underscore: true })) throw writer.fault('SPF-DNS', 'it is of no domain')
    writer.text('SPF-DNS', `${type} : ${domain} : ${quote(record)}`)
  }
}

function formatAlignment(methods: readonly string[], writer: FieldWriter): string {
  const isRight = methods.every((one) => ALIGNMENTS.includes(one)) && new Set(methods).size === methods.length
  if (!isRight) throw writer.fault('Identity-Alignment', 'a method is none, or is there twice')
  return methods.length === 0 ? 'none' : methods.join(', ')
}

// reverse-path and forward-path of RFC 5321
function formatPath(path: string, name: string, writer: FieldWriter): string {
  if (path.trim() !== path || /[<>()]/.test(path)) throw writer.fault(name, 'it is no path without brackets')
  return `<${path}>`
}

// QUIRK: the grammar has the literals of RFC 5321, where "IPv6:" stands before such an address; reports as they are sent, and
// the example of RFC 9477, have the address alone, and that is what readers of them take.
function formatIp(address: string, writer: FieldWriter): string {
  if (parseIpAddress(address)) return address
  throw writer.fault('Source-IP', 'it is no IP address')
}

interface NumberField {
  readonly name: string
  readonly value: number | undefined
  readonly min: number
  readonly max?: number
}

function writeNumber(writer: FieldWriter, { name, value, min, max = Number.MAX_SAFE_INTEGER }: NumberField): void {
  if (value === undefined) return
  if (!Number.isSafeInteger(value) || value < min || value > max) throw writer.fault(name, 'it is no such number')
  writer.text(name, String(value))
}

function writeQuoted(writer: FieldWriter, name: string, text: string | undefined): void {
  if (text !== undefined) writer.text(name, quote(text))
}

function writeBase64(writer: FieldWriter, name: string, text: string | undefined): void {
  if (text === undefined) return
  if (!BASE64.test(text)) throw writer.fault(name, 'it is no Base64')
  const lines = text.match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? []
  // On lines of its own, so that none is longer than the others.
  writer.text(name, lines.join(' '))
}
