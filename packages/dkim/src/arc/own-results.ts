/** The results that a set keeps: all that its sealer had found, RFC 8617 section 4.1.1, out of RFC 8601 section 2.2. */

import { clip, decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8, isAscii } from '@posthorn/core'
import { type RawField, toAsciiDomain } from '@posthorn/mime'
import { readAuthserv } from './authserv.ts'
import { arcFault } from './error.ts'
import { oneLine } from './results.ts'
import type { SealArcOptions } from './seal-options.ts'

/**
 * Gives the text of the results, octets as characters.
 *
 * @internal
 * @throws {MailError} `ARC_BAD_RESULTS` for an identifier that is none.
 */
export function ownResults(fields: readonly RawField[], given: SealArcOptions['authenticationResults']): string {
  if (typeof given === 'string') return decodeLatin1(encodeUtf8(given))
  const { authservId } = given
  const normal = normalize(authservId)
  if (normal === undefined || readAuthserv(`${authservId};`)?.id !== authservId) {
    throw arcFault('ARC_BAD_RESULTS', `look for the results of "${clip(authservId)}"`, '4.1.1')
  }
  const results = fields.flatMap((field) => resultsOf(field, normal) ?? [])
  const found = results.filter((text) => text.toLowerCase() !== 'none' && text !== '')
  return [decodeLatin1(encodeUtf8(authservId)), ...(found.length === 0 ? ['none'] : found)].join('; ')
}

// The one form in which identifiers are compared, U-labels as A-labels: RFC 8617 section 4.1.4.
function normalize(id: string): string | undefined {
  return (isAscii(id) ? id : toAsciiDomain(id))?.toLowerCase()
}

function resultsOf({ name, bytes }: RawField, own: string): string | undefined {
  if (name.toLowerCase() !== 'authentication-results') return undefined
  const text = decodeLatin1(bytes)
  const authserv = readAuthserv(oneLine(text.slice(text.indexOf(':') + 1)))
  if (!authserv || normalize(decodeUtf8(encodeLatin1(authserv.id))) !== own) return undefined
  let end = authserv.rest.length
  while (end > 0 && ' ;'.includes(authserv.rest[end - 1]!)) end--
  return authserv.rest.slice(0, end).replace(/^ /, '')
}
