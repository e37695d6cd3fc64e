/** Which Authentication-Results fields of a message may be believed: RFC 8601 sections 1.6, 2.5 and 7.1. */

import { MailError } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { parseAuthenticationResults } from './authentication-results.ts'
import { headOf, idsOf, isResultsField, normalizeId } from './authserv-id.ts'
import { fault } from './error.ts'
import type { AuthenticationResults } from './results.ts'

/** Whom to believe. */
export interface ReadTrustedResultsOptions {
  /** The identifiers of the hosts that are trusted, compared without regard to case; at least one, and none by default. */
  readonly trusted: readonly string[]
  /**
   * How many Received fields trusted hosts put on top of a message. What stands below all of them came from outside, and is
   * not believed; 0: nor what stands below any. Without it the place of a field does not count, so that only removal at
   * the border keeps forged fields out.
   */
  readonly ownReceived?: number
}

/** Why a field is not believed. */
export type IgnoredReason = 'below-boundary' | 'other-id' | 'unreadable' | 'unreadable-id' | 'unsupported-version'

/** A field that is not believed. */
export interface IgnoredResults {
  /** The place of the field among those given, from 0. */
  readonly index: number
  /** Why. */
  readonly reason: IgnoredReason
  /** Who says to have written it; absent where that cannot be read. */
  readonly authservId?: string
}

/** What trusted hosts found. */
export interface TrustedResults {
  /** What they say, from the top; with properties that do not say where they come from as `defects` of a result. */
  readonly trusted: readonly AuthenticationResults[]
  /** The other Authentication-Results fields. */
  readonly ignored: readonly IgnoredResults[]
}

/**
 * Reads what trusted hosts found of a message. A field whose writer cannot be read is never believed.
 *
 * @param fields The header fields, from the top, as `splitMessage` gives them.
 * @param options Whom to believe, and down to where.
 * @returns Their results, and why others are not among them.
 * @throws {MailError} `AUTH_BAD_ID` without any identifier, or for one that is none; `AUTH_BAD_LIMIT` for a count that is
 * none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8601#section-7.1 | RFC 8601 section 7.1}
 * @example
 * import { splitMessage } from '@posthorn/mime'
 *
 * const text = 'Authentication-Results: evil.example; spf=pass\r\nAuthentication-Results: mx.example; spf=fail\r\n\r\n'
 * const { fields } = splitMessage(new TextEncoder().encode(text))
 * const { trusted, ignored } = readTrustedResults(fields, { trusted: ['mx.example'] })
 * trusted.map(({ results }) => results[0]?.result) // ['fail']
 * ignored // [{ index: 0, reason: 'other-id', authservId: 'evil.example' }]
 */
export function readTrustedResults(fields: readonly RawField[], options: ReadTrustedResultsOptions): TrustedResults {
  const ids = idsOf(options.trusted)
  const { ownReceived = Number.POSITIVE_INFINITY } = options
  if (!(ownReceived >= 0)) throw fault('AUTH_BAD_LIMIT', { message: 'count Received fields below 0', section: '5' })
  const trusted: AuthenticationResults[] = []
  const ignored: IgnoredResults[] = []
  let received = 0
  for (const [index, field] of fields.entries()) {
    if (field.name.toLowerCase() === 'received') received++
    if (!isResultsField(field)) continue
    const found = believe(field, ids, received > ownReceived)
    if ('results' in found) trusted.push(found)
    else ignored.push({ index, ...found })
  }
  return { trusted, ignored }
}

function believe(
  field: RawField,
  ids: ReadonlySet<string>,
  isOutside: boolean,
): AuthenticationResults | Omit<IgnoredResults, 'index'> {
  const head = headOf(field)
  if (!head) return { reason: 'unreadable-id' }
  const { authservId, version = 1 } = head
  if (!ids.has(normalizeId(authservId) ?? '')) return { reason: 'other-id', authservId }
  if (isOutside) return { reason: 'below-boundary', authservId }
  // RFC 8601 section 2.5: a version that is not known is not interpreted.
  if (version !== 1) return { reason: 'unsupported-version', authservId }
  try {
    return parseAuthenticationResults(field, { untypedProperties: true })
  } catch (error) {
    if (error instanceof MailError) return { reason: 'unreadable', authservId }
    throw error
  }
}
