/** The codes of the errors that this package raises. */

import { clip, MailError } from '@posthorn/core'

/** Every `code` of a `MailError` from this package. */
export type SpfErrorCode =
  | 'SPF_BAD_ADDRESS'
  | 'SPF_BAD_CIDR'
  | 'SPF_BAD_DOMAIN'
  | 'SPF_BAD_FIELD'
  | 'SPF_BAD_MACRO'
  | 'SPF_BAD_NETWORK'
  | 'SPF_BAD_TERM'
  | 'SPF_BAD_VERSION'
  | 'SPF_DUPLICATE_MODIFIER'
  | 'SPF_UNKNOWN_MECHANISM'

/** @internal */
export interface FaultPlace {
  /** The section of RFC 7208 that was broken. */
  readonly section: string
  /** Where the text stands in the record, in UTF-16 units. */
  readonly offset?: number
}

/**
 * Makes an error about a piece of text.
 *
 * @internal
 */
export function fault(code: SpfErrorCode, text: string, { section, offset }: FaultPlace): MailError<SpfErrorCode> {
  const spec = `rfc7208#section-${section}`
  const message = `Cannot take "${clip(text)}" as ${NAMES[code]}`
  return new MailError(code, message, offset === undefined ? { spec } : { spec, offset })
}

const NAMES: Readonly<Record<SpfErrorCode, string>> = {
  SPF_BAD_ADDRESS: 'an IP address',
  SPF_BAD_CIDR: 'a CIDR length',
  SPF_BAD_DOMAIN: 'a domain-spec',
  SPF_BAD_FIELD: 'a Received-SPF field',
  SPF_BAD_MACRO: 'a macro',
  SPF_BAD_NETWORK: 'a network',
  SPF_BAD_TERM: 'a term',
  SPF_BAD_VERSION: 'an SPF record',
  SPF_DUPLICATE_MODIFIER: 'one more modifier of its name',
  SPF_UNKNOWN_MECHANISM: 'a mechanism',
}
