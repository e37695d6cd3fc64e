/** The names under which hosts say what they found, compared: RFC 8601 sections 2.5 and 5, RFC 8616 section 6. */

import { isAscii, MailError } from '@posthorn/core'
import { type RawField, toAsciiDomain } from '@posthorn/mime'
import { readHead, scannerOf } from './authentication-results.ts'
import { fault, quoted } from './error.ts'
import type { AuthenticationResults } from './results.ts'

const NAME = 'authentication-results'

/** @internal */
export function isResultsField({ name }: RawField): boolean {
  return name.toLowerCase() === NAME
}

/**
 * Gives the one form in which identifiers are compared; nothing for other than US-ASCII that is no domain.
 *
 * @internal
 */
export function normalizeId(id: string): string | undefined {
  return (isAscii(id) ? id : toAsciiDomain(id))?.toLowerCase()
}

/**
 * Brings the identifiers that a caller names to that form.
 *
 * @internal
 */
export function idsOf(ids: readonly string[]): ReadonlySet<string> {
  const known = ids.map((id) => {
    const normal = normalizeId(id)
    if (normal) return normal
    throw fault('AUTH_BAD_ID', { message: `take ${quoted(id)} as an authserv-id`, section: '2.5' })
  })
  // HAZARD: whoever forgets to name a host must not trust all of them, nor keep what all of them wrote.
  if (known.length === 0) throw fault('AUTH_BAD_ID', { message: 'do without an authserv-id', section: '5' })
  return new Set(known)
}

/**
 * Reads who wrote a field, and the version; nothing for a field that does not say so.
 *
 * @internal
 */
export function headOf(field: RawField): Pick<AuthenticationResults, 'authservId' | 'version'> | undefined {
  try {
    return readHead(scannerOf(field))
  } catch (error) {
    if (error instanceof MailError) return undefined
    throw error
  }
}
