/**
 * Which names to ask for a record, and what the answers come to: "Assertion Record Discovery" of BIMI draft 14. The
 * selector at the author domain comes first, then the same selector at the organizational domain; beside each there may
 * be a record for the local part. So four questions are the most.
 */

import { isDomain, type MailError } from '@posthorn/core'
import { type Answer, normalizeDnsName } from '@posthorn/dns'
import type { PolicyErrorCode } from '../error.ts'
import { localPartSelector } from './local-part.ts'
import { bimiRecordName, isBimiDeclined, type ParsedBimiRecord, selectBimiRecord } from './record.ts'

/** Whose record is looked for. */
export interface BimiSender {
  /** The author domain, as A-labels. */
  readonly domain: string
  /** Its organizational domain; default the author domain itself. */
  readonly organizationalDomain?: string
  /** Which record; default `default`. `chooseBimiSelector` tells which. */
  readonly selector?: string
  /** What stands before the `@` in the From field, for records with `lps=true`; without it they count as they are. */
  readonly localPart?: string
}

/** A name is to be asked for. */
export interface AskBimiStep {
  /** A question is next. */
  readonly type: 'ask'
  /** The name, whose TXT records are wanted. */
  readonly name: string
}

/** A record was found. */
export interface FoundBimiStep {
  /** `found`: it names an indicator, or evidence alone, which is worth nothing; `declined`: none is to be shown. */
  readonly type: 'found' | 'declined'
  /** The record. */
  readonly record: ParsedBimiRecord
  /** The domain that it belongs to: `header.d` of an Authentication-Results field. */
  readonly domain: string
  /** Its selector: `header.selector` of that field. */
  readonly selector: string
}

/** There is no record that counts. */
export interface NoBimiStep {
  /** None that counts. */
  readonly type: 'none'
  /** `absent`; `several`: none counts; `malformed`: it is wrong; `bad-name`: no name can be made of the selector. */
  readonly reason: 'absent' | 'bad-name' | 'malformed' | 'several'
  /** What is wrong with it. */
  readonly error?: MailError<PolicyErrorCode>
}

/** The DNS could not say. */
export interface FailedBimiStep {
  /** A later try may tell. */
  readonly type: 'failed'
}

/** What is next. */
export type BimiStep = AskBimiStep | FoundBimiStep | NoBimiStep | FailedBimiStep

type Answers = ReadonlyMap<string, Answer<'TXT'>>

/**
 * Gives the next name to ask for, or what the answers so far come to. The caller puts each answer beside the others, by
 * its name, and comes again.
 *
 * @param sender Whose record is looked for; DMARC has passed for its domain.
 * @param answers The answers so far, by name.
 * @returns The next question, or the end.
 * @throws {MailError} `DNS_BAD_NAME` for a domain that is no name.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Assertion Record Discovery"}
 * @example
 * const sender = { domain: 'mail.example.com', organizationalDomain: 'example.com' }
 * const absent = { status: 'nxdomain', name: '', ttl: 0, authenticated: false } as const
 * nextBimiStep(sender, new Map()) // { type: 'ask', name: 'default._bimi.mail.example.com' }
 * nextBimiStep(sender, new Map([['default._bimi.mail.example.com', absent]])) // { type: 'ask', name: 'default._bimi.example.com' }
 */
export function nextBimiStep(sender: BimiSender, answers: Answers): BimiStep {
  const author = normalizeDnsName(sender.domain)
  const domains = new Set([author, normalizeDnsName(sender.organizationalDomain ?? author)])
  const selector = (sender.selector ?? 'default').toLowerCase()
  let step: BimiStep = { type: 'none', reason: 'absent' }
  for (const domain of domains) {
    step = stepAt({ domain, selector, localPart: sender.localPart }, answers)
    if (step.type !== 'none' || step.reason !== 'absent') return step
  }
  return step
}

interface Place {
  readonly domain: string
  readonly selector: string
  readonly localPart: string | undefined
}

function stepAt({ domain, selector, localPart }: Place, answers: Answers): BimiStep {
  const first = look(domain, selector, answers)
  if (first.type !== 'found' && first.type !== 'declined') return first
  const other = first.record.localPartSelectors && localPart !== undefined ? localPartSelector(localPart) : undefined
  if (other === undefined || other === selector) return first
  const second = look(domain, other, answers)
  // Whoever can keep the answer back would else decide which of the two is shown.
  return second.type === 'none' ? first : second
}

function look(domain: string, selector: string, answers: Answers): BimiStep {
  if (!isDomain(selector) || !isDomain(`${selector}._bimi.${domain}`, { underscore: true })) {
    return { type: 'none', reason: 'bad-name' }
  }
  const name = bimiRecordName(domain, selector)
  const answer = answers.get(name)
  if (!answer) return { type: 'ask', name }
  const selection = selectBimiRecord(answer)
  if (selection.status === 'failed') return { type: 'failed' }
  if (selection.status === 'none') {
    return { type: 'none', reason: selection.reason, ...(selection.error && { error: selection.error }) }
  }
  const { record } = selection
  return { type: isBimiDeclined(record) ? 'declined' : 'found', record, domain, selector }
}
