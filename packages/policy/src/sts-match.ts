/** Which hosts a policy names: RFC 8461 section 4.1. Out of scope: the certificate, which is checked by the name. */

/**
 * Tells whether a host of an MX record is named by a policy. A wildcard stands for one label, the leftmost.
 *
 * @param host The host, as the MX record names it; upper and lower case and one final dot make no difference.
 * @param patterns The `mx` of a policy.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-4.1 | RFC 8461 section 4.1}
 * @example
 * matchesMx('mx1.example.com', ['*.example.com']) // true
 * matchesMx('a.mx1.example.com', ['*.example.com']) // false
 * matchesMx('example.com', ['*.example.com']) // false
 */
export function matchesMx(host: string, patterns: readonly string[]): boolean {
  return mxMatcher(patterns)(host)
}

/**
 * Prepares patterns, so that each host costs the same however many there are.
 *
 * @internal
 */
export function mxMatcher(patterns: readonly string[]): (host: string) => boolean {
  const known = new Set(patterns.map((pattern) => pattern.toLowerCase()))
  return (host) => {
    const name = (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase()
    const dot = name.indexOf('.')
    // HAZARD: a host that is itself written with an asterisk must not match the pattern by its text.
    if (name === '' || name.startsWith('*')) return false
    return known.has(name) || (dot > 0 && known.has(`*${name.slice(dot)}`))
  }
}
