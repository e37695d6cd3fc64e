/**
 * Why a signature fails: guesses at what was done to the message, each proven by the signature itself, which is right once it is
 * undone. RFC 6376 section 3.7. Out of scope: what nobody has guessed.
 */

import { decodeLatin1, known, MailError } from '@posthorn/core'
import type { Resolver } from '@posthorn/dns'
import { type RawField, splitMessage } from '@posthorn/mime'
import { BodyHasher } from '../body-hash.ts'
import { formsOf } from '../canonical-field.ts'
import type { PublicKey } from '../public-key.ts'
import type { DkimSignature } from '../signature.ts'
import { signedHeader } from '../signed-data.ts'
import { keyName } from '../signer-name.ts'
import { outcomeOf, Refusal } from '../verdict.ts'
import { checkMethods } from '../verify-header.ts'
import { checkRecord, findRecord, readKey } from '../verify-key.ts'
import { checkValue, parseSignature } from '../verify-value.ts'
import { type DkimBodyCause, guessBodies } from './body-guess.ts'
import { type DkimHeaderCause, guessHeaders } from './header-guess.ts'

/** What is known of one half of a message. */
export type DkimHalf = 'as-signed' | 'changed' | 'unknown'

/** Why a signature fails, as far as it can be known. */
export interface DkimExplanation {
  /** Whether the body is the one that was signed; `unknown` for a signature that cannot be read. */
  readonly body: DkimHalf
  /** Whether the header is; `unknown` without a key to tell. */
  readonly header: DkimHalf
  /** What was done to the message, proven. Empty for a change that none of the guesses undoes. */
  readonly causes: readonly (DkimBodyCause | DkimHeaderCause)[]
}

/** What {@link explainDkimFailure} needs, and its limits. */
export interface ExplainDkimOptions {
  /** Gets the key. */
  readonly resolver: Resolver
  /** Which signature, from the top, counted from 0; default the first. */
  readonly index?: number
  /** Most headers to try, each of which costs a verification; default 200. */
  readonly maxHeaders?: number
  /** Most octets of bodies to hash; default 67,108,864. */
  readonly maxBodyOctets?: number
  /** Ends the wait for the DNS; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Tells what was done to a message since it was signed.
 *
 * @param message The message as received, with CRLF line endings.
 * @param options The resolver, which signature, and limits.
 * @returns What is as it was signed, what is not, and what undoes the change: a cause that is given is proven.
 * @throws {MailError} The codes of `splitMessage`; `DKIM_BAD_FIELD` where the message has no such signature.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.7 | RFC 6376 section 3.7}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 *
 * const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const resolver = new MemoryZone().add('mail._domainkey.example.com', 'TXT', record)
 * const text = new TextEncoder().encode('From: ann@example.com\r\nSubject: Hi\r\n\r\nHello\r\n')
 * const field = await signDkim(text, { domain: 'example.com', selector: 'mail', key: privateKey })
 * const footer = new TextEncoder().encode('-- \r\nA list\r\n')
 * await explainDkimFailure(new Uint8Array([...field, ...text, ...footer]), { resolver })
 * // { body: 'changed', header: 'as-signed', causes: [{ type: 'lines-appended', line: 2 }] }
 */
export async function explainDkimFailure(message: Uint8Array, options: ExplainDkimOptions): Promise<DkimExplanation> {
  const { fields, body } = splitMessage(message)
  const own = fields.filter(({ name }) => name.toLowerCase() === 'dkim-signature')[options.index ?? 0]
  if (!own) throw new MailError('DKIM_BAD_FIELD', 'Cannot explain a signature that is not there')
  const signature = await outcomeOf(() => readSignature(own))
  if (signature instanceof Refusal) return { body: 'unknown', header: 'unknown', causes: [] }
  const bodyCauses = await explainBody(body, { signature, fields, maxOctets: options.maxBodyOctets ?? 67_108_864 })
  const key = await outcomeOf(() => keyOf(signature, options))
  const headerCauses =
    key instanceof Refusal
      ? undefined
      : await explainHeader({ fields, own, signature, key, most: options.maxHeaders ?? 200 })
  return {
    body: halfOf(bodyCauses),
    header: headerCauses ? halfOf(headerCauses) : 'unknown',
    causes: [...(bodyCauses === 'as-signed' ? [] : bodyCauses), ...(Array.isArray(headerCauses) ? headerCauses : [])],
  }
}

function halfOf(causes: 'as-signed' | readonly unknown[]): DkimHalf {
  return causes === 'as-signed' ? causes : 'changed'
}

function readSignature(own: RawField): DkimSignature {
  const signature = parseSignature(own)
  checkMethods(signature)
  return signature
}

async function keyOf(signature: DkimSignature, { resolver, signal }: ExplainDkimOptions): Promise<PublicKey> {
  const name = keyName(signature.selector, signature.domain)!
  const record = findRecord(await resolver.resolve(name, 'TXT', known({ signal })))
  checkRecord(record, signature)
  return readKey(record, {})
}

interface BodyTask {
  readonly signature: DkimSignature
  readonly fields: readonly RawField[]
  readonly maxOctets: number
}

async function explainBody(
  body: Uint8Array,
  { signature, fields, maxOctets }: BodyTask,
): Promise<'as-signed' | readonly DkimBodyCause[]> {
  const kind = { canonicalization: formsOf(signature.canonicalization)![1], limit: signature.bodyLength }
  const isSigned = async (guess: Uint8Array): Promise<boolean> => {
    const hasher = new BodyHasher([kind])
    hasher.push(guess)
    hasher.end()
    return (await hasher.hashOf(kind))!.hash === signature.bodyHash
  }
  if (await isSigned(body)) return 'as-signed'
  for (const guess of guessBodies(body, encodingOf(fields), maxOctets)) {
    if (await isSigned(guess.body)) return [guess.cause]
  }
  return []
}

function encodingOf(fields: readonly RawField[]): string {
  const field = fields.find(({ name }) => name.toLowerCase() === 'content-transfer-encoding')
  const text = field ? decodeLatin1(field.bytes) : ''
  return text
    .slice(text.indexOf(':') + 1)
    .trim()
    .toLowerCase()
}

interface HeaderTask {
  readonly fields: readonly RawField[]
  readonly own: RawField
  readonly signature: DkimSignature
  readonly key: PublicKey
  readonly most: number
}

async function explainHeader({
  fields,
  own,
  signature,
  key,
  most,
}: HeaderTask): Promise<'as-signed' | readonly DkimHeaderCause[]> {
  const [form] = formsOf(signature.canonicalization)!
  const isSigned = async (guess: readonly RawField[]): Promise<boolean> => {
    const others = guess.filter((field) => field !== own)
    const data = signedHeader(others, signature.signedFields, own.bytes, form)
    return !((await outcomeOf(() => checkValue(key, signature, data))) instanceof Refusal)
  }
  if (await isSigned(fields)) return 'as-signed'
  let left = most
  for (const guess of guessHeaders(fields, signature)) {
    if (left-- <= 0) break
    if (await isSigned(guess.fields)) return guess.causes
  }
  return []
}
