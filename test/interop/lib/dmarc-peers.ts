/** Evaluators of DMARC that others wrote, each a process that answers jobs by lines of JSON and asks its questions the same way. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { DmarcIdentities } from '@posthorn/dmarc'
import type { Answer, RecordType } from '@posthorn/dns'
import { nodeBinary } from '../../runtimes/hosts/node.js'

/** What a peer says of a message. */
export interface PeerVerdict {
  readonly result: string
  readonly applied?: string
  readonly at?: string
  readonly testing?: boolean
  readonly aligned?: readonly string[]
}

/** Answers what a peer asks. */
export type Answerer = (name: string, type: RecordType) => Promise<Answer>

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A peer at work. */
export class DmarcPeer {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** Evaluates a message. */
  async evaluate(identities: DmarcIdentities, answer: Answerer, how: object = {}): Promise<PeerVerdict> {
    this.#tell({ identities, ...how })
    for (;;) {
      const { done, value } = await this.#lines.next()
      if (done) throw new Error('The peer has ended')
      const line = JSON.parse(value)
      if (!line.ask) return line
      this.#tell(await answer(line.ask[0], line.ask[1]))
    }
  }

  stop(): void {
    this.#child.kill()
  }

  #tell(value: unknown): void {
    this.#child.stdin!.write(`${JSON.stringify(value)}\n`)
  }
}

/** mailauth, which needs a newer Node than the oldest that we run on. */
export const startMailauth = (): DmarcPeer => new DmarcPeer(nodeBinary(24), [fileOf('dmarc-peer-mailauth.js')])

/** Debian's Mail::DMARC. */
export const startMailDmarc = (): DmarcPeer => new DmarcPeer('/usr/bin/perl', [fileOf('dmarc-peer-mail-dmarc.pl')])
