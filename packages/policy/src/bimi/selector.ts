/** The field that names a record: "BIMI-Selector Header" and "Header Signing" of BIMI draft 14. */

import { clip, isDomain, MailError, splitTags } from '@posthorn/core'
import { fault } from '../error.ts'
import { BIMI_DRAFT } from './draft.ts'

/** A signature of a message, as `verifyDkim` of `@posthorn/dkim` tells of it. */
export interface BimiSignature {
  /** Its result in the words of RFC 8601: `pass`, or another. */
  readonly result: string
  /** What it says; absent where it could not be read. */
  readonly signature?: {
    /** The signing domain, `d=`. */
    readonly domain: string
    /** The names of the signed fields, `h=`. */
    readonly signedFields: readonly string[]
  }
  /** How many octets of the body `l=` leaves out; absent where that is not known, as before the body was hashed. */
  readonly unsignedOctets?: number
}

/** What a message has to choose by. */
export interface BimiSelectorOptions {
  /** What DKIM said of its signatures; default none. */
  readonly signatures?: readonly BimiSignature[]
  /** The signing domain that is aligned, as DMARC tells it: without one no field counts. */
  readonly alignedDomain?: string | undefined
  /** Whether the field counts without a signature, as when a trusted ARC chain vouches for it; default `false`. */
  readonly trusted?: boolean
}

/** Which record is meant. */
export interface BimiSelectorChoice {
  /** The selector. */
  readonly selector: string
  /**
   * `named`: the field names it. Else it is `default`, for the field is `absent`, comes several times, is `malformed`, or
   * is `unsigned` by the aligned domain.
   */
  readonly reason: 'absent' | 'malformed' | 'named' | 'several' | 'unsigned'
}

const SPEC = `${BIMI_DRAFT}#bimi-selector`
const MAX_LENGTH = 998

/**
 * Parses the value of a BIMI-Selector field.
 *
 * @param value What follows the colon; it may be folded.
 * @returns The selector, in lower case.
 * @throws {MailError} `POLICY_BAD_VERSION` when it does not begin with `v=BIMI1`; `POLICY_BAD_RECORD` for a part that is
 * not of its grammar; `POLICY_MISSING_FIELD` without `s=`; `POLICY_BAD_FIELD` for what is no selector;
 * `POLICY_TOO_LARGE` over 998 characters.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "BIMI-Selector Header"}
 * @example
 * parseBimiSelector(' v=BIMI1; s=Spring.brand;') // 'spring.brand'
 * parseBimiSelector('v=BIMI1; s=../x') // throws POLICY_BAD_FIELD
 */
export function parseBimiSelector(value: string): string {
  if (value.length > MAX_LENGTH) throw fault('POLICY_TOO_LARGE', 'parse BIMI-Selector: it is too long', SPEC)
  const [version, selector, ...more] = splitTags(value.replace(/\r?\n(?=[ \t])/g, ''))
  if (version?.name !== 'v' || version.value !== 'BIMI1') {
    throw fault('POLICY_BAD_VERSION', `parse BIMI-Selector "${clip(value)}": it does not begin with v=BIMI1`, SPEC)
  }
  if (!selector) throw fault('POLICY_MISSING_FIELD', 'parse BIMI-Selector: it has no s=', SPEC)
  if (selector.name !== 's' || more.length > 0) {
    throw fault('POLICY_BAD_RECORD', 'parse BIMI-Selector: it has more than v= and s=', SPEC)
  }
  if (isDomain(selector.value)) return selector.value.toLowerCase()
  throw fault('POLICY_BAD_FIELD', `take "${clip(selector.value)}" as a selector`, SPEC)
}

/**
 * Formats the value of a BIMI-Selector field; the inverse of {@link parseBimiSelector}.
 *
 * @param selector Labels of letters, digits and hyphens, with dots between them.
 * @returns The value.
 * @throws {MailError} `POLICY_BAD_FIELD` for what is no selector.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "BIMI-Selector Header"}
 * @example
 * formatBimiSelector('spring') // 'v=BIMI1; s=spring;'
 */
export function formatBimiSelector(selector: string): string {
  if (isDomain(selector)) return `v=BIMI1; s=${selector.toLowerCase()};`
  throw fault('POLICY_BAD_FIELD', `take "${clip(selector)}" as a selector`, SPEC)
}

/**
 * Chooses the selector of a message. A field counts when it is the only one, and a passing signature of the aligned
 * domain covers it: else whoever passes a message on could choose among the indicators of its author.
 *
 * @param fields The values of all BIMI-Selector fields.
 * @param options What is known of the message.
 * @returns The selector, and why it is this one; hostile fields never throw.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Header Signing"}
 * @example
 * const signature = { domain: 'example.com', signedFields: ['from', 'bimi-selector'] }
 * const options = { signatures: [{ result: 'pass', signature }], alignedDomain: 'example.com' }
 * chooseBimiSelector(['v=BIMI1; s=spring'], options) // { selector: 'spring', reason: 'named' }
 * chooseBimiSelector(['v=BIMI1; s=spring']) // { selector: 'default', reason: 'unsigned' }
 */
export function chooseBimiSelector(fields: readonly string[], options: BimiSelectorOptions = {}): BimiSelectorChoice {
  const [field, second] = fields
  if (field === undefined) return otherwise('absent')
  if (second !== undefined) return otherwise('several')
  if (options.trusted !== true && !isSigned(options)) return otherwise('unsigned')
  try {
    return { selector: parseBimiSelector(field), reason: 'named' }
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return otherwise('malformed')
  }
}

function isSigned({ signatures = [], alignedDomain }: BimiSelectorOptions): boolean {
  const aligned = alignedDomain?.toLowerCase()
  return signatures.some(({ result, signature }) => {
    if (result !== 'pass' || !signature || signature.domain.toLowerCase() !== aligned) return false
    return signature.signedFields.some((name) => name.toLowerCase() === 'bimi-selector')
  })
}

function otherwise(reason: BimiSelectorChoice['reason']): BimiSelectorChoice {
  return { selector: 'default', reason }
}
