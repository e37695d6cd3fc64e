/** Aggregate reports in mail: RFC 9990 section 3.5.2. Out of scope: the signature that must align, and sending. */

import { decodeLatin1, MailError } from '@posthorn/core'
import {
  type AddressInput,
  type ComposeContext,
  type ComposedMessage,
  compose,
  findParameter,
  type MimePart,
  type ParsedMessage,
} from '@posthorn/mime'
import { type ReadAggregateReport, readAggregateReport } from './aggregate-report.ts'
import type { AggregateReportDefect } from './defect.ts'
import { reportFault } from './error.ts'
import { encodeAggregateReport } from './format-report.ts'
import { type AggregateReportLimits, REPORT_LIMITS } from './limits.ts'
import type { AggregateReport } from './model.ts'
import { aggregateReportFileName, aggregateReportSubject } from './names.ts'
import { packingOf, type ReportPacking } from './unpack.ts'

const SPEC = 'rfc9990#section-3.5.2'

/** A mail that carries a report, to be composed. */
export interface AggregateReportMessageInput {
  /** The report. */
  readonly report: AggregateReport
  /** The domain that reports. */
  readonly receiver: string
  /** Whom it is from; the mail must pass DMARC for its domain. */
  readonly from: AddressInput
  /** Where it goes: the addresses of `rua` that may be used. */
  readonly to: AddressInput | readonly AddressInput[]
  /** What it says to people; default a line on what it is. */
  readonly text?: string
  /** Whether the report is compressed; default true. */
  readonly gzip?: boolean
  /** The identifier of the mail in angle brackets; default a random one. */
  readonly messageId?: string
}

/**
 * Composes the mail that carries a report: the text, and the report as a file. It is to be signed, so that it passes DMARC.
 *
 * @param input The report, and whom it is from and for.
 * @param context The time and randomness.
 * @returns The message. The same report gives the same file under the same name, when it is sent again.
 * @throws {MailError} As {@link aggregateReportFileName}, {@link aggregateReportSubject}, `formatAggregateReport` and
 * `compose`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.5.2 | RFC 9990 section 3.5.2}
 * @example
 * import { parseMessage } from '@posthorn/mime'
 * const record = {
 *   sourceIp: '192.0.2.1', count: 3, disposition: 'none', dkim: 'pass', spf: 'fail', reasons: [],
 *   headerFrom: 'example.com', dkimResults: [], spfResults: [], extensions: [],
 * } as const
 * const report = {
 *   organizationName: 'Receiver', email: 'dmarc@mx.example', reportId: '1', begin: 0, end: 86399, errors: [],
 *   policy: { domain: 'example.com', p: 'none' }, records: [record], extensions: [],
 * } as const
 * const message = aggregateReportMessage(
 *   { report, receiver: 'mx.example', from: 'dmarc@mx.example', to: 'd@example.com' },
 *   { now: new Date(0), random: (length) => new Uint8Array(length) },
 * )
 * const parsed = parseMessage(message.bytes())
 * parsed.subject // 'Report Domain: example.com Submitter: mx.example Report-ID: <1>'
 * readAggregateReportMessage(parsed).fileName // 'mx.example!example.com!0!86399!1.xml.gz'
 */
export function aggregateReportMessage(input: AggregateReportMessageInput, context: ComposeContext): ComposedMessage {
  const { report, receiver, from, to, gzip = true, messageId } = input
  const { begin, end, reportId } = report
  const names = { receiver, domain: report.policy.domain }
  // RFC 9990 section 3.1.4: an identifier in the name is the one of the report.
  const uniqueId = /^[A-Za-z0-9]{1,255}$/.test(reportId) ? { uniqueId: reportId } : {}
  const filename = aggregateReportFileName({ ...names, begin, end, ...uniqueId, extension: gzip ? 'xml.gz' : 'xml' })
  const text = input.text ?? `This is a DMARC aggregate report of ${receiver} for ${names.domain}.\n`
  return compose(
    {
      from,
      to,
      subject: aggregateReportSubject(names, { reportId }),
      ...(messageId !== undefined && { messageId }),
      headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
      text,
      attachments: [
        {
          content: encodeAggregateReport(report, { gzip }),
          contentType: gzip ? 'application/gzip' : 'text/xml; charset=utf-8',
          filename,
        },
      ],
    },
    context,
  )
}

/** A report that came by mail. */
export interface AggregateReportMail extends ReadAggregateReport {
  /** The part that it is in. */
  readonly part: MimePart
  /** The name of its file, as it was sent: anything; absent where it has none. */
  readonly fileName?: string
}

