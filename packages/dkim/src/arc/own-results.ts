/** The results that a set keeps: all that its sealer had found, RFC 8617 section 4.1.1, out of RFC 8601 section 2.2. */

import { clip, decodeLatin1, encodeUtf8 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
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
  const own = readAuthserv(`${given.authservId};`)
  if (!own || own.id !== given.authservId) {
    throw arcFault('ARC_BAD_RESULTS', `look for the results of "${clip(given.authservId)}"`, '4.1.1')
  }
  const results = fields.flatMap((field) => resultsOf(field, own.id) ?? [])
  const found = results.filter((text) => text.toLowerCase() !== 'none' && text !== '')
  return [own.id, ...(found.length === 0 ? ['none'] : found)].join('; ')
}

function resultsOf({ name, bytes }: RawField, id: string): string | undefined {
  if (name.toLowerCase() !== 'authentication-results') return undefined
  const text = decodeLatin1(bytes)
  const authserv = readAuthserv(oneLine(text.slice(text.indexOf(':') + 1)))
  if (authserv?.id.toLowerCase() !== id.toLowerCase()) return undefined
  let end = authserv.rest.length
  while (end > 0 && ' ;'.includes(authserv.rest[end - 1]!)) end--
  return authserv.rest.slice(0, end).replace(/^ /, '')
}
