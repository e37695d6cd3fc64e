/** The sets of a message, and whether they can be a chain: RFC 8617 section 4.2 and 5.2, steps 1 to 3. */

import { decodeUtf8 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { MAX_SETS } from '../hash-kinds.ts'
import { attempt, reasonOf } from '../verdict.ts'
import { type ArcMessageSignature, parseArcMessageSignature } from './message-signature.ts'
import { type ArcAuthenticationResults, parseArcAuthenticationResults } from './results.ts'
import { type ArcSeal, parseArcSeal } from './seal.ts'
import type { ArcFieldKind, ArcReason, ArcSet } from './verdict.ts'

/**
 * What is wrong, and where.
 *
 * @internal
 */
export interface ChainFault {
  readonly reason: ArcReason
  readonly instance?: number
  readonly field?: ArcFieldKind
}

/** @internal */
export interface Link {
  readonly set: ArcSet
  readonly raw: Readonly<Record<ArcFieldKind, RawField>>
}

/** @internal */
export interface Chain {
  /** The sets that are whole, from the first. */
  readonly links: readonly Link[]
  /** Why they are no chain. */
  readonly fault?: ChainFault
  /** The number of the set that may be added; none when nothing may be. */
  readonly next?: number
}

interface Part<T> {
  readonly raw: RawField
  readonly value: T
}

interface Parts {
  seal?: Part<ArcSeal>
  signature?: Part<ArcMessageSignature>
  results?: Part<ArcAuthenticationResults>
}

const KINDS: ReadonlyMap<string, ArcFieldKind> = new Map([
  ['arc-seal', 'seal'],
  ['arc-message-signature', 'signature'],
  ['arc-authentication-results', 'results'],
])
const PARSERS = {
  seal: parseArcSeal,
  signature: parseArcMessageSignature,
  results: parseArcAuthenticationResults,
}
const INSTANCE = /(?:^|[:;])\s*i\s*=\s*(\d{1,2})\s*(?:;|$)/

/**
 * Puts the fields of a message together.
 *
 * @internal
 * @returns The chain; `undefined` when the message has no field of ARC.
 */
export function readChain(fields: readonly RawField[]): Chain | undefined {
  const own = fields.filter(({ name }) => KINDS.has(name.toLowerCase()))
  if (own.length === 0) return undefined
  if (own.length > 3 * MAX_SETS) return { links: [], fault: { reason: 'too-many-sets' } }
  const sets = new Map<number, Parts>()
  const faults = own.flatMap((raw) => place(sets, raw) ?? [])
  const numbers = [...sets.keys()].sort((a, b) => a - b)
  const links = numbers.flatMap((number) => toLink(sets.get(number)!) ?? [])
  const failed = numbers.find((number) => sets.get(number)!.seal?.value.chainStatus === 'fail')
  if (failed !== undefined) {
    return { links, fault: { reason: 'chain-failed', instance: failed, field: 'seal' } }
  }
  const highest = Math.max(numbers.at(-1) ?? 0, ...own.map(numberIn))
  const next = highest < MAX_SETS ? { next: highest + 1 } : {}
  const fault = faults[0] ?? findGap(sets, highest) ?? findStatus(links)
  return fault ? { links, fault, ...next } : { links, ...next }
}

// Also of a field that cannot be read otherwise: the next set is to have another number.
function numberIn({ bytes }: RawField): number {
  const number = Number(INSTANCE.exec(decodeUtf8(bytes))?.[1] ?? 0)
  return number <= MAX_SETS ? number : 0
}

function place(sets: Map<number, Parts>, raw: RawField): ChainFault | undefined {
  const field = KINDS.get(raw.name.toLowerCase())!
  return attempt(
    () => {
      const value = PARSERS[field](decodeUtf8(raw.bytes))
      const parts = sets.get(value.instance) ?? {}
      sets.set(value.instance, parts)
      if (parts[field]) return { reason: 'duplicate-field', instance: value.instance, field }
      Object.assign(parts, { [field]: { raw, value } })
      return undefined
    },
    (code): ChainFault => ({ reason: reasonOf(code), field }),
  )
}

function toLink({ seal, signature, results }: Parts): Link | undefined {
  if (!seal || !signature || !results) return undefined
  const { instance } = seal.value
  return {
    set: { instance, seal: seal.value, signature: signature.value, results: results.value },
    raw: { seal: seal.raw, signature: signature.raw, results: results.raw },
  }
}

function findGap(sets: ReadonlyMap<number, Parts>, highest: number): ChainFault | undefined {
  for (let instance = 1; instance <= highest; instance++) {
    const parts = sets.get(instance) ?? {}
    const field = [...KINDS.values()].find((kind) => !parts[kind])
    if (field) return { reason: 'missing-field', instance, field }
  }
  return undefined
}

// RFC 8617 section 5.2 step 3: the first set had no chain before it, and each later one a good one.
function findStatus(links: readonly Link[]): ChainFault | undefined {
  const wrong = links.find(({ set }) => set.seal.chainStatus !== (set.instance === 1 ? 'none' : 'pass'))
  return wrong && { reason: 'bad-chain-status', instance: wrong.set.instance, field: 'seal' }
}
