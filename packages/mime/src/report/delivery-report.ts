/** The body of a delivery status notification: RFC 3464 section 2, RFC 6533 section 4. */

import type { Part } from '../compose/part.ts'
import { joinReport, machinePart, type ReportInput } from './build-report.ts'
import type { DeliveryStatusInput } from './delivery-status.ts'
import { formatDeliveryStatus } from './format-delivery-status.ts'
import { returnedPart } from './returned-part.ts'

/** A delivery status notification to build. */
export interface DeliveryReportInput extends ReportInput {
  /** How the message went. */
  readonly status: DeliveryStatusInput
  /** How much of the message goes along; default all of it if a recipient failed, else its header (RFC 3461 section 4.3). */
  readonly returned?: 'full' | 'headers'
}

/**
 * Makes the body of a delivery status notification, in UTF-8 (`message/global-…`) where an address or a text needs it. The
 * message that has it as `body` is for the reverse-path of the original, and its own is the null one.
 *
 * @param input What it says to people and to machines, and the message that it is about.
 * @returns The part, `multipart/report`.
 * @throws {MailError} As {@link formatDeliveryStatus} and {@link messagePart}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3464#section-2 | RFC 3464 section 2}
 * @example
 * const status = { class: 5, subject: 1, detail: 1 } as const
 * const recipient = { finalRecipient: typedAddress('b@c.example'), action: 'failed', status } as const
 * const body = deliveryReport({
 *   text: 'Your message to b@c.example did not arrive.\n',
 *   status: { reportingMta: { type: 'dns', name: 'mx.example' }, recipients: [recipient] },
 *   original: 'Message-ID: <1@a.example>\r\nSubject: Hi\r\n\r\nHello\r\n',
 * })
 * body.parts.map(({ mediaType }) => mediaType) // ['text/plain', 'message/delivery-status', 'message/rfc822']
 * const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
 * const headers = [{ name: 'Auto-Submitted', value: 'auto-replied' }]
 * const message = compose({ from: 'postmaster@mx.example', to: 'a@a.example', subject: 'Not sent', headers, body }, context)
 * message.envelope // { reversePath: '', forwardPaths: ['a@a.example'] }
 */
export function deliveryReport({ text, status, original, returned }: DeliveryReportInput): Part {
  const hasFailed = status.recipients.some(({ action }) => action === 'failed')
  const machine = machinePart({
    subtype: 'delivery-status',
    global: status.recipients.some(({ localizedDiagnostics = [] }) => localizedDiagnostics.length > 0),
    format: (options) => formatDeliveryStatus(status, options),
  })
  const part = original === undefined ? undefined : returnedPart(original, returned ?? (hasFailed ? 'full' : 'headers'))
  return joinReport(text, machine, part)
}
