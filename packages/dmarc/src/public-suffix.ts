/**
 * The organizational domain by a public suffix list, as RFC 7489 section 3.2 had it; the list is that of the package tldts.
 * Out of scope: U-labels, which the caller maps first, and the age of the list, which is that of the package.
 */

import { getDomain } from 'tldts'
import { tryDomain } from './discovery.ts'

/** Which suffixes count. */
export interface PublicSuffixOptions {
  /**
   * Whether those count below which companies let their customers register, as `github.io`; default `true`, since else
   * each customer passes for each other one.
   */
  readonly privateSuffixes?: boolean
}

/**
 * Finds the domain that was registered below a public suffix: the option `organizationalDomain` of `evaluateDmarc`,
 * `discoverPolicy` and `findOrganizationalDomain`.
 *
 * @param domain The domain; A-labels.
 * @param options Which suffixes count.
 * @returns The domain itself or one above it, in lower case; nothing for a public suffix, and for what is no domain name.
 * Below a top-level domain that is not on the list it has two labels.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7489#section-3.2 | RFC 7489 section 3.2}
 * @example
 * findRegistrableDomain('mail.example.co.uk') // 'example.co.uk'
 * findRegistrableDomain('co.uk') // undefined
 * findRegistrableDomain('a.project.github.io') // 'project.github.io'
 * findRegistrableDomain('a.project.github.io', { privateSuffixes: false }) // 'github.io'
 */
export function findRegistrableDomain(domain: string, options: PublicSuffixOptions = {}): string | undefined {
  const name = tryDomain(domain)
  if (name === undefined) return undefined
  const { privateSuffixes: allowPrivateDomains = true } = options
  return getDomain(name, { allowPrivateDomains, extractHostname: false, validateHostname: false }) ?? undefined
}
