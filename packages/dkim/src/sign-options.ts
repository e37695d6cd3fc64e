/** What is signed, and as whom: RFC 6376 section 5.1 to 5.4, with the time limits and copies of section 3.5. */

import { clip, decodeLatin1, isAscii } from '@posthorn/core'
import { type RawField, toUnicodeDomain } from '@posthorn/mime'
import type { DkimAlgorithm } from './algorithm.ts'
import type { Canonicalization } from './canonical-field.ts'
import { fault } from './error.ts'
import type { DkimKey } from './key.ts'
import { type DkimSignature, isFieldName } from './signature.ts'
import type { DkimSigner } from './signer.ts'
import {
  isIdentityOf,
  keyName,
  mapIdentity,
  type SignerNames,
  toAsciiName,
  toAsciiNames,
  toUnicodeNames,
} from './signer-name.ts'

/** Who signs, with what, and how. */
export interface SignDkimOptions {
  /** The domain that takes responsibility, `d=`, with U-labels or A-labels. */
  readonly domain: string
  /** Which of its keys, `s=`: the record stands at `selector._domainkey.domain`. */
  readonly selector: string
  /** The private key, from `importDkimKey`, `generateDkimKey` or WebCrypto; or who signs in its place. */
  readonly key: DkimKey | DkimSigner
  /** The algorithm; default that of the key, and only stated to be sure of it. */
  readonly algorithm?: DkimAlgorithm
  /** What the header and the body survive; default `relaxed/relaxed`, as relays refold. */
  readonly canonicalization?: `${Canonicalization}/${Canonicalization}`
  /** Names of fields to sign where they are; default those that show or steer a message, RFC 6376 section 5.4.1. */
  readonly fields?: readonly string[]
  /** Names of fields to which none may be added; default those that readers and clients go by. */
  readonly oversign?: readonly string[]
  /** The time of signing, in milliseconds since 1970, for `t=`; default: not told. */
  readonly now?: number
  /** When the signature ceases to be good, in milliseconds since 1970, for `x=`; default never. */
  readonly expires?: number
  /** Names of fields that are copied into the signature, `z=`, for who looks for a fault later; default none. */
  readonly copyFields?: readonly string[]
  /**
   * On whose behalf, `i=`: an address, or `@` and a name, of the domain or below it; default not told. A local part with UTF-8
   * is taken only where the header of the message has UTF-8 too.
   */
  readonly identity?: string
  /**
   * Writes names as U-labels where the header of the message has UTF-8, as RFC 8616 section 5 recommends; default `false`:
   * as A-labels, which are right in every message, because few verifiers read U-labels yet.
   */
  readonly unicode?: boolean
}

const OVERSIGNED: readonly string[] = [
  ...['from', 'to', 'cc', 'subject', 'date', 'reply-to', 'mime-version', 'content-type', 'content-transfer-encoding'],
  ...['message-id', 'in-reply-to', 'references'],
]
const ALSO_SIGNED: readonly string[] = [
  ...['sender', 'resent-date', 'resent-from', 'resent-to', 'resent-cc', 'list-id', 'list-help', 'list-unsubscribe'],
  ...['list-unsubscribe-post', 'list-subscribe', 'list-post', 'list-owner', 'list-archive'],
]
const DEFAULTS = /* @__PURE__ */ new Set([...OVERSIGNED, ...ALSO_SIGNED])
// t= and x= have 12 digits of seconds at most.
const END_OF_TIME = 1e15
// dkim-safe-char = %x21-3A / %x3C / %x3E-7E         ; and UTF-8, after RFC 8616 section 5
const IDENTITY = /^[!-:<>-~\u00a1-\u2027\u202a-\ud7ff\ue000-\u{10ffff}]*@[A-Za-z0-9.-]+$/u

/**
 * Gives the signature that is to be made, all but its hash and its value.
 *
 * @internal
 * @throws {MailError} As {@link signDkim} does.
 */
export function plan(
  fields: readonly RawField[],
  options: SignDkimOptions,
): Omit<DkimSignature, 'algorithm' | 'bodyHash' | 'value'> {
  const { canonicalization = 'relaxed/relaxed' } = options
  const names = namesOf(fields, options)
  return {
    canonicalization,
    ...names,
    identity: options.identity === undefined ? `@${names.domain}` : toIdentity(options.identity, fields, options),
    signedFields: namesToSign(fields, options),
    copiedFields: copiesOf(fields, options),
    queryMethods: ['dns/txt'],
    bodyLength: undefined,
    ...timesOf(options),
  }
}

