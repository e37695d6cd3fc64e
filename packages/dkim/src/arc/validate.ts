/** Validation of a chain: RFC 8617 section 5.2. Whether a sealer is to be trusted is out of scope. */

import type { ChunkSource } from '@posthorn/core'
import { formsOf } from '../canonical-field.ts'
import type { PublicKey } from '../public-key.ts'
import type { Signer } from '../signature.ts'
import { signedHeader } from '../signed-data.ts'
import { openSigned, type SignedMessage } from '../signed-message.ts'
import { keyName } from '../signer-name.ts'
import { outcomeOf, Refusal } from '../verdict.ts'
import type { VerifyDkimOptions } from '../verify.ts'
import { checkMethods, checkTimes } from '../verify-header.ts'
import { checkRecord, findRecord, type KeyQuery, keyQueries, readKey } from '../verify-key.ts'
import { checkBody, checkValue } from '../verify-value.ts'
import { type Chain, type ChainFault, type Link, readChain } from './chain.ts'
import { sealedData } from './sealed-data.ts'
import type { ArcReason, ArcVerdict } from './verdict.ts'

/** What {@link validateArc} needs, and its limits: those of `verifyDkim`, without that of the signatures. */
export interface ValidateArcOptions extends Omit<VerifyDkimOptions, 'maxSignatures'> {
  /** Most keys to ask for; default 20, as each costs a DNS query that the sender chose. A set has one or two. */
  readonly maxKeys?: number
}

interface Validation {
  readonly options: ValidateArcOptions
  readonly message: SignedMessage
  readonly query: KeyQuery
}

/**
 * Validates the chain of sets that those who passed a message on have added.
 *
 * A pass says who had the message in which state, not that any of them is honest, and by itself alters nothing: ARC is about
 * to become Historic, and no policy is to rest on it but for sealers that are known.
 *
 * @param message The message as received, as for `verifyDkim`: by what `readSigned` gave, its body is read once for both.
 * @param options The resolver, the time and limits.
 * @returns The verdict. Any failure, also one of the DNS, is a `fail`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-5.2 | RFC 8617 section 5.2}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 *
 * const message = new TextEncoder().encode('From: ann@example.com\r\n\r\nHello\r\n')
 * const { result, nextInstance } = await validateArc(message, { resolver: new MemoryZone(), now: 0 })
 * result // 'none'
 * nextInstance // 1
 */
export async function validateArc(
  message: Uint8Array | ChunkSource | SignedMessage,
  options: ValidateArcOptions,
): Promise<ArcVerdict> {
  const opened = await openSigned(message, { ...options, maxSignatures: 0 })
  if (!opened) return { result: 'fail', reason: 'bad-message', sets: [] }
  const chain = readChain(opened.fields)
  if (!chain) {
    await opened.ended
    return { result: 'none', sets: [], nextInstance: 1 }
  }
  const outcome = chain.fault ?? (await validateLinks({ options, message: opened, query: keyQueries(options) }, chain))
  await opened.ended
  const result = 'reason' in outcome ? 'fail' : 'pass'
  const next = chain.next === undefined ? {} : { nextInstance: chain.next }
  return { result, ...outcome, sets: chain.links.map(({ set }) => set), ...next }
}

type Pass = Pick<ArcVerdict, 'oldestPass' | 'unsignedOctets'>

async function validateLinks(validation: Validation, { links }: Chain): Promise<ChainFault | Pass> {
  const { maxKeys = 20 } = validation.options
  const signers = links.flatMap(({ set }) => [set.signature, set.seal])
  if (new Set(signers.map(nameOf)).size > maxKeys) return { reason: 'too-many-keys' }
  // All keys at once, while the body goes by.
  for (const signer of signers) validation.query(nameOf(signer)).catch(() => undefined)
  // RFC 8617 section 5.2 steps 4 and 6: the last signature must hold, and every seal, from the last.
  const unsignedOctets = await outcomeOf(() => checkSignature(validation, links.at(-1)!))
  if (unsignedOctets instanceof Refusal) return faultOf(unsignedOctets, links.length, 'signature')
  const fault = await checkSeals(validation, links)
  return fault ?? { oldestPass: await findOldest(validation, links), unsignedOctets }
}

async function checkSeals(validation: Validation, links: readonly Link[]): Promise<ChainFault | undefined> {
  const dataOf = sealedData(links.map(({ raw }) => bytesOf(raw)))
  for (let at = links.length - 1; at >= 0; at--) {
    const outcome = await outcomeOf(() => checkSeal(validation, links[at]!, dataOf(at)))
    if (outcome instanceof Refusal) return faultOf(outcome, at + 1, 'seal')
  }
  return undefined
}

// RFC 8617 section 5.2 step 5: the set from which on all signatures hold.
async function findOldest(validation: Validation, links: readonly Link[]): Promise<number> {
  for (let at = links.length - 2; at >= 0; at--) {
    const outcome = await outcomeOf(() => checkSignature(validation, links[at]!))
    if (outcome instanceof Refusal) return at + 2
  }
  return 0
}

const nameOf = ({ selector, domain }: Signer): string => keyName(selector, domain)!

const bytesOf = ({ results, signature, seal }: Link['raw']) => ({
  results: results.bytes,
  signature: signature.bytes,
  seal: seal.bytes,
})

function faultOf({ reason }: Refusal, instance: number, field: 'seal' | 'signature'): ChainFault {
  return { reason: reason as ArcReason, instance, field }
}

async function checkSignature({ message, ...validation }: Validation, { set, raw }: Link): Promise<number> {
  const { signature } = set
  checkMethods(signature)
  checkTimes(signature, validation.options.now, validation.options.clockSkew)
  const key = await keyOf(validation, signature)
  const [headerForm, bodyForm] = formsOf(signature.canonicalization)!
  const hash = await message.hashOf({ canonicalization: bodyForm, limit: signature.bodyLength })
  const unsignedOctets = checkBody(hash!, signature)
  const others = message.fields.filter((field) => field !== raw.signature)
  await checkValue(key, signature, signedHeader(others, signature.signedFields, raw.signature.bytes, headerForm))
  return unsignedOctets
}

async function checkSeal({ options, query }: Validation, { set: { seal } }: Link, data: Uint8Array): Promise<void> {
  checkMethods({ ...seal, canonicalization: 'relaxed/relaxed', queryMethods: ['dns/txt'] })
  checkTimes({ signedAt: seal.signedAt, expiresAt: undefined }, options.now, options.clockSkew)
  await checkValue(await keyOf({ options, query }, seal), seal, data)
}

async function keyOf({ options, query }: Omit<Validation, 'message'>, signer: Signer): Promise<PublicKey> {
  const record = findRecord(await query(nameOf(signer)))
  // RFC 8617 section 4.1.2: there is no identity but the domain.
  checkRecord(record, { ...signer, identity: `@${signer.domain}` })
  return readKey(record, options)
}
