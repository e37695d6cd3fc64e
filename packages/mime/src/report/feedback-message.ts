/** The body of a feedback report: RFC 5965 section 2, RFC 6591 section 3. */

import type { Part } from '../compose/part.ts'
import { joinReport, type ReportInput } from './build-report.ts'
import type { FeedbackInput } from './feedback-report.ts'
import { formatFeedbackReport } from './format-feedback-report.ts'
import { type ReportedMessage, returnedPart, typedPart } from './returned-part.ts'

/** A feedback report to build. */
export interface FeedbackReportInput extends ReportInput {
  /** What is told of the message. */
  readonly feedback: FeedbackInput
  /** The message that it is about; required (RFC 5965 section 2 d). */
  readonly original: ReportedMessage
  /** How much of the message goes along; default all of it. */
  readonly returned?: 'full' | 'headers'
}

/**
 * Makes the body of a feedback report. The reverse-path of the message that has it as `body` stays that of its author.
 *
 * @param input What it says to people and to machines, and the message that it is about.
 * @returns The part, `multipart/report`.
 * @throws {MailError} As {@link formatFeedbackReport} and {@link messagePart}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5965#section-2 | RFC 5965 section 2}
 * @example
 * const body = feedbackReport({
 *   text: 'A message was reported as abuse.\n',
 *   feedback: { feedbackType: 'abuse', userAgent: 'Loop/1.0', version: 1 },
 *   original: 'Message-ID: <1@a.example>\r\n\r\nHello\r\n',
 * })
 * body.parts.map(({ mediaType }) => mediaType) // ['text/plain', 'message/feedback-report', 'message/rfc822']
 */
export function feedbackReport({ text, feedback, original, returned = 'full' }: FeedbackReportInput): Part {
  const machine = typedPart('message/feedback-report', { type: 'text', text: formatFeedbackReport(feedback) })
  return joinReport(text, machine, returnedPart(original, returned))
}