/**
 * Gives both names of the signer as they are to be written.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_LABEL`; `DKIM_BAD_DOMAIN`.
 */
export function namesOf(
  fields: readonly RawField[],
  options: Pick<SignDkimOptions, 'domain' | 'selector' | 'unicode'>,
): SignerNames {
  const names = toAsciiNames(options)
  if (!keyName(names.selector, names.domain)) {
    throw fault('DKIM_BAD_DOMAIN', `sign as "${clip(names.selector)}" of "${clip(names.domain)}"`, '3.1')
  }
  return options.unicode && hasUtf8(fields) ? toUnicodeNames(names) : names
}

function toIdentity(given: string, fields: readonly RawField[], { domain, unicode }: SignDkimOptions): string {
  const identity = mapIdentity(given, toAsciiName)
  const isWritable = IDENTITY.test(identity) && (isAscii(identity) || hasUtf8(fields))
  if (!isWritable || !isIdentityOf(identity, toAsciiName(domain), false)) {
    throw fault('DKIM_BAD_IDENTITY', `sign for "${clip(identity)}"`, '3.5')
  }
  return unicode && hasUtf8(fields) ? mapIdentity(identity, toUnicodeDomain) : identity
}

// RFC 8616 section 5: only in a header of RFC 6532 a signature may have UTF-8.
function hasUtf8(fields: readonly RawField[]): boolean {
  return fields.some(({ bytes }) => bytes.some((octet) => octet > 127))
}

/**
 * Gives the names that are signed by default: what shows or steers a message.
 *
 * @internal
 */
export function fieldsToSign(): readonly string[] {
  return [...OVERSIGNED, ...ALSO_SIGNED]
}

/**
 * Gives what `h=` is to name. A name listed once more than it occurs says that no further field was there: RFC 6376
 * section 5.4.2.
 *
 * @internal
 */
export function namesToSign(
  fields: readonly RawField[],
  options: Pick<SignDkimOptions, 'fields' | 'oversign'>,
): string[] {
  const closed = options.oversign?.map((name) => name.toLowerCase()) ?? OVERSIGNED
  const names = options.fields || options.oversign ? fieldNames(options.fields ?? fieldsToSign(), closed) : DEFAULTS
  const present = fields.map(({ name }) => name.toLowerCase())
  const from = present.filter((name) => name === 'from').length
  if (from !== 1) throw fault('DKIM_BAD_MESSAGE', `sign message: it has ${from} From fields`, '5.4')
  return [...present.filter((name) => names.has(name)), ...closed]
}

function fieldNames(wanted: readonly string[], closed: readonly string[]): ReadonlySet<string> {
  const names = new Set([...closed, ...wanted.map((name) => name.toLowerCase())])
  if (names.has('from') && [...names].every(isFieldName)) return names
  throw fault('DKIM_BAD_FIELD', `sign fields "${clip([...names].join(', '))}"`, '5.4')
}

/** @internal */
export function timesOf({
  now,
  expires,
}: Pick<SignDkimOptions, 'now' | 'expires'>): Pick<DkimSignature, 'signedAt' | 'expiresAt'> {
  const [signedAt, expiresAt] = [now, expires].map((time) => time && Math.floor(time / 1000) * 1000)
  const [early, late] = [signedAt ?? 0, expiresAt ?? END_OF_TIME - 1]
  if (!(early >= 0 && early < late && late < END_OF_TIME)) {
    throw fault('DKIM_BAD_TIME', `sign message: it would be good from ${signedAt} to ${expiresAt}`, '3.5')
  }
  return { signedAt, expiresAt }
}

function copiesOf(fields: readonly RawField[], { copyFields = [] }: SignDkimOptions): string[] {
  const names = new Set(copyFields.map((name) => name.toLowerCase()))
  const copied = fields.filter(({ name }) => names.has(name.toLowerCase()))
  return copied.map(({ name, bytes }) => {
    const text = decodeLatin1(bytes)
    return `${name}:${text.slice(text.indexOf(':') + 1)}`
  })
}
