/** The organizational domain by a public suffix list. */
export { findRegistrableDomain, type PublicSuffixOptions } from './public-suffix.ts'
