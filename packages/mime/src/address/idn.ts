/**
 * Internationalized domain names: U-labels to A-labels and back, RFC 5890 to 5893 with the mapping of UTS 46. The tables
 * are those of the runtime's `URL`; what it answers is checked by decoding it again. Out of scope: which names look
 * alike.
 */

import { isAscii, isDomain } from '@posthorn/core'
import { decodePunycode } from './punycode.ts'

const PREFIX = 'xn--'

/**
 * Gives the form of a domain in US-ASCII, for DNS and for servers without SMTPUTF8.
 *
 * Only letter case is mapped. A name that any other mapping would change, as one with full-width letters, ideographic
 * dots or invisible characters, has no form here: two readers could take it for two domains.
 *
 * @param domain The domain, with U-labels or A-labels.
 * @returns The domain in A-labels, US-ASCII labels as they are if there are no others; nothing when it has no such form.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5891#section-5 | RFC 5891 section 5}
 * @example
 * toAsciiDomain('Bücher.example') // 'xn--bcher-kva.example'
 * toAsciiDomain('ｅvil.example') // undefined
 */
export function toAsciiDomain(domain: string): string | undefined {
  if (isAscii(domain)) return isDomain(domain) ? domain : undefined
  const lower = lowerCase(domain)
  if (!isDomain(domain, { unicode: true }) || lower.split('.').some(hasHyphens)) return undefined
  const ascii = hostOf(lower)
  if (ascii === undefined || !isDomain(ascii)) return undefined
  return toUnicodeDomain(ascii) === toUnicodeDomain(lower) ? ascii : undefined
}

/**
 * Gives the form of a domain with U-labels, for people to read.
 *
 * @param domain The domain.
 * @returns The domain, each A-label that is right as a U-label; any other label, as a malformed `xn--` one, as it is.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5891#section-5.4 | RFC 5891 section 5.4}
 * @example
 * toUnicodeDomain('xn--bcher-kva.example') // 'bücher.example'
 * toUnicodeDomain('xn--a.example') // 'xn--a.example'
 */
export function toUnicodeDomain(domain: string): string {
  return domain.split('.').map(toUnicodeLabel).join('.')
}

function toUnicodeLabel(label: string): string {
  const lower = lowerCase(label)
  if (!lower.startsWith(PREFIX)) return label
  const decoded = decodePunycode(lower.slice(PREFIX.length))
  if (decoded === undefined || isAscii(decoded) || hasHyphens(decoded)) return label
  if (lowerCase(decoded) !== decoded) return label
  return isDomain(decoded, { unicode: true }) && hostOf(decoded) === lower ? decoded : label
}

// RFC 5891 section 4.2.3.1:
function hasHyphens(label: string): boolean {
  return !isAscii(label) && /^..--/u.test(label)
}

// HAZARD: a host in a URL may be an address in any notation, or have what ends it; the callers allow labels alone.
function hostOf(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname
  } catch {
    return undefined
  }
}

// Without the final sigma, of which UTS 46 knows nothing; the capital of "ß" is "ss" to some runtimes, if it is asked.
function lowerCase(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => character.toLowerCase()).join('')
}
