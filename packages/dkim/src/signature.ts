/**
 * The DKIM-Signature field: RFC 6376 section 3.5. The parser holds to the grammar; whether an algorithm is known, or
 * who may sign for whom, is for the verifier.
 */

import { clip, encodeHex } from '@posthorn/core'
import { fault } from './error.ts'
import { keyName, mapIdentity, toAsciiName, toAsciiNames } from './signer-name.ts'
import { checkTag, parseTagList, readBase64, readTag, type TagList } from './tag-list.ts'

/** One signature. */
export interface DkimSignature {
  /** `a=`, as `rsa-sha256`. */
  readonly algorithm: string
  /** `c=` for the header and the body, as `relaxed/simple`. */
  readonly canonicalization: string
  /** `d=`, who takes responsibility; in lower case and in A-labels, whichever form the field has. */
  readonly domain: string
  /** `s=`, which of the domain's keys signed; in A-labels. */
  readonly selector: string
  /** `i=`, on whose behalf, in the quoting of RFC 6376 section 2.11, its domain in A-labels; without the tag `@` and the domain. */
  readonly identity: string
  /** `h=`, the names of the signed fields as written, in order, repetitions kept. */
  readonly signedFields: readonly string[]
  /** `z=`, fields as they were when they were signed, as `Name: value`; octets are characters. Empty when it has none that can be read. */
  readonly copiedFields: readonly string[]
  /** `q=`, the ways to get the key. */
  readonly queryMethods: readonly string[]
  /** `bh=`, the hash of the canonical body, in Base64. */
  readonly bodyHash: string
  /** `b=`, the signature proper, in Base64. */
  readonly value: string
  /** `l=`, how many octets of the canonical body are signed; `undefined` when all are. */
  readonly bodyLength: number | undefined
  /** `t=`, when it was made, in milliseconds since 1970; `undefined` when it does not tell. */
  readonly signedAt: number | undefined
  /** `x=`, when it ceases to be good, in milliseconds since 1970; `undefined` when never. */
  readonly expiresAt: number | undefined
}

const MAX_COLUMNS = 78
const FIELD = /^dkim-signature[ \t]*:/i
// sig-a-tag-alg = sig-a-tag-k "-" sig-a-tag-h ; both ALPHA *(ALPHA / DIGIT)
const ALGORITHM = /^[A-Za-z][A-Za-z0-9]*-[A-Za-z][A-Za-z0-9]*$/
// sig-c-tag = %x63 [FWS] "=" [FWS] sig-c-tag-alg ["/" sig-c-tag-alg]
const CANONICALIZATION = /^[A-Za-z][A-Za-z0-9-]*(?:\/[A-Za-z][A-Za-z0-9-]*)?$/
// hdr-name = field-name                           ; RFC 5322 section 3.6.8, without ";", which ends the tag
const FIELD_NAMES = /^[!-9<-~]+(?: ?: ?[!-9<-~]+)*$/
// sig-i-tag = [ Local-part ] "@" domain-name      ; in dkim-quoted-printable
const IDENTITY = /^[^ ]*@[^@ ]+$/
const TIME = /^\d{1,12}$/
const ANY = /^/

/**
 * Who signed, with what, and the signature proper: what DKIM and both signatures of ARC have.
 *
 * @internal
 */
export type Signer = Pick<DkimSignature, 'algorithm' | 'domain' | 'selector' | 'value'>

/**
 * Parses a DKIM-Signature field.
 *
 * @param field The whole field as it stands in the message, its folding kept.
 * @returns What it says; nothing of it has been verified.
 * @throws {MailError} `DKIM_BAD_FIELD` for another field; `DKIM_BAD_TAG_LIST` for text that is no tag list, a tag that
 * comes twice, or over 65,535 characters; `DKIM_MISSING_TAG` for one that must be there; `DKIM_BAD_TAG` for a value
 * outside its grammar, or a version other than 1; `DKIM_BAD_DOMAIN` for a `d=` or `s=` that is no name; `DKIM_BAD_LABEL`
 * for a name in UTF-8 that has no A-labels.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.5 | RFC 6376 section 3.5}
 * @example
 * const field = 'DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=mail;\r\n h=from:to; bh=AAAA; b=AA AA;'
 * const { identity, signedFields, canonicalization, value } = parseDkimSignature(field)
 * identity // '@example.com'
 * signedFields // ['from', 'to']
 * canonicalization // 'simple/simple'
 * value // 'AAAA'
 */
export function parseDkimSignature(field: string): DkimSignature {
  const [name] = FIELD.exec(field) ?? []
  if (!name) throw fault('DKIM_BAD_FIELD', `parse "${clip(field)}": it is another field`, '3.5')
  return readSignature(parseTagList(field.slice(name.length)))
}

/** @internal */
export function readSignature(tags: TagList): DkimSignature {
  readTag(tags, 'v', /^1$/)
  const signer = readSigner(tags)
  return {
    ...signer,
    ...readCoverage(tags),
    canonicalization: readCanonicalization(tags),
    identity: readIdentity(tags, signer),
    signedFields: readTag(tags, 'h', FIELD_NAMES).split(/ ?: ?/),
    copiedFields: readCopies(tags),
  }
}

function readIdentity(tags: TagList, { domain }: Signer): string {
  const identity = checkTag('i', (tags.get('i') ?? `@${domain}`).replaceAll(' ', ''), IDENTITY)
  return mapIdentity(identity, toAsciiName)
}

