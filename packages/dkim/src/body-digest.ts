/** The hashes of a body that is about to be signed, made while it goes by: RFC 6376 section 3.7. */

import { BodyHasher } from './body-hash.ts'
import type { Canonicalization } from './canonical-field.ts'
import type { CreateHasher } from './hasher.ts'
import { LineEnds } from './line-ends.ts'

/** The hash of a body in Base64, for each form that was asked for. */
export type DkimBodyHashes = Readonly<Partial<Record<Canonicalization, string>>>

/** What a {@link DkimBodyHasher} makes. */
export interface DkimBodyHasherOptions {
  /** In which forms; default relaxed alone, as `signDkimHeader` signs by default. */
  readonly canonicalizations?: readonly Canonicalization[]
  /** Makes a SHA-256 that is fed in steps; default what the runtime has, else one in JavaScript. */
  readonly createHasher?: CreateHasher
}

/**
 * Hashes a body in parts, as while it is written to disk, so that it is read once: {@link signDkimHeader} needs no more of it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.7 | RFC 6376 section 3.7}
 * @example
 * const hasher = new DkimBodyHasher()
 * hasher.push(new TextEncoder().encode('Hello\r'))
 * hasher.push(new TextEncoder().encode('\n'))
 * await hasher.end() // { relaxed: 'Ba3gj8+xBPQLJTahTfzW6RbWQ/XPgESxkCi2B66PSQg=' }
 */
export class DkimBodyHasher {
  readonly #canonicalizations: readonly Canonicalization[]
  readonly #hasher: BodyHasher
  readonly #lineEnds = new LineEnds()

  /** @param options In which forms. */
  constructor(options: DkimBodyHasherOptions = {}) {
    this.#canonicalizations = options.canonicalizations ?? ['relaxed']
    const kinds = this.#canonicalizations.map((canonicalization) => ({ canonicalization }))
    this.#hasher = new BodyHasher(kinds, options.createHasher)
  }

  /**
   * Takes a part of the body, with CRLF line endings; it may be cut anywhere.
   *
   * @throws {MailError} `DKIM_BAD_MESSAGE` for a bare CR or LF.
   */
  push(bytes: Uint8Array): void {
    this.#hasher.push(bytes)
    if (this.#hasher.hasBareEnds === false) this.#lineEnds.skip(bytes)
    else this.#lineEnds.check(bytes)
  }

  /**
   * Settles when more can be taken without that it is kept in memory; who pushes a long body waits for it now and then.
   */
  ready(): Promise<void> {
    return this.#hasher.ready()
  }

  /**
   * Ends the body.
   *
   * @returns Its hashes.
   * @throws {MailError} `DKIM_BAD_MESSAGE` for a CR at its end.
   */
  async end(): Promise<DkimBodyHashes> {
    this.#lineEnds.end()
    this.#hasher.end()
    const hashes: Partial<Record<Canonicalization, string>> = {}
    for (const canonicalization of this.#canonicalizations) {
      hashes[canonicalization] = (await this.#hasher.hashOf({ canonicalization }))!.hash
    }
    return hashes
  }
}
