/** Signing: RFC 6376 section 5, RFC 8301, RFC 8463. Out of scope: `l=`, which lets anyone add to what was signed. */

import { clip, encodeBase64, encodeLatin1 } from '@posthorn/core'
import { type RawField, splitMessage } from '@posthorn/mime'
import { CRYPTO_ALGORITHMS, type DkimAlgorithm, MIN_RSA_BITS, signingInput } from './algorithm.ts'
import type { Canonicalization } from './canonical-field.ts'
import { fault } from './error.ts'
import type { DkimKey } from './key.ts'
import { type DkimSignature, formatDkimSignature, isFieldName } from './signature.ts'
import { hashBody, signedHeader } from './signed-data.ts'
import { isIdentityOf, keyName } from './signer-name.ts'

/** Who signs, with what, and how. */
export interface SignDkimOptions {
  /** The domain that takes responsibility, `d=`. */
  readonly domain: string
  /** Which of its keys, `s=`: the record stands at `selector._domainkey.domain`. */
  readonly selector: string
  /** The private key, from `importDkimKey`, `generateDkimKey` or WebCrypto. */
  readonly key: DkimKey
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
  /** On whose behalf, `i=`: an address, or `@` and a name, of the domain or below it; default not told. */
  readonly identity?: string
}

const OVERSIGNED = 'from to cc subject date reply-to mime-version content-type content-transfer-encoding'
const ALSO_SIGNED =
  'sender message-id in-reply-to references resent-date resent-from resent-to resent-cc list-id list-help ' +
  'list-unsubscribe list-unsubscribe-post list-subscribe list-post list-owner list-archive'
const CR = 13
const LF = 10
// t= and x= have 12 digits of seconds at most.
const END_OF_TIME = 1e15
// dkim-safe-char = %x21-3A / %x3C / %x3E-7E
const IDENTITY = /^[!-:<>-~]*@[A-Za-z0-9.-]+$/

/**
 * Signs a message.
 *
 * The field is made for exactly the octets given: whatever changes them later, but for what the canonicalization
 * forgives, breaks it. To sign with two keys, sign twice and put both fields before the message.
 *
 * @param message The message with CRLF line endings and one From field.
 * @param options Who signs, with what, and how.
 * @returns The DKIM-Signature field, folded, with its CRLF, to put before the message.
 * @throws {MailError} `DKIM_BAD_DOMAIN`, `DKIM_BAD_IDENTITY`, `DKIM_BAD_FIELD` or `DKIM_BAD_TIME` for such an option;
 * `DKIM_BAD_KEY` for a key that is not private, or of another algorithm; `DKIM_WEAK_KEY` for an RSA key under 1,024
 * bits; `DKIM_BAD_MESSAGE` for a bare CR or LF, or not one From field; `DKIM_UNSUPPORTED_ALGORITHM` where the runtime
 * cannot sign with the key; and the codes of `splitMessage`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-5 | RFC 6376 section 5}
 * @example
 * const { privateKey } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const message = new TextEncoder().encode('From: ann@example.com\r\nSubject: Hi\r\n\r\nHello\r\n')
 * const field = await signDkim(message, { domain: 'example.com', selector: 'mail', key: privateKey })
 * const signature = parseDkimSignature(new TextDecoder().decode(field).trimEnd())
 * signature.algorithm // 'ed25519-sha256'
 * signature.signedFields.slice(0, 4) // ['from', 'subject', 'from', 'to']
 */
export async function signDkim(message: Uint8Array, options: SignDkimOptions): Promise<Uint8Array<ArrayBuffer>> {
  checkNames(options)
  refuseBareBreaks(message)
  const { fields, body } = splitMessage(message)
  const { canonicalization = 'relaxed/relaxed', domain, key } = options
  const [headerForm, bodyForm] = canonicalization.split('/') as [Canonicalization, Canonicalization]
  const algorithm = algorithmOf(options)
  const unsigned: DkimSignature = {
    algorithm,
    canonicalization,
    domain,
    selector: options.selector,
    identity: options.identity ?? `@${domain}`,
    signedFields: namesToSign(fields, options),
    queryMethods: ['dns/txt'],
    bodyHash: (await hashBody(body, bodyForm, undefined)).hash,
    value: '',
    bodyLength: undefined,
    ...timesOf(options),
  }
  const own = encodeLatin1(formatDkimSignature(unsigned))
  const value = await computeValue(algorithm, key, signedHeader(fields, unsigned.signedFields, own, headerForm))
  return encodeLatin1(`${formatDkimSignature({ ...unsigned, value })}\r\n`)
}

