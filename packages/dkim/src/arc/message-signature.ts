/** The ARC-Message-Signature field, which is of the message as a sealer sent it on: RFC 8617 section 4.1.2. */

import { clip } from '@posthorn/core'
import { ARC_CANONICALIZATION } from '../hash-kinds.ts'
import {
  type DkimSignature,
  isFieldName,
  namesInPieces,
  readCanonicalization,
  readCoverage,
  readSigner,
} from '../signature.ts'
import { parseTagList, readTag, type TagList } from '../tag-list.ts'
import { arcFault } from './error.ts'
import { contentOf, type FormatArcOptions, formatTags, readInstance } from './field.ts'

/** One signature of a message: what DKIM's has, but for the identity, the version and the copies. */
export interface ArcMessageSignature extends Omit<DkimSignature, 'identity' | 'copiedFields'> {
  /** `i=`, the number of the set, from 1. */
  readonly instance: number
}

/**
 * Parses an ARC-Message-Signature field.
 *
 * An empty `h=`, and empty names in it, name nothing. Without `c=` it is `relaxed/relaxed`.
 *
 * @param field The whole field as it stands in the message, its folding kept.
 * @returns What it says; nothing of it has been verified.
 * @throws {MailError} `ARC_BAD_FIELD` for another field; `ARC_BAD_INSTANCE` for an `i=` that is not 1 to 50;
 * `ARC_FORBIDDEN_FIELD` for an `h=` that names ARC-Seal; `DKIM_BAD_TAG_LIST`, `DKIM_MISSING_TAG`, `DKIM_BAD_TAG`,
 * `DKIM_BAD_DOMAIN` and `DKIM_BAD_LABEL` as for a signature of DKIM.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-4.1.2 | RFC 8617 section 4.1.2}
 * @example
 * const field = 'ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/simple; d=lists.example; s=arc; h=from:to; bh=AAAA; b=AAAA'
 * const { instance, domain, signedFields } = parseArcMessageSignature(field)
 * instance // 1
 * domain // 'lists.example'
 * signedFields // ['from', 'to']
 */
export function parseArcMessageSignature(field: string): ArcMessageSignature {
  const tags = parseTagList(contentOf(field, 'arc-message-signature'))
  return {
    instance: readInstance(tags),
    ...readSigner(tags),
    ...readCoverage(tags),
    canonicalization: readCanonicalization(tags, ARC_CANONICALIZATION),
    signedFields: readFieldNames(tags),
  }
}

function readFieldNames(tags: TagList): string[] {
  const text = readTag(tags, 'h', /^/)
  const names = text.split(':').map((name) => name.replace(/^ | $/g, ''))
  const named = names.filter((name) => name !== '')
  if (!named.every(isFieldName)) readTag(tags, 'h', /^$/)
  // RFC 8617 section 4.1.2: the seal is made after this signature.
  if (named.some((name) => name.toLowerCase() === 'arc-seal')) {
    throw arcFault('ARC_FORBIDDEN_FIELD', `take a signature of "${clip(text)}"`, '4.1.2')
  }
  return named
}

/**
 * Formats the field, folded.
 *
 * @param signature What it says.
 * @param options How long its lines may be.
 * @returns The field without the CRLF that ends it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-4.1.2 | RFC 8617 section 4.1.2}
 * @example
 * const head = 'ARC-Message-Signature: a=rsa-sha256;\r\n b=AAAA;\r\n bh=AAAA; '
 * const text = `${head}c=relaxed/relaxed; d=lists.example; h=from:to; i=1; s=arc`
 * formatArcMessageSignature(parseArcMessageSignature(text)) === text // true
 */
export function formatArcMessageSignature(signature: ArcMessageSignature, options: FormatArcOptions = {}): string {
  const { bodyHash, domain, instance, selector, queryMethods } = signature
  const query = queryMethods.join(':')
  const rest = [
    ` bh=${bodyHash};`,
    ` c=${signature.canonicalization};`,
    ` d=${domain};`,
    ...namesInPieces(signature.signedFields),
    ` i=${instance};`,
    ...optional('l', signature.bodyLength, 1),
    ...(query === 'dns/txt' ? [] : [` q=${query};`]),
    ` s=${selector};`,
    ...optional('t', signature.signedAt, 1000),
    ...optional('x', signature.expiresAt, 1000),
  ]
  return formatTags({ ...signature, name: 'ARC-Message-Signature' }, rest, options)
}

function optional(name: string, number: number | undefined, unit: number): string[] {
  return number === undefined ? [] : [` ${name}=${number / unit};`]
}
