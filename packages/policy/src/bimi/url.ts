/**
 * Addresses of indicators and evidence: HTTPS to a host that may be anyone's, so that a record cannot send a receiver
 * into its own network. Out of scope: what the host resolves to, which only the one who connects can check.
 */

/** Why an address is not asked. */
export type BimiUrlProblem = 'address' | 'credentials' | 'malformed' | 'not-https' | 'port' | 'private-host'

// URI of RFC 3986 section 2, without what ends a tag (";") and what a record must encode (",").
const URI = /^[A-Za-z0-9._~:/?#[\]@!$&'()*+=%-]+$/
const MAX_LENGTH = 2_048
// RFC 6761, 6762, 7686, 8375, 9476, and names without a dot.
const PRIVATE = /(?:^|\.)(?:alt|arpa|example|home|internal|intranet|invalid|lan|local|localhost|onion|test)$/

/**
 * Tells why an address in a record, or in a redirect, is not to be asked.
 *
 * The host that it names may still have a private address: whoever connects must look at that after the lookup, and
 * connect to the address that was looked at.
 *
 * @param url The address.
 * @returns The problem, or `undefined` where there is none.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Assertion Record Definition"}
 * @example
 * checkBimiUrl('https://images.example.com/logo.svg') // undefined
 * checkBimiUrl('https://0x7f.1/logo.svg') // 'address'
 * checkBimiUrl('https://printer.local/logo.svg') // 'private-host'
 */
export function checkBimiUrl(url: string): BimiUrlProblem | undefined {
  if (url.length > MAX_LENGTH || !URI.test(url)) return 'malformed'
  if (!/^https:/i.test(url)) return 'not-https'
  const parsed = /^https:\/\/[^/]/i.test(url) ? parse(url) : undefined
  if (!parsed) return 'malformed'
  if (parsed.username !== '' || parsed.password !== '' || /^https:\/\/[^/?#]*@/i.test(url)) return 'credentials'
  if (parsed.port !== '') return 'port'
  return hostProblem(parsed.hostname.replace(/\.$/, ''))
}

// HAZARD: the parser of the platform brings every form of an IPv4 address, as 0x7f.1, to its usual one.
function hostProblem(host: string): BimiUrlProblem | undefined {
  if (host.startsWith('[') || /^[0-9.]+$/.test(host)) return 'address'
  if (!host.includes('.') || PRIVATE.test(host)) return 'private-host'
  return undefined
}

/** @internal */
export function parse(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
