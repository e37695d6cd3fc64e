/** Reports as they are received: RFC 6522, with what stands in RFC 3464, RFC 8098 and RFC 5965. */

import type { HeaderView } from '../parse/header-view.ts'
import type { PartDefect } from '../parse/outline.ts'
import type { MimePart } from '../parse/part.ts'
import type { DeliveryStatus } from './delivery-status.ts'
import type { DispositionNotification } from './disposition-notification.ts'
import type { FeedbackReport } from './feedback-report.ts'

/** What every report has. */
export interface ReportFacts {
  /** What it says to people, as plain text. */
  readonly text?: string
  /** The part that is for machines. */
  readonly part: MimePart
  /** The part with the message that it is about, or with the header of that. */
  readonly original?: MimePart
  /**
   * The header of that message, as far as it came along. Places of its fields are octets of this message where it was parsed
   * with it, else of the content of `original`.
   */
  readonly originalHeader?: HeaderView
  /** The identifier of that message, in angle brackets. */
  readonly originalMessageId?: string
  /** What was doubted; places are octets of the message, of the whole part where that is encoded. */
  readonly defects: readonly PartDefect[]
}

/** How a message went: RFC 3464. */
export interface ReceivedDeliveryReport extends ReportFacts {
  /** What tells it from the others. */
  readonly type: 'delivery'
  /** What the server says. */
  readonly status: DeliveryStatus
}

/** What became of a message: RFC 8098. */
export interface ReceivedDispositionReport extends ReportFacts {
  /** What tells it from the others. */
  readonly type: 'disposition'
  /** What the user agent says. */
  readonly notification: DispositionNotification
}

/** What is thought of a message: RFC 5965. */
export interface ReceivedFeedbackReport extends ReportFacts {
  /** What tells it from the others. */
  readonly type: 'feedback'
  /** What the receiver says. */
  readonly feedback: FeedbackReport
}

/** A report of any kind, as {@link readReport} finds it. */
export type ReceivedReport = ReceivedDeliveryReport | ReceivedDispositionReport | ReceivedFeedbackReport
