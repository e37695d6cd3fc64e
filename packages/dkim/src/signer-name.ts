/**
 * The names in a signature: its domain, the selector of its key, and on whose behalf it was made. RFC 6376 section 3.5, and
 * RFC 8616 section 5, by which each may have U-labels.
 */

import { clip, isAscii, isDomain, MailError } from '@posthorn/core'
import { toAsciiDomain, toUnicodeDomain } from '@posthorn/mime'
import type { DkimErrorCode } from './error.ts'

// HAZARD: each label costs the runtime the reading of a URL; a longer name is none, whatever its labels are.
const MAX_NAME = 253

/** @internal */
export interface SignerNames {
  readonly domain: string
  readonly selector: string
}

/**
 * Gives a domain in A-labels, in which names are compared and asked for.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_LABEL` for other than US-ASCII that has no such form.
 */
export function toAsciiName(name: string): string {
  const ascii = isAscii(name) ? name : toAsciiDomain(name)
  if (ascii !== undefined) return ascii
  const message = `Cannot take "${clip(name)}" as a name: not all of it is a U-label`
  throw new MailError<DkimErrorCode>('DKIM_BAD_LABEL', message, { spec: 'rfc8616#section-5' })
}

/**
 * Gives both names of a signer in A-labels; what is US-ASCII stays as it is, and so does a selector that is too long.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_LABEL`.
 */
export function toAsciiNames({ domain, selector }: SignerNames): SignerNames {
  // A selector is no whole domain: beside U-labels it may have an underscore, or a number at its end.
  const isMapped = !isAscii(selector) && selector.length <= MAX_NAME
  return { domain: toAsciiName(domain), selector: isMapped ? selector.split('.').map(toAsciiName).join('.') : selector }
}

/**
 * Gives both with U-labels, as they are written in a header with UTF-8.
 *
 * @internal
 */
export function toUnicodeNames({ domain, selector }: SignerNames): SignerNames {
  return { domain: toUnicodeDomain(domain), selector: toUnicodeDomain(selector) }
}

/**
 * Gives an identity, its domain in another form.
 *
 * @internal
 */
export function mapIdentity(identity: string, map: (domain: string) => string): string {
  const at = identity.lastIndexOf('@') + 1
  return identity.slice(0, at) + map(identity.slice(at))
}

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