/**
 * Reads the report that a mail carries, wherever in it, and whatever it says that it is.
 *
 * Anybody can send a report: believe it only of a mail that passes DMARC for a domain that the receiver is known by.
 *
 * @param message What `parseMessage` gives.
 * @param limits How much is read.
 * @returns The report, and where it was; of several the first one that can be read.
 * @throws {MailError} `DMARC_REPORT_UNREADABLE` for a message without one, else as {@link readAggregateReport}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.5.2 | RFC 9990 section 3.5.2}
 * @example
 * import { parseMessage } from '@posthorn/mime'
 * const read = readAggregateReportMessage(parseMessage('Content-Type: text/xml\r\n\r\n<feedback/>'))
 * read.part.path // '1'
 * read.defects[0] // { code: 'missing', path: 'report_metadata' }
 * readAggregateReportMessage(parseMessage('Subject: Hi\r\n\r\nHello')) // throws DMARC_REPORT_UNREADABLE
 */
export function readAggregateReportMessage(
  message: ParsedMessage,
  limits: AggregateReportLimits = {},
): AggregateReportMail {
  const { candidates, isOver } = candidatesOf(message, limits)
  let failure = isOver ? tooLarge() : undefined
  for (const { part, bytes } of candidates) {
    try {
      const read = readAggregateReport(bytes, limits)
      return {
        ...read,
        defects: [...doubtsOf(part, read.packing, candidates.length), ...read.defects],
        ...placeOf(part),
      }
    } catch (error) {
      if (!(error instanceof MailError)) throw error
      failure ??= error
    }
  }
  throw failure ?? reportFault('DMARC_REPORT_UNREADABLE', 'find a report in the message', SPEC)
}

interface Candidates {
  readonly candidates: readonly { readonly part: MimePart; readonly bytes: Uint8Array }[]
  /** Whether a part was left out for its size. */
  readonly isOver: boolean
}

// HAZARD: each may be read up to the limits.
const MAX_CANDIDATES = 4
const HEAD = 65_536
const ENCODED = 1.5

// Parts that begin as an archive, or have XML of a report near their front.
function candidatesOf(message: ParsedMessage, { maxSize = REPORT_LIMITS.maxSize }: AggregateReportLimits): Candidates {
  const candidates: { readonly part: MimePart; readonly bytes: Uint8Array }[] = []
  let isOver = false
  const visits = [message.root]
  for (let part = visits.pop(); part && candidates.length < MAX_CANDIDATES; part = visits.pop()) {
    for (let at = part.parts.length - 1; at >= 0; at--) visits.push(part.parts[at]!)
    if (part.parts.length > 0) continue
    if (part.body.end - part.body.start > maxSize * ENCODED) {
      isOver = true
      continue
    }
    const { bytes } = message.contentOf(part)
    if (isLikely(bytes)) candidates.push({ part, bytes })
  }
  return { candidates, isOver }
}

function tooLarge(): MailError {
  return reportFault('DMARC_REPORT_TOO_LARGE', 'read report: a part of the message is too large', 'rfc9990#section-8.1')
}

function isLikely(bytes: Uint8Array): boolean {
  if (packingOf(bytes) !== 'xml') return true
  // Without NUL, UTF-16 reads as US-ASCII here.
  const head = decodeLatin1(bytes.subarray(0, HEAD)).replaceAll('\0', '')
  return /<(?:[\w.-]{1,32}:)?feedback[\s/>]/.test(head)
}

const MEDIA_TYPES: Readonly<Record<ReportPacking, readonly string[]>> = {
  gzip: ['application/gzip', 'application/x-gzip'],
  zip: ['application/zip', 'application/x-zip-compressed'],
  xml: ['application/xml', 'text/xml'],
}

function doubtsOf(part: MimePart, packing: ReportPacking, candidates: number): AggregateReportDefect[] {
  const { type, subtype } = part.contentType
  const mediaType = `${type}/${subtype}`
  const doubts: AggregateReportDefect[] = []
  if (!MEDIA_TYPES[packing].includes(mediaType)) doubts.push({ code: 'wrong-media-type', path: '', text: mediaType })
  if (candidates > 1) doubts.push({ code: 'several-files', path: '' })
  return doubts
}

function placeOf(part: MimePart): Pick<AggregateReportMail, 'part' | 'fileName'> {
  const fileName = part.disposition?.filename ?? findParameter(part.contentType.parameters, 'name')
  return { part, ...(fileName !== undefined && { fileName }) }
}
