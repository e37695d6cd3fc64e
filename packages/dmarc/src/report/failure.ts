/**
 * Failure reports: when one is asked for, and the mail that carries it. RFC 9991, RFC 9989 section 4.7 for `fo`, RFC 6591
 * section 3. Out of scope: how many are sent, which RFC 9991 section 8.1 wants limited, and redaction of addresses (RFC 6590).
 */

import { known } from '@posthorn/core'
import {
  type AddressInput,
  type ComposeContext,
  type ComposedMessage,
  compose,
  type FeedbackInput,
  feedbackReport,
  type ReportedMessage,
} from '@posthorn/mime'
import type { DmarcFailureOption } from '../record.ts'
import type { DmarcMechanism, DmarcVerdict } from '../verdict.ts'
import { reportFault } from './error.ts'

/** What was found of a message beside the verdict. */
export interface FailureResults {
  /** The result of each signature, in the words of RFC 8601; default none. */
  readonly dkim?: readonly string[]
  /** The result of SPF, likewise; default none. */
  readonly spf?: string
}

const DKIM_FAILED: ReadonlySet<string> = new Set(['fail', 'permerror', 'policy'])
const SPF_FAILED: ReadonlySet<string> = new Set(['fail', 'softfail', 'permerror'])

/**
 * Tells whether a domain asks for a failure report on a message, by `ruf` and `fo` of its record.
 *
 * @param verdict What DMARC says of the message.
 * @param results What the mechanisms said, aligned or not, which `fo=d` and `fo=s` ask about.
 * @returns The options that ask for one, in the record's order; none where no report is due. A public suffix is never sent
 * one (RFC 9991 section 2), as it would tell of mail that is not its own.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-4.7 | RFC 9989 section 4.7}
 * @example
 * import { evaluateDmarc } from '@posthorn/dmarc'
 * import { MemoryZone } from '@posthorn/dns'
 * const record = 'v=DMARC1; p=reject; fo=1:s; ruf=mailto:f@example.com'
 * const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', record)
 * const dkim = [{ domain: 'example.com', result: 'pass' }]
 * const verdict = await evaluateDmarc({ authorDomains: ['example.com'], dkim }, { resolver })
 * failureReportDue(verdict, { dkim: ['pass'], spf: 'none' }) // ['1']
 */
export function failureReportDue(verdict: DmarcVerdict, results: FailureResults = {}): readonly DmarcFailureOption[] {
  const { record } = verdict
  if (!record || record.ruf.length === 0 || record.psd === 'y') return []
  const { dkim = [], spf = 'none' } = results
  const failed = failedMechanisms(verdict)
  const asks: Readonly<Record<DmarcFailureOption, boolean>> = {
    '0': verdict.result === 'fail' && failed.length === 2,
    '1': failed.length > 0,
    d: dkim.some((result) => DKIM_FAILED.has(result)),
    s: SPF_FAILED.has(spf),
  }
  return record.fo.filter((option) => asks[option])
}

// Those that authenticated no aligned domain, for certain.
function failedMechanisms({ dkim, spf }: DmarcVerdict): readonly DmarcMechanism[] {
  const failed: DmarcMechanism[] = []
  if (dkim?.result === 'fail') failed.push('dkim')
  if (spf?.result === 'fail') failed.push('spf')
  return failed
}

/** A failure report to make. */
export interface FailureReportInput
  extends Pick<
    FeedbackInput,
    'arrivalDate' | 'deliveryResult' | 'envelopeId' | 'mailFrom' | 'rcptTo' | 'reportingMta' | 'sourceIp' | 'sourcePort'
  > {
  /** What DMARC says of the message. */
  readonly verdict: DmarcVerdict
  /** What was found of it, as text of RFC 8601: the value of its Authentication-Results field. */
  readonly authenticationResults: string
  /** The message. */
  readonly original: ReportedMessage
  /**
   * How much of it goes along; default its header alone, as its text is nobody's but its reader's. The header, and
   * `mailFrom` and `rcptTo`, tell addresses too: leave out or redact what shall not be known (RFC 6590).
   */
  readonly returned?: 'full' | 'headers'
  /** The program that reports, as `Posthorn/0.1`. */
  readonly userAgent: string
  /** Required where a signature of an aligned domain failed: what the signature names. */
  readonly signature?: Required<Pick<FeedbackInput, 'dkimDomain' | 'dkimSelector'>> &
    Pick<FeedbackInput, 'dkimIdentity' | 'dkimSelectorDns' | 'dkimCanonicalizedHeader' | 'dkimCanonicalizedBody'>
  /** Required where SPF of an aligned domain failed: the records that were used. */
  readonly spfDns?: FeedbackInput['spfDns']
}

