/**
 * Names to ask for: RFC 1035 section 2.3.1 and 3.1, with the underscored labels of RFC 8552.
 * Out of scope: U-labels, which the caller maps to A-labels first; the root; wildcards.
 */

import { clip, isDomain, MailError } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'

/**
 * Brings a name to the one form in which it is asked for and compared: lower case, without the final dot.
 *
 * A name that came with a message is hostile until it has passed: some resolvers of operating systems cut a name at a
 * NUL, and would then ask another zone than the one that the text names.
 *
 * @param name Labels of letters, digits, hyphens and underscores; one final dot is taken off.
 * @returns The name.
 * @throws {MailError} `DNS_BAD_NAME` for another character, an empty label, one of over 63 octets, or over 253 in all.
 * @see {@link https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 | RFC 1035 section 2.3.4}
 * @example
 * normalizeDnsName('Sel._DomainKey.Example.') // 'sel._domainkey.example'
 * normalizeDnsName('sel.attacker.example\0._domainkey.victim.example') // throws DNS_BAD_NAME
 */
export function normalizeDnsName(name: string): string {
  const bare = name.endsWith('.') ? name.slice(0, -1) : name
  if (!isDomain(bare, { underscore: true })) {
    throw new MailError<DnsErrorCode>('DNS_BAD_NAME', `Cannot ask for name "${clip(name)}"`, {
      spec: 'rfc1035#section-2.3.4',
    })
  }
  return bare.toLowerCase()
}

/**
 * Tells whether a name is another one, or below it.
 *
 * @param name A name, as {@link normalizeDnsName} gives it.
 * @param above The other, in the same form.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9499#section-7 | RFC 9499 section 7}, "Subdomain"
 * @example
 * isAtOrBelow('mail.example.com', 'example.com') // true
 * isAtOrBelow('notexample.com', 'example.com') // false
 */
export function isAtOrBelow(name: string, above: string): boolean {
  return name === above || name.endsWith(`.${above}`)
}
