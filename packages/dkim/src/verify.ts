/** Verification of all signatures of a message: RFC 6376 section 6.1, RFC 8301, RFC 8463. */

import type { ChunkSource } from '@posthorn/core'
import type { Resolver } from '@posthorn/dns'
import type { RawField } from '@posthorn/mime'
import { formsOf } from './canonical-field.ts'
import type { CreateHasher } from './hasher.ts'
import type { DkimKeyCache } from './key-cache.ts'
import type { DkimSignature } from './signature.ts'
import { signedHeader } from './signed-data.ts'
import { openSigned, type SignedMessage } from './signed-message.ts'
import { keyName } from './signer-name.ts'
import { type DkimVerdict, outcomeOf, Refusal } from './verdict.ts'
import { checkMethods, checkNames, checkTimes } from './verify-header.ts'
import { checkRecord, findRecord, type KeyQuery, keyQueries, readKey } from './verify-key.ts'
import { checkBody, checkValue, parseSignature } from './verify-value.ts'

/** What {@link verifyDkim} needs, and its limits. */
export interface VerifyDkimOptions {
  /** Gets the keys. */
  readonly resolver: Resolver
  /** The time, in milliseconds since 1970. */
  readonly now: number
  /** Most signatures to evaluate, from the top; default 10, as each costs a DNS query that the sender chose. */
  readonly maxSignatures?: number
  /** Fewest bits of an RSA key; default 1,024, below which RFC 8301 forbids to accept it. */
  readonly minRsaBits?: number
  /** Most bits of an RSA key; default 8,192, as the time to verify grows with them. */
  readonly maxRsaBits?: number
  /** By how many milliseconds clocks may differ; default 300,000. */
  readonly clockSkew?: number
  /** Most octets of the header; default as for `splitMessage`. */
  readonly maxHeaderLength?: number
  /** Makes a SHA-256 that is fed in steps; default what the runtime has, else one in JavaScript. */
  readonly createHasher?: CreateHasher
  /** Keeps keys that are ready for use from one message to the next; default none is kept. */
  readonly keyCache?: DkimKeyCache
  /** Ends the wait for the DNS and for the message; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

interface Verification {
  readonly options: VerifyDkimOptions
  readonly message: SignedMessage
  readonly query: KeyQuery
}

// What has been found out by the time that the verdict falls.
interface Findings {
  signature?: DkimSignature
  testing: boolean
  keyBits?: number
  unsignedOctets?: number
}

/**
 * Verifies the signatures of a message.
 *
 * A signature says who takes responsibility, not that the message is good; a message may have several, and one that
 * does not pass counts no more than none.
 *
 * @param message The message as received, with CRLF line endings: its octets, where they come from one chunk after another,
 * or what {@link readSigned} gave for it. Of a source the memory taken is that of the header and of one chunk; the keys are
 * asked for while the body goes by. Without a signature its body is not read.
 * @param options The resolver, the time and limits.
 * @returns One verdict for each DKIM-Signature field, from the top; none when there is none, and a single one without
 * `signature` for a message whose header cannot be read.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-6.1 | RFC 6376 section 6.1}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 *
 * const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const resolver = new MemoryZone().add('mail._domainkey.example.com', 'TXT', record)
 * const text = new TextEncoder().encode('From: ann@example.com\r\n\r\nHello\r\n')
 * const field = await signDkim(text, { domain: 'example.com', selector: 'mail', key: privateKey })
 * const [verdict] = await verifyDkim(new Uint8Array([...field, ...text]), { resolver, now: 0 })
 * verdict?.result // 'pass'
 * verdict?.signature?.domain // 'example.com'
 */
export async function verifyDkim(
  message: Uint8Array | ChunkSource | SignedMessage,
  options: VerifyDkimOptions,
): Promise<readonly DkimVerdict[]> {
  const opened = await openSigned(message, options)
  if (!opened) return [{ result: 'permerror', reason: 'bad-message', testing: false }]
  const query = keyQueries(options)
  const { maxSignatures = 10 } = options
  const own = opened.fields.filter(({ name }) => name.toLowerCase() === 'dkim-signature')
  const verdicts = await Promise.all(
    own.map((field, index) => verifyField({ options, message: opened, query }, field, index < maxSignatures)),
  )
  await opened.ended
  return verdicts
}

async function verifyField(verification: Verification, own: RawField, evaluate: boolean): Promise<DkimVerdict> {
  const found: Findings = { testing: false }
  const refusal = evaluate ? await outcomeOf(() => verifySignature(verification, own, found)) : TOO_MANY
  return refusal ? { result: refusal.result, reason: refusal.reason, ...found } : { result: 'pass', ...found }
}

const TOO_MANY = /* @__PURE__ */ new Refusal('neutral', 'too-many-signatures')

async function verifySignature(
  { options, message, query }: Verification,
  own: RawField,
  found: Findings,
): Promise<void> {
  const signature = parseSignature(own)
  found.signature = signature
  checkMethods(signature)
  checkNames(signature, message.fields)
  checkTimes(signature, options.now, options.clockSkew)
  const record = findRecord(await query(keyName(signature.selector, signature.domain)!))
  found.testing = record.flags.includes('y')
  checkRecord(record, signature)
  const key = readKey(record, options)
  found.keyBits = key.bits
  const [headerForm, bodyForm] = formsOf(signature.canonicalization)!
  const hash = await message.hashOf({ canonicalization: bodyForm, limit: signature.bodyLength })
  if (!hash) throw TOO_MANY
  found.unsignedOctets = checkBody(hash, signature)
  const others = message.fields.filter((field) => field !== own)
  await checkValue(key, signature, signedHeader(others, signature.signedFields, own.bytes, headerForm))
}