/**
 * Gives what a failure report tells to machines.
 *
 * @param input The verdict and the message.
 * @returns What `feedbackReport` of `@posthorn/mime` takes.
 * @throws {MailError} `DMARC_REPORT_NOT_DUE` where both mechanisms passed aligned, or the message has no author domain.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9991#section-4 | RFC 9991 section 4}
 * @example
 * import { evaluateDmarc } from '@posthorn/dmarc'
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; ruf=mailto:f@example.com')
 * const verdict = await evaluateDmarc({ authorDomains: ['example.com'] }, { resolver })
 * const feedback = failureFeedback({
 *   verdict, userAgent: 'Loop/1.0', authenticationResults: 'mx.example; dmarc=fail', original: 'Subject: Hi\r\n\r\n',
 * })
 * feedback.identityAlignment // ['dkim', 'spf']
 * feedback.reportedDomains // ['example.com']
 */
export function failureFeedback(input: FailureReportInput): FeedbackInput {
  const { verdict, signature, spfDns, userAgent, authenticationResults } = input
  const identityAlignment = failedMechanisms(verdict)
  const { authorDomain } = verdict
  if (identityAlignment.length === 0 || authorDomain === undefined) {
    throw reportFault('DMARC_REPORT_NOT_DUE', 'report a failure: nothing failed', 'rfc9991#section-4')
  }
  const { arrivalDate, deliveryResult, envelopeId, mailFrom, rcptTo, reportingMta, sourceIp, sourcePort } = input
  return {
    feedbackType: 'auth-failure',
    userAgent,
    version: 1,
    authFailure: 'dmarc',
    identityAlignment,
    authenticationResults: [authenticationResults],
    reportedDomains: [authorDomain],
    ...known({ arrivalDate, deliveryResult, envelopeId, mailFrom, rcptTo, reportingMta, sourceIp, sourcePort, spfDns }),
    ...(signature && { dkimIdentity: `@${signature.dkimDomain}`, ...signature }),
  }
}

/** The mail that carries a failure report, to be composed. */
export interface FailureReportMessageInput extends FailureReportInput {
  /** Whom it is from; the mail should pass DMARC for its domain, lest it be reported itself. */
  readonly from: AddressInput
  /** Where it goes: the addresses of `ruf` that may be used. */
  readonly to: AddressInput | readonly AddressInput[]
  /** The subject; default names the author domain. */
  readonly subject?: string
  /** What it says to people; default what failed. */
  readonly text?: string
}

/**
 * Composes the mail that carries a failure report; `readReport` of `@posthorn/mime` reads it.
 *
 * @param input The verdict, the message, and whom the mail is from and for.
 * @param context The time and randomness.
 * @returns The message.
 * @throws {MailError} As {@link failureFeedback}, `feedbackReport` and `compose`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9991#section-2 | RFC 9991 section 2}
 * @example
 * import { evaluateDmarc } from '@posthorn/dmarc'
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; ruf=mailto:f@example.com')
 * const verdict = await evaluateDmarc({ authorDomains: ['example.com'] }, { resolver })
 * const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
 * const message = failureReportMessage(
 *   {
 *     verdict, userAgent: 'Loop/1.0', authenticationResults: 'mx.example; dmarc=fail', original: 'Subject: Hi\r\n\r\n',
 *     from: 'reports@mx.example', to: 'f@example.com',
 *   },
 *   context,
 * )
 * message.envelope.forwardPaths // ['f@example.com']
 */
export function failureReportMessage(input: FailureReportMessageInput, context: ComposeContext): ComposedMessage {
  const { from, to, original, returned = 'headers', verdict } = input
  const feedback = failureFeedback(input)
  const { authorDomain } = verdict
  const failed = feedback.identityAlignment!.join(' and ')
  const text = input.text ?? `A message from ${authorDomain} was not authenticated for that domain by ${failed}.\n`
  return compose(
    {
      from,
      to,
      subject: input.subject ?? `DMARC failure report for ${authorDomain}`,
      headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
      body: feedbackReport({ text, feedback, original, returned }),
    },
    context,
  )
}