/** @internal */
export function readSigner(tags: TagList): Signer {
  const { domain, selector } = toAsciiNames({ domain: readTag(tags, 'd', ANY), selector: readTag(tags, 's', ANY) })
  if (!keyName(selector, domain)) {
    throw fault('DKIM_BAD_DOMAIN', `look for the key "${clip(selector)}" of "${clip(domain)}"`, '3.5')
  }
  return {
    algorithm: readTag(tags, 'a', ALGORITHM),
    domain: domain.toLowerCase(),
    selector,
    value: readBase64(tags, 'b'),
  }
}

/**
 * Gives what a signature over the message says of its body, its age and its key.
 *
 * @internal
 */
export function readCoverage(
  tags: TagList,
): Pick<DkimSignature, 'queryMethods' | 'bodyHash' | 'bodyLength' | 'signedAt' | 'expiresAt'> {
  return {
    queryMethods: readTag(tags, 'q', ANY, 'dns/txt').split(/ ?: ?/),
    bodyHash: readBase64(tags, 'bh'),
    bodyLength: readBodyLength(tags),
    ...readTimes(tags),
  }
}

/**
 * Gives both forms that `c=` names: the body's is `simple` where it names one.
 *
 * @internal
 * @param absent What it means that there is no such tag.
 */
export function readCanonicalization(tags: TagList, absent = 'simple'): string {
  return readTag(tags, 'c', CANONICALIZATION, absent).replace(/^[^/]+$/, '$&/simple')
}

/** @internal */
export function readBodyLength(tags: TagList): number | undefined {
  return readNumber(tags, 'l', /^\d{1,76}$/, 1)
}

// sig-z-tag-copy = hdr-name [FWS] ":" qp-hdr-value      ; dkim-quoted-printable, with "|" encoded
const COPIES = /^(?:[!-9<-{}~]+:(?:[!-<>-{}~]|=[0-9A-F]{2})*(?:\|(?!$)|$))+$/

// They are for people: what cannot be read as copies is none, and no fault of the signature.
function readCopies(tags: TagList): string[] {
  const text = (tags.get('z') ?? '').replaceAll(' ', '')
  if (!COPIES.test(text)) return []
  return text
    .split('|')
    .map((copy) => copy.replace(/=(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))))
}

// Each hex octet stays whole, wherever the tag is folded.
function formatCopies(copies: readonly string[]): string[] {
  const text = copies.map((copy) => {
    const name = copy.slice(0, copy.indexOf(':') + 1)
    return (
      name +
      copy.slice(name.length).replace(/[^!-:<>-{}~]/g, (octet) => `=${encodeHex([octet.charCodeAt(0)]).toUpperCase()}`)
    )
  })
  return ` z=${text.join('|')};`.match(/(?:=[0-9A-F]{2}|[^=]|=){1,24}/g) ?? []
}

/** @internal */
export function readTimes(tags: TagList): Pick<DkimSignature, 'signedAt' | 'expiresAt'> {
  const signedAt = readNumber(tags, 't', TIME, 1000)
  const expiresAt = readNumber(tags, 'x', TIME, 1000)
  // RFC 6376 section 3.5: a signature expires after it was made.
  if (expiresAt !== undefined && expiresAt <= (signedAt ?? -1)) {
    throw fault('DKIM_BAD_TAG', 'take a signature that expires before it is made', '3.5')
  }
  return { signedAt, expiresAt }
}

function readNumber(tags: TagList, name: string, pattern: RegExp, unit: number): number | undefined {
  return tags.has(name) ? Number(readTag(tags, name, pattern)) * unit : undefined
}

/**
 * Tells whether text is the name of a header field that `h=` can hold.
 *
 * @internal
 */
export function isFieldName(text: string): boolean {
  return FIELD_NAMES.test(text) && !text.includes(':')
}

/**
 * Formats the field, folded, without the CRLF that ends it and without its value, which {@link appendValue} adds.
 *
 * @internal
 */
export function formatUnsigned(signature: Omit<DkimSignature, 'value'>): string {
  const { domain, identity, bodyLength, signedAt, expiresAt } = signature
  return fold([
    'DKIM-Signature: v=1;',
    ` a=${signature.algorithm};`,
    ` c=${signature.canonicalization};`,
    ` d=${domain};`,
    ` s=${signature.selector};`,
    identity === `@${domain}` ? '' : ` i=${identity};`,
    signedAt === undefined ? '' : ` t=${signedAt / 1000};`,
    expiresAt === undefined ? '' : ` x=${expiresAt / 1000};`,
    bodyLength === undefined ? '' : ` l=${bodyLength};`,
    ...(signature.copiedFields.length === 0 ? [] : formatCopies(signature.copiedFields)),
    ...namesInPieces(signature.signedFields),
    ` bh=${signature.bodyHash};`,
    ' b=',
  ])
}

/**
 * Gives `h=`, each name with the colon after it, so that the list can be folded there.
 *
 * @internal
 */
export function namesInPieces(names: readonly string[]): string[] {
  return [' h=', ...names.slice(0, -1).map((name) => `${name}:`), `${names.at(-1) ?? ''};`]
}

/**
 * Adds the value to the field of which it is the signature.
 *
 * @internal
 */
export function appendValue(unsigned: string, value: string): string {
  const column = unsigned.length - unsigned.lastIndexOf('\n') - 1
  return unsigned + fold(value.match(/.{1,72}/g) ?? [], MAX_COLUMNS, column)
}

/**
 * Joins pieces, each on a new line that would go beyond the columns.
 *
 * @internal
 */
export function fold(pieces: readonly string[], columns: number = MAX_COLUMNS, start = 0): string {
  let column = start
  let text = ''
  for (const piece of pieces) {
    const fits = column + piece.length <= columns
    const next = fits ? piece : `\r\n ${piece.trimStart()}`
    column = fits ? column + piece.length : next.length - 2
    text += next
  }
  return text
}
