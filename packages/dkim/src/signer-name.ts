/** The names in a signature: its domain, the selector of its key, and on whose behalf it was made. */

import { isDomain } from '@posthorn/core'

/**
 * Tells whether a text can be `d=`: a domain of two labels or more.
 *
 * @internal
 */
export function isSigningDomain(text: string): boolean {
  return text.includes('.') && isDomain(text)
}

/**
 * Gives the name below which the key of a signature is published, or `undefined` when a part of it is malformed.
 *
 * @internal
 */
export function keyName(selector: string, domain: string): string | undefined {
  const name = `${selector}._domainkey.${domain}`.toLowerCase()
  // HAZARD: unchecked, a NUL in the selector makes some resolvers ask another zone than that of the domain.
  return isSigningDomain(domain) && isDomain(name, { underscore: true }) ? name : undefined
}

/**
 * Tells whether an identity belongs to a domain or, unless `strict`, to one below it.
 *
 * @internal
 */
export function isIdentityOf(identity: string, domain: string, strict: boolean): boolean {
  const own = identity.slice(identity.lastIndexOf('@') + 1).toLowerCase()
  const parent = domain.toLowerCase()
  return own === parent || (!strict && isDomain(own) && own.endsWith(`.${parent}`))
}
