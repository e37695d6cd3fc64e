/** A folder of messages: each a file of its octets, beside its envelope as JSON; written whole or not at all. */

import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SinkMessage } from './message.ts'

/**
 * Writes messages to a folder.
 *
 * @internal
 */
export class Folder {
  readonly #path: string
  // Files of an earlier run are kept: no name comes twice.
  readonly #run = Date.now().toString(36)
  #count = 0

  private constructor(path: string) {
    this.#path = path
  }

  /** Opens a folder, and makes it where there is none. */
  static async open(path: string): Promise<Folder> {
    await mkdir(path, { recursive: true })
    return new Folder(path)
  }

  /** Writes a message; its `.eml` appears last. */
  async write({ content, ...envelope }: Omit<SinkMessage, 'number'>): Promise<void> {
    const name = `${this.#run}-${process.pid}-${String(++this.#count).padStart(6, '0')}`
    await this.#put(`${name}.json`, `${JSON.stringify(envelope, withoutOctets, 2)}\n`)
    await this.#put(`${name}.eml`, content)
  }

  // A reader of the folder sees a file when it is complete.
  async #put(name: string, data: string | Uint8Array): Promise<void> {
    const hidden = join(this.#path, `.${name}.part`)
    await writeFile(hidden, data)
    await rename(hidden, join(this.#path, name))
  }
}

// What a session is bound by is nobody's business, and octets are no JSON.
function withoutOctets(key: string, value: unknown): unknown {
  return key === 'channelBindings' ? undefined : value
}
