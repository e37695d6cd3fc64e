/** Names that are made from others, and may be too long for the DNS: RFC 1035 section 2.3.4. */

/**
 * Gives a name that is made from another, unless it is too long for one.
 *
 * @internal
 */
export function nameBelow(make: () => string): string | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
