/** One record among the TXT records of a name: RFC 8461 section 3.1, RFC 8460 section 3. */

import { MailError } from '@posthorn/core'
import type { Answer } from '@posthorn/dns'
import { isFailure } from './answer.ts'
import type { PolicyErrorCode } from './error.ts'

/** There is one record, and it is well-formed. */
export interface FoundRecord<T> {
  /** One record, well-formed. */
  readonly status: 'found'
  /** What it says. */
  readonly record: T
}

/** The domain has no record that counts. */
export interface NoRecord {
  /** None that counts. */
  readonly status: 'none'
  /** `absent`: there is none of this kind; `several`: more than one, so none counts; `malformed`: one that is wrong. */
  readonly reason: 'absent' | 'several' | 'malformed'
  /** What is wrong with it. */
  readonly error?: MailError<PolicyErrorCode>
}

/** The DNS could not say. */
export interface UnknownRecord {
  /** A later question may tell. */
  readonly status: 'failed'
}

/** What the TXT records of a name come down to. */
export type RecordSelection<T> = FoundRecord<T> | NoRecord | UnknownRecord

/**
 * Tells whether text begins with a version, as `v=STSv1`, and then a delimiter.
 *
 * @internal
 */
export function hasVersion(text: string, version: string): boolean {
  return text.startsWith(version) && /^[ \t]*;/.test(text.slice(version.length))
}

/**
 * Takes the one record of its kind.
 *
 * @internal
 * @param isOfKind Tells which texts are meant for the record at all.
 */
export function selectRecord<T>(
  answer: Answer<'TXT'>,
  isOfKind: (text: string) => boolean,
  parse: (text: string) => T,
): RecordSelection<T> {
  if (isFailure(answer)) return { status: 'failed' }
  const texts = answer.status === 'found' ? answer.records : []
  // RFC 8461 section 3.1, RFC 8460 section 3: what begins otherwise is discarded; of what is left there must be one.
  const [text, second] = texts.filter(isOfKind)
  if (text === undefined) return { status: 'none', reason: 'absent' }
  if (second !== undefined) return { status: 'none', reason: 'several' }
  try {
    return { status: 'found', record: parse(text) }
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return { status: 'none', reason: 'malformed', error }
  }
}
