/** A program that answers jobs, a line of JSON each. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** It at work. */
export class LinePeer {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** Writes a line and reads one. */
  async ask<T>(value: unknown): Promise<T> {
    this.#child.stdin!.write(`${JSON.stringify(value)}\n`)
    const { done, value: line } = await this.#lines.next()
    if (done) throw new Error('It has ended')
    return JSON.parse(line)
  }

  stop(): void {
    this.#child.kill()
  }
}
