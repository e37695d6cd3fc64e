/** The hashes of a body, as many as signatures ask for, in one pass: RFC 6376 section 3.7 and `l=` of section 3.5. */

import { encodeBase64 } from '@posthorn/core'
import type { Canonicalization } from './canonical-field.ts'
import { type BodyStream, bodyStream } from './canonical-stream.ts'
import type { CreateHasher, Hasher } from './hasher.ts'
import { createSha256 } from './platform.ts'

/** Which hash of a body: of one form, and of so many octets of it. */
export interface BodyHashKind {
  /** Of which form. */
  readonly canonicalization: Canonicalization
  /** How many octets of the canonical form are hashed; absent when all are. */
  readonly limit?: number | undefined
}

/** A hash of a body. */
export interface BodyHash {
  /** The hash in Base64, as `bh=` holds it. */
  readonly hash: string
  /** How many octets the canonical body has, whatever the limit. */
  readonly length: number
}

interface Form {
  readonly stream: BodyStream
  readonly hashers: Map<number, Hasher>
  length: number
}

/**
 * Hashes a body that comes in parts.
 *
 * @internal
 */
export class BodyHasher {
  readonly #forms = new Map<Canonicalization, Form>()
  readonly #createHasher: CreateHasher
  #hashes: Promise<Map<string, BodyHash>> | undefined

  constructor(kinds: readonly BodyHashKind[], createHasher: CreateHasher = createSha256) {
    this.#createHasher = createHasher
    for (const kind of kinds) this.#add(kind)
  }

  #add({ canonicalization, limit = Number.POSITIVE_INFINITY }: BodyHashKind): void {
    const form = this.#forms.get(canonicalization) ?? createForm(canonicalization)
    this.#forms.set(canonicalization, form)
    if (!form.hashers.has(limit)) form.hashers.set(limit, this.#createHasher())
  }

  /** Whether a CR or LF has come that ends no line; `undefined` where no form looks. */
  get hasBareEnds(): boolean | undefined {
    return this.#forms.get('relaxed')?.stream.hasBareEnds
  }

  push(bytes: Uint8Array): void {
    for (const { stream } of this.#forms.values()) stream.push(bytes)
  }

  /** Settles when more can be taken, without that it is kept in memory. */
  async ready(): Promise<void> {
    for (const { hashers } of this.#forms.values()) for (const { ready } of hashers.values()) if (ready) await ready
  }

  /** Ends the body; nothing can be pushed any more. */
  end(): void {
    for (const { stream } of this.#forms.values()) stream.end()
    this.#hashes ??= this.#finish()
    this.#hashes.catch(() => undefined)
  }

  /** Gives a hash once the body has ended; `undefined` for one that was not asked for. */
  async hashOf(kind: BodyHashKind): Promise<BodyHash | undefined> {
    return (await this.#hashes)?.get(keyOf(kind))
  }

  async #finish(): Promise<Map<string, BodyHash>> {
    const hashes = new Map<string, BodyHash>()
    for (const [canonicalization, { hashers, length }] of this.#forms) {
      for (const [limit, hasher] of hashers) {
        hashes.set(keyOf({ canonicalization, limit }), { hash: encodeBase64(await hasher.digest()), length })
      }
    }
    return hashes
  }
}

function keyOf({ canonicalization, limit = Number.POSITIVE_INFINITY }: BodyHashKind): string {
  return `${canonicalization} ${limit}`
}

function createForm(canonicalization: Canonicalization): Form {
  const hashers = new Map<number, Hasher>()
  const form: Form = {
    hashers,
    length: 0,
    stream: bodyStream(canonicalization, (bytes) => {
      const before = form.length
      form.length += bytes.length
      for (const [limit, hasher] of hashers) {
        if (before < limit) hasher.update(limit < form.length ? bytes.subarray(0, limit - before) : bytes)
      }
    }),
  }
  return form
}
