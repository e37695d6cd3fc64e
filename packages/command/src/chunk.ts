/** The framing of BDAT: a message in chunks whose octets are counted, RFC 3030 section 2. Nothing in it is escaped. */

import { concatBytes } from '@posthorn/core'
import { encodeCommand } from './format-command.ts'

/**
 * Encodes one chunk: the command and the octets behind it.
 *
 * @param octets The chunk; may be empty.
 * @param last Whether it ends the message.
 * @returns What to send.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3030#section-2 | RFC 3030 section 2}
 * @example
 * new TextDecoder().decode(encodeChunk(new TextEncoder().encode('Hi\r\n'), true)) // 'BDAT 4 LAST\r\nHi\r\n'
 */
export function encodeChunk(octets: Uint8Array, last: boolean): Uint8Array<ArrayBuffer> {
  return concatBytes([encodeCommand({ verb: 'BDAT', size: octets.length, last }), octets])
}

const EMPTY = new Uint8Array(0)

/** What {@link ChunkReader.push} found. */
export interface ChunkPart {
  /** The next octets of the chunk. */
  readonly bytes: Uint8Array
  /** Whether the chunk is whole. */
  readonly ended: boolean
  /** What followed the chunk; empty before its end. */
  readonly rest: Uint8Array
}

/**
 * Counts the octets of one chunk off whatever comes in.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc3030#section-2 | RFC 3030 section 2}
 * @example
 * const reader = new ChunkReader(4)
 * const part = reader.push(new TextEncoder().encode('Hi\r\nQUIT\r\n'))
 * new TextDecoder().decode(part.bytes) // 'Hi\r\n'
 * part.ended // true
 * new TextDecoder().decode(part.rest) // 'QUIT\r\n'
 */
export class ChunkReader {
  #left: number

  /** @param size The number of octets that the command gave. */
  constructor(size: number) {
    this.#left = size
  }

  /**
   * Takes the next octets.
   *
   * @param bytes Any number of them; parts of them are given back, not copied.
   */
  push(bytes: Uint8Array): ChunkPart {
    const part = bytes.subarray(0, this.#left)
    this.#left -= part.length
    const ended = this.#left === 0
    return { bytes: part, ended, rest: ended ? bytes.subarray(part.length) : EMPTY }
  }
}
