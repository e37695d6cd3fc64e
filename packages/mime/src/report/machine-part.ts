/** Which part of a message is the report for machines: RFC 6522 section 3, also where what is around it is wrong. */

import type { ParsedMessage } from '../parse/message.ts'
import type { MimePart } from '../parse/part.ts'
import { findParameter } from '../type/content-type.ts'
import { readDeliveryStatus } from './read-delivery-status.ts'
import { readDispositionNotification } from './read-disposition-notification.ts'
import { readFeedbackReport } from './read-feedback-report.ts'

/** @internal */
export type ReportKind = 'delivery' | 'disposition' | 'feedback'

/** @internal */
export interface MachinePart {
  readonly kind: ReportKind
  readonly part: MimePart
  /** The multipart that it stands in; absent where it is the message. */
  readonly container?: MimePart
  /** Whether its type says that it is one. */
  readonly isTyped: boolean
}

const KINDS: Readonly<Record<string, ReportKind>> = {
  'delivery-status': 'delivery',
  'global-delivery-status': 'delivery',
  'disposition-notification': 'disposition',
  'global-disposition-notification': 'disposition',
  'feedback-report': 'feedback',
}

/**
 * The subtype of the part that a report type names (RFC 6522 section 3).
 *
 * @internal
 */
export const REPORT_TYPES: Readonly<Record<ReportKind, string>> = {
  delivery: 'delivery-status',
  disposition: 'disposition-notification',
  feedback: 'feedback-report',
}

/**
 * Finds the part: the first of its types, of a report before any other, but none within a message that is forwarded; then
 * the second part of a report, where its content shows that it is one.
 *
 * @internal
 */
export function findMachinePart(message: ParsedMessage): MachinePart | undefined {
  const parts = partsOf(message.root)
  const typed = parts.filter(({ part }) => kindOf(part) !== undefined)
  const found = typed.find(({ container }) => container && isReport(container)) ?? typed[0]
  if (found) return { ...found, kind: kindOf(found.part)!, isTyped: true }
  for (const { part, container } of parts) {
    if (!container || !isReport(container) || container.parts[1] !== part) continue
    const kind = kindOfContent(message, part, container)
    if (kind) return { kind, part, container, isTyped: false }
  }
  return undefined
}

interface Placed {
  readonly part: MimePart
  readonly container?: MimePart
}

// In the order in which they stand, without those of a message within.
function partsOf(root: MimePart): Placed[] {
  const all: Placed[] = []
  const visits: Placed[] = [{ part: root }]
  for (let visit = visits.pop(); visit; visit = visits.pop()) {
    all.push(visit)
    const { part } = visit
    if (part.contentType.type !== 'multipart') continue
    visits.push(...part.parts.map((one) => ({ part: one, container: part })).reverse())
  }
  return all
}

/** @internal */
export function isReport({ contentType }: MimePart): boolean {
  return contentType.type === 'multipart' && contentType.subtype === 'report'
}

function kindOf({ contentType }: MimePart): ReportKind | undefined {
  const { type, subtype } = contentType
  return type === 'message' && Object.hasOwn(KINDS, subtype) ? KINDS[subtype] : undefined
}

/** @internal */
export function reportTypeOf({ contentType }: MimePart): string | undefined {
  return findParameter(contentType.parameters, 'report-type')?.trim().toLowerCase()
}

function kindOfContent(message: ParsedMessage, part: MimePart, container: MimePart): ReportKind | undefined {
  const stated = reportTypeOf(container)
  const kind = stated !== undefined && Object.hasOwn(KINDS, stated) ? KINDS[stated] : undefined
  if (kind === undefined || part.parts.length > 0) return undefined
  const { bytes } = message.contentOf(part)
  const limits = { maxRecipients: 1, maxFields: 100, maxDefects: 0 }
  const shows = {
    delivery: () => readDeliveryStatus(bytes, limits).status.recipients.length > 0,
    disposition: () => readDispositionNotification(bytes, limits).notification.disposition !== undefined,
    feedback: () => readFeedbackReport(bytes, limits).feedback.feedbackType !== undefined,
  }
  return shows[kind]() ? kind : undefined
}
