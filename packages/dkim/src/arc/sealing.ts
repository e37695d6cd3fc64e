/** Sealing: RFC 8617 section 5.1. */

import { type ChunkSource, clip, concatBytes, encodeLatin1, encodeUtf8 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import type { DkimBodyHashes } from '../body-digest.ts'
import { fieldsToSign, namesOf, namesToSign, timesOf } from '../sign-options.ts'
import { signedHeader } from '../signed-data.ts'
import { algorithmOf, computeValue } from '../signer.ts'
import { formsOfOptions, hashMessage, readFields, readHeaderAlone, type ToSign, toSign } from '../to-sign.ts'
import { readChain } from './chain.ts'
import { arcFault } from './error.ts'
import { type ArcMessageSignature, formatArcMessageSignature } from './message-signature.ts'
import { ownResults } from './own-results.ts'
import { formatArcAuthenticationResults } from './results.ts'
import { type ArcSeal, formatArcSeal } from './seal.ts'
import type { SealArcOptions } from './seal-options.ts'
import { type SetFields, sealedData } from './sealed-data.ts'

const FORBIDDEN = new Set(['authentication-results', 'arc-seal', 'arc-message-signature', 'arc-authentication-results'])
const CRLF = Uint8Array.of(13, 10)

/**
 * Seals a message that is passed on: adds the set that says what was found of it on arrival, and signs it as it leaves.
 *
 * All changes to the message come before, a DKIM-Signature of one's own with them. A chain that failed is told once, by a
 * set with `cv=fail` whose seal covers itself alone; after such a set nothing is added.
 *
 * @param message The message as it leaves, with CRLF line endings: its octets, or where they come from one chunk after
 * another. A source is read once, to its end; where nothing may be added, only its header.
 * @param options Who seals, with what, what was found of the message and of its chain.
 * @returns The three fields with their CRLFs, to put before the message; `undefined` when nothing may be added.
 * @throws {MailError} `ARC_BAD_CHAIN` when the verdict is not of this message; `ARC_BAD_RESULTS` for results that cannot stand
 * in a field; `ARC_FORBIDDEN_FIELD` for a name that may not be signed; and as `signDkim`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-5.1 | RFC 8617 section 5.1}
 * @example
 * import { generateDkimKey } from '@posthorn/dkim'
 *
 * const { privateKey } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const message = new TextEncoder().encode('From: ann@example.com\r\n\r\nHello\r\n')
 * const fields = await sealArc(message, {
 *   validation: { result: 'none', sets: [], nextInstance: 1 },
 *   authenticationResults: 'lists.example; spf=pass smtp.mailfrom=ann@example.com',
 *   domain: 'lists.example',
 *   selector: 'arc',
 *   key: privateKey,
 * })
 * new TextDecoder().decode(fields).includes('cv=none; d=lists.example; i=1; s=arc') // true
 */
export async function sealArc(
  message: Uint8Array | ChunkSource,
  options: SealArcOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (options.validation.nextInstance === undefined) return sealArcHeader(await readHeaderAlone(message), {}, options)
  const { header, hashes } = await hashMessage(message, [formsOfOptions(options)[1]])
  return sealArcHeader(header, hashes, options)
}

/**
 * Seals a message of which the body has been hashed already, as while it was written to disk.
 *
 * @param header The header with CRLF line endings, with or without the empty line that ends it.
 * @param bodyHashes What a `DkimBodyHasher` gave for the body.
 * @param options As for {@link sealArc}.
 * @returns The three fields, as {@link sealArc} gives them.
 * @throws {MailError} As {@link sealArc}; `DKIM_BAD_MESSAGE` without the hash of the body in the form that is wanted.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-5.1 | RFC 8617 section 5.1}
 * @example
 * import { DkimBodyHasher, generateDkimKey } from '@posthorn/dkim'
 *
 * const { privateKey } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const hasher = new DkimBodyHasher()
 * hasher.push(new TextEncoder().encode('Hello\r\n'))
 * const header = new TextEncoder().encode('From: ann@example.com\r\nAuthentication-Results: lists.example; spf=pass\r\n')
 * const fields = await sealArcHeader(header, await hasher.end(), {
 *   validation: { result: 'none', sets: [], nextInstance: 1 },
 *   authenticationResults: { authservId: 'lists.example' },
 *   domain: 'lists.example',
 *   selector: 'arc',
 *   key: privateKey,
 * })
 * new TextDecoder().decode(fields).endsWith('ARC-Authentication-Results: i=1; lists.example; spf=pass\r\n') // true
 */
export async function sealArcHeader(
  header: Uint8Array,
  bodyHashes: DkimBodyHashes,
  options: SealArcOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { nextInstance: instance, result } = options.validation
  const fields = readFields(header)
  const names = namesOf(fields, options)
  const before = setsBefore(fields, options)
  if (instance === undefined) return undefined
  const set: OwnSet = { ...options, ...names, instance }
  const text = ownResults(fields, options.authenticationResults)
  const results = encodeLatin1(formatArcAuthenticationResults({ instance, results: text }, options))
  const signature = await makeSignature(toSign(fields, bodyHashes, options), set)
  // RFC 8617 section 5.1.2: a chain that failed has no order that could be sealed.
  const scope = result === 'fail' ? [] : before
  const seal = await makeSeal([...scope, { results, signature, seal: new Uint8Array(0) }], set)
  return concatBytes([seal, signature, results].flatMap((field) => [field, CRLF]))
}

interface OwnSet extends SealArcOptions {
  readonly instance: number
}

function setsBefore(fields: readonly RawField[], { validation }: SealArcOptions): SetFields[] {
  const chain = readChain(fields) ?? { links: [], next: 1 }
  const { result, nextInstance } = validation
  const whole = result === 'fail' || (!chain.fault && (result === 'none') === (chain.links.length === 0))
  if (chain.next !== nextInstance || !whole) {
    throw arcFault('ARC_BAD_CHAIN', `seal message: its chain is not the one that was found to be "${result}"`, '5.1')
  }
  return chain.links.map(({ raw }) => ({
    results: raw.results.bytes,
    signature: raw.signature.bytes,
    seal: raw.seal.bytes,
  }))
}

async function makeSignature(message: ToSign, set: OwnSet): Promise<Uint8Array> {
  const { fields = [...fieldsToSign(), 'dkim-signature'], oversign, key, domain, selector, instance } = set
  const unwanted = [...fields, ...(oversign ?? [])].find((name) => FORBIDDEN.has(name.toLowerCase()))
  if (unwanted !== undefined) throw arcFault('ARC_FORBIDDEN_FIELD', `sign the field "${clip(unwanted)}"`, '4.1.2')
  const algorithm = algorithmOf(key, set.algorithm)
  const unsigned: ArcMessageSignature = {
    instance,
    algorithm,
    canonicalization: formsOfOptions(set).join('/'),
    domain: domain.toLowerCase(),
    selector,
    signedFields: namesToSign(message.fields, oversign ? { fields, oversign } : { fields }),
    queryMethods: ['dns/txt'],
    bodyHash: message.bodyHash,
    bodyLength: undefined,
    value: '',
    ...timesOf(set),
  }
  const own = encodeUtf8(formatArcMessageSignature(unsigned, set))
  const data = signedHeader(message.fields, unsigned.signedFields, own, message.headerForm)
  const value = await computeValue(key, algorithm, data)
  return encodeUtf8(formatArcMessageSignature({ ...unsigned, value }, set))
}

async function makeSeal(sets: readonly SetFields[], set: OwnSet): Promise<Uint8Array> {
  const { key, domain, selector, instance, validation } = set
  const algorithm = algorithmOf(key, set.algorithm)
  const unsigned: ArcSeal = {
    instance,
    chainStatus: validation.result,
    algorithm,
    domain: domain.toLowerCase(),
    selector,
    value: '',
    signedAt: timesOf(set).signedAt,
  }
  const own = { ...sets.at(-1)!, seal: encodeUtf8(formatArcSeal(unsigned, set)) }
  const value = await computeValue(key, algorithm, sealedData([...sets.slice(0, -1), own])(sets.length - 1))
  return encodeUtf8(formatArcSeal({ ...unsigned, value }, set))
}
