/** The ARC-Seal field, which holds a chain together: RFC 8617 section 4.1.3. */

import { readSigner, readTimes } from '../signature.ts'
import { parseTagList, readTag } from '../tag-list.ts'
import { arcFault } from './error.ts'
import { contentOf, type FormatArcOptions, formatTags, readInstance } from './field.ts'

/** What a sealer found of the chain so far: RFC 8617 section 4.4. */
export type ChainStatus = 'none' | 'fail' | 'pass'

/** One seal. */
export interface ArcSeal {
  /** `i=`, the number of the set, from 1. */
  readonly instance: number
  /** `cv=`, what the sealer found of the sets before its own. */
  readonly chainStatus: ChainStatus
  /** `a=`, as `rsa-sha256`. */
  readonly algorithm: string
  /** `d=`, who sealed; in lower case and in A-labels, whichever form the field has. */
  readonly domain: string
  /** `s=`, which of the domain's keys sealed; in A-labels. */
  readonly selector: string
  /** `b=`, the signature proper, in Base64. */
  readonly value: string
  /** `t=`, when it was made, in milliseconds since 1970; `undefined` when it does not tell. */
  readonly signedAt: number | undefined
}

// seal-cv-tag = %x63.76 [FWS] "=" [FWS] ("none" / "fail" / "pass")
const STATUS = /^(?:none|fail|pass)$/

/**
 * Parses an ARC-Seal field.
 *
 * @param field The whole field as it stands in the message, its folding kept.
 * @returns What it says; nothing of it has been verified.
 * @throws {MailError} `ARC_BAD_FIELD` for another field; `ARC_BAD_INSTANCE` for an `i=` that is not 1 to 50;
 * `ARC_FORBIDDEN_TAG` for an `h=`; `DKIM_BAD_TAG_LIST`, `DKIM_MISSING_TAG`, `DKIM_BAD_TAG`, `DKIM_BAD_DOMAIN` and
 * `DKIM_BAD_LABEL` as for a signature of DKIM.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-4.1.3 | RFC 8617 section 4.1.3}
 * @example
 * const seal = parseArcSeal('ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=lists.example; s=arc; t=1; b=AAAA')
 * seal.instance // 2
 * seal.chainStatus // 'pass'
 */
export function parseArcSeal(field: string): ArcSeal {
  const tags = parseTagList(contentOf(field, 'arc-seal'))
  const instance = readInstance(tags)
  // RFC 8617 section 4.1.3: what a seal covers is fixed, and to name it is an error.
  if (tags.has('h')) throw arcFault('ARC_FORBIDDEN_TAG', 'take a seal that names fields', '4.1.3')
  const chainStatus = readTag(tags, 'cv', STATUS) as ChainStatus
  return { instance, chainStatus, ...readSigner(tags), signedAt: readTimes(tags).signedAt }
}

/**
 * Formats the field, folded.
 *
 * @param seal What it says.
 * @param options How long its lines may be.
 * @returns The field without the CRLF that ends it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-4.1.3 | RFC 8617 section 4.1.3}
 * @example
 * const text = 'ARC-Seal: a=rsa-sha256;\r\n b=AAAA;\r\n cv=none; d=lists.example; i=1; s=arc; t=1'
 * formatArcSeal(parseArcSeal(text)) === text // true
 */
export function formatArcSeal(seal: ArcSeal, options: FormatArcOptions = {}): string {
  const { chainStatus, domain, instance, selector, signedAt } = seal
  const time = signedAt === undefined ? [] : [` t=${signedAt / 1000};`]
  const rest = [` cv=${chainStatus};`, ` d=${domain};`, ` i=${instance};`, ` s=${selector};`, ...time]
  return formatTags({ ...seal, name: 'ARC-Seal' }, rest, options)
}