function checkNames({ domain, selector, identity = `@${domain}` }: SignDkimOptions): void {
  if (!keyName(selector, domain))
    throw fault('DKIM_BAD_DOMAIN', `sign as "${clip(selector)}" of "${clip(domain)}"`, '3.1')
  if (!IDENTITY.test(identity) || !isIdentityOf(identity, domain, false)) {
    throw fault('DKIM_BAD_IDENTITY', `sign for "${clip(identity)}"`, '3.5')
  }
}

// RFC 6376 section 5.3: what is signed is what is sent, so lines end in CRLF before, not after.
function refuseBareBreaks(message: Uint8Array): void {
  for (let at = 0; at <= message.length; at++) {
    if ((message[at] === LF) !== (message[at - 1] === CR)) {
      throw fault('DKIM_BAD_MESSAGE', `sign message: at ${at} it has a bare CR or LF`, '5.3')
    }
  }
}

function algorithmOf({ key, algorithm }: SignDkimOptions): DkimAlgorithm {
  const { name, hash, modulusLength = MIN_RSA_BITS } = key.algorithm as KeyAlgorithm
  const own = name === CRYPTO_ALGORITHMS['ed25519-sha256'].name ? 'ed25519-sha256' : 'rsa-sha256'
  const expected = CRYPTO_ALGORITHMS[own]
  if (key.type !== 'private' || name !== expected.name || hash?.name !== expected.hash || own !== (algorithm ?? own)) {
    throw fault('DKIM_BAD_KEY', 'sign with a key that is not private, or for another algorithm', '3.3')
  }
  // RFC 8301 section 3.2: no verifier may accept a shorter key.
  if (modulusLength < MIN_RSA_BITS) throw fault('DKIM_WEAK_KEY', `sign with a key of ${modulusLength} bits`, '3.3.3')
  return own
}

interface KeyAlgorithm {
  readonly name: string
  readonly hash?: { readonly name: string }
  readonly modulusLength?: number
}

// RFC 6376 section 5.4.2: a name listed once more than it occurs says that no further field was there.
function namesToSign(fields: readonly RawField[], options: SignDkimOptions): string[] {
  const { fields: wanted = `${OVERSIGNED} ${ALSO_SIGNED}`.split(' '), oversign = OVERSIGNED.split(' ') } = options
  const closed = oversign.map((name) => name.toLowerCase())
  const names = new Set([...closed, ...wanted.map((name) => name.toLowerCase())])
  if (!names.has('from') || ![...names].every(isFieldName)) {
    throw fault('DKIM_BAD_FIELD', `sign fields "${clip([...names].join(', '))}"`, '5.4')
  }
  const present = fields.map(({ name }) => name.toLowerCase())
  const from = present.filter((name) => name === 'from').length
  if (from !== 1) throw fault('DKIM_BAD_MESSAGE', `sign message: it has ${from} From fields`, '5.4')
  return [...present.filter((name) => names.has(name)), ...closed]
}

function timesOf({ now, expires }: SignDkimOptions): Pick<DkimSignature, 'signedAt' | 'expiresAt'> {
  const [signedAt, expiresAt] = [now, expires].map((time) => time && Math.floor(time / 1000) * 1000)
  const [early, late] = [signedAt ?? 0, expiresAt ?? END_OF_TIME - 1]
  if (!(early >= 0 && early < late && late < END_OF_TIME)) {
    throw fault('DKIM_BAD_TIME', `sign message: it would be good from ${signedAt} to ${expiresAt}`, '3.5')
  }
  return { signedAt, expiresAt }
}

async function computeValue(algorithm: DkimAlgorithm, key: DkimKey, data: Uint8Array): Promise<string> {
  const input = await signingInput(algorithm, data)
  try {
    return encodeBase64(new Uint8Array(await crypto.subtle.sign(CRYPTO_ALGORITHMS[algorithm], key, input)))
  } catch {
    throw fault('DKIM_UNSUPPORTED_ALGORITHM', `sign with ${algorithm} in this runtime`, '3.3')
  }
}
