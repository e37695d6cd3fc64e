/** A report as the body of a message: RFC 6522 section 3. */

import { isAscii } from '@posthorn/core'
import { textPart } from '../compose/leaf.ts'
import { multipart } from '../compose/multipart.ts'
import type { Part } from '../compose/part.ts'
import type { FormatReportOptions } from './field-writer.ts'
import { type ReportedMessage, typedPart } from './returned-part.ts'

/** What every report that is built has. */
export interface ReportInput {
  /** What it says to people: text, or a part, as one with several languages. */
  readonly text: string | Part
  /** The message that it is about. */
  readonly original?: ReportedMessage
  /** How much of that goes along. */
  readonly returned?: 'full' | 'headers'
}

interface MachineText {
  /** The subtype of `message/…` in US-ASCII. */
  readonly subtype: string
  /** Whether it is of the UTF-8 type however it is written. */
  readonly global?: boolean
  readonly format: (options: FormatReportOptions) => string
}

/**
 * Makes the part for machines, in US-ASCII where that says the same (RFC 6533 section 4.4).
 *
 * @internal
 */
export function machinePart({ subtype, global = false, format }: MachineText): Part {
  const text = format({ utf8: true })
  if (!global && isAscii(text)) return typedPart(`message/${subtype}`, { type: 'text', text: format({ utf8: false }) })
  return typedPart(`message/global-${subtype}`, { type: 'text', text })
}

/**
 * Joins the parts of a report.
 *
 * @internal
 */
export function joinReport(text: string | Part, machine: Part, returned: Part | undefined): Part {
  const first = typeof text === 'string' ? textPart(text, 'text/plain') : text
  // RFC 3464 section 2 (a), RFC 8098 section 3 (a): of the type in UTF-8 the same as of the other.
  const type = machine.mediaType.replace(/^message\/(?:global-)?/, '')
  return multipart('report', [first, machine, ...(returned ? [returned] : [])], { 'report-type': type })
}
