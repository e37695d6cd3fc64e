/** What is signed, and as whom: RFC 6376 section 5.1 to 5.4, with the time limits and copies of section 3.5. */

import { clip, decodeLatin1 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import type { DkimAlgorithm } from './algorithm.ts'
import type { Canonicalization } from './canonical-field.ts'
import { fault } from './error.ts'
import type { DkimKey } from './key.ts'
import { type DkimSignature, isFieldName } from './signature.ts'
import type { DkimSigner } from './signer.ts'
import { isIdentityOf, keyName } from './signer-name.ts'

/** Who signs, with what, and how. */
export interface SignDkimOptions {
  /** The domain that takes responsibility, `d=`. */
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
  /** On whose behalf, `i=`: an address, or `@` and a name, of the domain or below it; default not told. */
  readonly identity?: string
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
// dkim-safe-char = %x21-3A / %x3C / %x3E-7E
const IDENTITY = /^[!-:<>-~]*@[A-Za-z0-9.-]+$/

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
  const { canonicalization = 'relaxed/relaxed', domain, selector } = options
  checkKeyName(options)
  checkIdentity(options)
  return {
    canonicalization,
    domain,
    selector,
    identity: options.identity ?? `@${domain}`,
    signedFields: namesToSign(fields, options),
    copiedFields: copiesOf(fields, options),
    queryMethods: ['dns/txt'],
    bodyLength: undefined,
    ...timesOf(options),
  }
}

/** @internal */
export function checkKeyName({ domain, selector }: Pick<SignDkimOptions, 'domain' | 'selector'>): void {
  if (keyName(selector, domain)) return
  throw fault('DKIM_BAD_DOMAIN', `sign as "${clip(selector)}" of "${clip(domain)}"`, '3.1')
}

function checkIdentity({ domain, identity = `@${domain}` }: SignDkimOptions): void {
  if (!IDENTITY.test(identity) || !isIdentityOf(identity, domain, false)) {
    throw fault('DKIM_BAD_IDENTITY', `sign for "${clip(identity)}"`, '3.5')
  }
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
  const names = options.fields || options.oversign ? namesOf(options.fields ?? fieldsToSign(), closed) : DEFAULTS
  const present = fields.map(({ name }) => name.toLowerCase())
  const from = present.filter((name) => name === 'from').length
  if (from !== 1) throw fault('DKIM_BAD_MESSAGE', `sign message: it has ${from} From fields`, '5.4')
  return [...present.filter((name) => names.has(name)), ...closed]
}

function namesOf(wanted: readonly string[], closed: readonly string[]): ReadonlySet<string> {
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
