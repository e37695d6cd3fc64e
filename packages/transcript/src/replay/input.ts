/** What comes over a connection to a server that is played: lines, chunks and messages. */

import { ChunkReader, DotUnstuffer } from '@posthorn/command'
import { decodeUtf8, LineBuffer } from '@posthorn/core'
import type { Connection } from '@posthorn/smtp'

// Longer than any line of a transcript
const MAX_LINE = 1_048_576

/** Reads what a client says. */
export class ReplayInput {
  readonly #connection: Connection
  readonly #lines = new LineBuffer({ maxLength: MAX_LINE })

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** How many octets have come that were not read. */
  get waiting(): number {
    return this.#lines.length
  }

  /** Gives the next line; nothing when the client has gone. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const line = this.#lines.next()
      if (line) return decodeUtf8(line.bytes)
      if (!(await this.#more())) return undefined
    }
  }

  /** Reads the message of DATA to its lone dot; false when the client has gone before. */
  message(): Promise<boolean> {
    const unstuffer = new DotUnstuffer()
    return this.#through((octets) => unstuffer.push(octets))
  }

  /** Reads the octets of a chunk; false when the client has gone before. */
  chunk(size: number): Promise<boolean> {
    const reader = new ChunkReader(size)
    return this.#through((octets) => reader.push(octets))
  }

  async #through(
    push: (octets: Uint8Array) => { readonly ended: boolean; readonly rest: Uint8Array },
  ): Promise<boolean> {
    for (;;) {
      const { ended, rest } = push(this.#lines.drain())
      this.#lines.push(rest)
      if (ended) return true
      if (!(await this.#more())) return false
    }
  }

  async #more(): Promise<boolean> {
    const octets = await this.#connection.read().catch(() => undefined)
    if (octets) this.#lines.push(octets)
    return octets !== undefined
  }
}
