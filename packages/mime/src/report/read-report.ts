/** Reads a message as a report: RFC 6522, RFC 3464, RFC 8098, RFC 5965, RFC 6533. */

import type { ParsedMessage } from '../parse/message.ts'
import type { PartDefect } from '../parse/outline.ts'
import type { MimePart } from '../parse/part.ts'
import type { ReportDefect, ReportDefectCode } from './defect.ts'
import type { ReadReportOptions } from './field-block.ts'
import { findMachinePart, isReport, type MachinePart, REPORT_TYPES, reportTypeOf } from './machine-part.ts'
import { readDeliveryStatus } from './read-delivery-status.ts'
import { readDispositionNotification } from './read-disposition-notification.ts'
import { readFeedbackReport } from './read-feedback-report.ts'
import type { ReceivedReport, ReportFacts } from './received-report.ts'
import { findReturned, readReturnedHeader } from './returned-header.ts'

/**
 * Reads a message as a report of delivery, of disposition, or of feedback. Nothing in it is an error; what breaks the rules
 * is a defect. The report is found where the message around it is wrong too; one within a message that is forwarded belongs to
 * that.
 *
 * Anybody can make up a report: what it says of a message is to be believed only of one that was sent, which
 * `originalMessageId`, the envelope identifier and the recipients tell.
 *
 * @param message What {@link parseMessage} gives.
 * @param options Limits.
 * @returns The report; nothing for a message that is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6522#section-3 | RFC 6522 section 3}
 * @example
 * const lines = [
 *   'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '',
 *   '--b', '', 'It did not arrive.', '--b', 'Content-Type: message/delivery-status', '',
 *   'Reporting-MTA: dns; a.example', '', 'Final-Recipient: rfc822; b@c.example', 'Action: failed', 'Status: 5.1.1',
 *   '--b', 'Content-Type: text/rfc822-headers', '', 'Message-ID: <1@a.example>', '--b--', '',
 * ]
 * const report = readReport(parseMessage(lines.join('\r\n')))
 * report?.type // 'delivery'
 * report?.text // 'It did not arrive.'
 * report?.originalMessageId // '<1@a.example>'
 * report?.defects // []
 * readReport(parseMessage('Subject: Hi\r\n\r\nHello')) // undefined
 */
export function readReport(message: ParsedMessage, options: ReadReportOptions = {}): ReceivedReport | undefined {
  const found = findMachinePart(message)
  if (!found) return undefined
  const { part, kind } = found
  const { bytes } = message.contentOf(part)
  const limits = { utf8: part.contentType.subtype.startsWith('global-'), ...options }
  if (kind === 'delivery') {
    const { status, defects } = readDeliveryStatus(bytes, limits)
    return { type: kind, status, ...factsOf(message, found, defects) }
  }
  if (kind === 'feedback') {
    const { feedback, defects } = readFeedbackReport(bytes, limits)
    return { type: kind, feedback, ...factsOf(message, found, defects) }
  }
  const { notification, defects } = readDispositionNotification(bytes, limits)
  const { originalMessageId, ...facts } = factsOf(message, found, defects)
  const id = notification.originalMessageId ?? originalMessageId
  return { type: kind, notification, ...facts, ...(id !== undefined && { originalMessageId: id }) }
}

function factsOf(message: ParsedMessage, found: MachinePart, defects: readonly ReportDefect[]): ReportFacts {
  const { part, container } = found
  const beside = container?.parts ?? []
  const text = textBefore(message, beside, part)
  const original = findReturned(beside, part)
  const originalHeader = original && readReturnedHeader(message, original)
  const originalMessageId = originalHeader?.ids('message-id')[0]
  return {
    ...(text !== undefined && { text }),
    part,
    ...(original && { original }),
    ...(originalHeader && { originalHeader }),
    ...(originalMessageId !== undefined && { originalMessageId }),
    defects: [
      ...doubtsOf(found, { hasText: text !== undefined, hasOriginal: original !== undefined }),
      ...placed(part, defects),
    ],
  }
}

// RFC 6522 section 3: what is for people stands first, perhaps in several forms.
function textBefore(message: ParsedMessage, beside: readonly MimePart[], machine: MimePart): string | undefined {
  const visits = beside.slice(0, beside.indexOf(machine)).reverse()
  for (let part = visits.pop(); part; part = visits.pop()) {
    const { type, subtype } = part.contentType
    if (type === 'text' && subtype === 'plain') return message.textOf(part)
    if (type === 'multipart') visits.push(...[...part.parts].reverse())
  }
  return undefined
}

function doubtsOf(
  { part, kind, container, isTyped }: MachinePart,
  { hasText, hasOriginal }: { readonly hasText: boolean; readonly hasOriginal: boolean },
): PartDefect[] {
  const defects: PartDefect[] = []
  const doubt = (code: ReportDefectCode, { path, header }: MimePart, other?: string) =>
    defects.push({ code, part: path, ...header, ...(other !== undefined && { other }) })
  if (!container || !isReport(container)) doubt('not-a-report', container ?? part)
  else {
    const stated = reportTypeOf(container)
    if (stated === undefined) doubt('missing-report-type', container)
    else if (stated.replace(/^global-/, '') !== REPORT_TYPES[kind]) doubt('wrong-report-type', container, stated)
    if (container.parts[1] !== part) doubt('misplaced-part', part)
  }
  if (!isTyped) doubt('wrong-part-type', part)
  // RFC 6533 section 4.4 allows it of message/global-… alone.
  if (isEncoded(part) && !part.contentType.subtype.startsWith('global-')) doubt('encoded-report', part, part.encoding)
  if (container && !hasText) doubt('missing-text', container)
  // RFC 5965 section 2 (d):
  if (kind === 'feedback' && !hasOriginal) doubt('missing-original', container ?? part)
  return defects
}

function isEncoded({ encoding }: MimePart): boolean {
  return encoding === 'base64' || encoding === 'quoted-printable'
}

// What is encoded has no places within.
function placed(part: MimePart, defects: readonly ReportDefect[]): PartDefect[] {
  const { path, body } = part
  return defects.map(({ start, end, ...defect }) => {
    const place = isEncoded(part) ? body : { start: body.start + start, end: body.start + end }
    return { ...defect, part: path, start: place.start, end: place.end }
  })
}
