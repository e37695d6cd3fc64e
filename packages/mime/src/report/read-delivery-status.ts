/** Delivery status as it is received: RFC 3464 section 2, RFC 6533 section 4.1. */

import type { ParsedField } from '../parse/fields.ts'
import { withoutComments } from '../syntax/comment.ts'
import { type Place, ReportDefects } from './defect.ts'
import {
  ACTIONS,
  type DeliveryStatus,
  type DeliveryStatusReading,
  type LocalizedDiagnostic,
  type RecipientStatus,
} from './delivery-status.ts'
import { type Diagnostic, readDiagnostic } from './diagnostic.ts'
import { REPORT_LIMITS, type ReadReportOptions, readBlocks } from './field-block.ts'
import { FieldGroup, type GroupContext, readPlainText } from './field-group.ts'
import { defined } from './optional.ts'
import { leadingStatus, readStatusCode, type StatusCode } from './status-code.ts'
import { sortFields } from './status-groups.ts'
import { cutType, type Doubt, readMtaName, readTypedAddress } from './typed-value.ts'

/**
 * Reads the content of a part of type `message/delivery-status` or `message/global-delivery-status`. Nothing in it is an
 * error: what lacks is absent, what is doubtful is a defect, and all fields are there as they stand.
 *
 * Groups that no empty line parts are told apart by their recipients, and a group that one has cut is joined. Where there is
 * no status, it is that of the diagnostic.
 *
 * @param content The content, its transfer encoding undone; a string is taken as UTF-8.
 * @param options Limits, and whether UTF-8 is right in it.
 * @returns What it says, its fields, and the defects; of a field that is there twice the first counts.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3464#section-2.1 | RFC 3464 section 2.1}
 * @example
 * const { status, defects } = readDeliveryStatus(
 *   'Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; b@c.example\nAction: failed\nStatus: 5.1.1 (no such user)\n' +
 *     'Diagnostic-Code: smtp; 550-5.1.1 No such user\n 550 5.1.1 Sorry\n',
 * )
 * status.reportingMta // { type: 'dns', name: 'a.example' }
 * const [recipient] = status.recipients
 * recipient?.finalRecipient // { type: 'rfc822', address: 'b@c.example' }
 * recipient?.status // { class: 5, subject: 1, detail: 1 }
 * recipient?.diagnostic?.reply?.lines // ['No such user', 'Sorry']
 * defects // []
 */
export function readDeliveryStatus(
  content: Uint8Array | string,
  options: ReadReportOptions = {},
): DeliveryStatusReading {
  const limits = { ...REPORT_LIMITS, ...options }
  const defects = new ReportDefects(limits.maxDefects)
  const { octets, blocks } = readBlocks(content, { ...limits, defects })
  const { message, recipients } = sortFields(blocks, { ...limits, defects })
  const context = { octets, defects }
  const status = readMessage(message, context)
  const read = recipients.map((fields) => readRecipient(fields, context))
  if (read.length === 0) defects.add('missing-field', { start: octets.length, end: octets.length }, 'Final-Recipient')
  return { status: { ...status, recipients: read }, fields: [message, ...recipients], defects: defects.list }
}

function readMessage(fields: readonly ParsedField[], context: GroupContext): Omit<DeliveryStatus, 'recipients'> {
  const group = new FieldGroup(fields, context)
  return defined<Omit<DeliveryStatus, 'recipients'>>({
    envelopeId: group.text('Original-Envelope-Id'),
    reportingMta: group.read(group.required('Reporting-MTA'), readMtaName),
    gateway: group.mta('DSN-Gateway'),
    receivedFromMta: group.mta('Received-From-MTA'),
    arrivalDate: group.date('Arrival-Date'),
    extensions: group.rest(),
  })
}

function readRecipient(fields: readonly ParsedField[], context: GroupContext): RecipientStatus {
  const group = new FieldGroup(fields, context)
  const originalRecipient = group.address('Original-Recipient')
  const finalRecipient = group.read(group.required('Final-Recipient'), readTypedAddress)
  const action = group.read(group.required('Action'), readAction)
  const code = group.once('Diagnostic-Code')
  const diagnostic = code && readDiagnostic(group.lines(code), group.doubtOf(code))
  const status = readStatus(group, { context, diagnostic, place: code })
  const localized = group.all('Localized-Diagnostic').map((field) => readLocalized(field.value, group.doubtOf(field)))
  const retry = group.once('Will-Retry-Until')
  // RFC 3464 section 2.3.9:
  if (retry && action !== undefined && action !== 'delayed') context.defects.add('retry-without-delay', retry)
  return defined<RecipientStatus>({
    originalRecipient,
    finalRecipient,
    action,
    status,
    remoteMta: group.mta('Remote-MTA'),
    diagnostic,
    localizedDiagnostics: localized.length > 0 ? localized : undefined,
    lastAttemptDate: group.date('Last-Attempt-Date'),
    finalLogId: group.text('Final-Log-ID'),
    willRetryUntil: group.date('Will-Retry-Until'),
    extensions: group.rest(),
  })
}

function readAction(text: string, doubt: Doubt): string {
  const action = withoutComments(text).toLowerCase()
  if (!ACTIONS.includes(action)) doubt('bad-action')
  return action
}

interface StatusSource {
  readonly context: GroupContext
  readonly diagnostic: Diagnostic | undefined
  readonly place: Place | undefined
}

function readStatus(group: FieldGroup, { context, diagnostic, place }: StatusSource): StatusCode | undefined {
  const status = group.read(group.required('Status'), readStatusCode)
  if (status || !diagnostic || !place) return status
  const other = diagnostic.reply?.enhanced ?? leadingStatus(diagnostic.text.replace(/^#/, ''))?.status
  if (other) context.defects.add('status-from-diagnostic', place)
  return other
}

function readLocalized(text: string, doubt: Doubt): LocalizedDiagnostic {
  const typed = cutType(text)
  if (!typed) doubt('missing-type')
  return { language: typed?.type ?? 'und', text: readPlainText(typed?.value ?? text) }
}
