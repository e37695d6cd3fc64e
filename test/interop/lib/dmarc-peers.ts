/** Evaluators of DMARC that others wrote, each a process that answers jobs by lines of JSON and asks its questions the same way. */
import { fileURLToPath } from 'node:url'
import type { DmarcIdentities } from '@posthorn/dmarc'
import type { Answer, RecordType } from '@posthorn/dns'
import { nodeBinary } from '../../runtimes/hosts/node-binary.js'
import { LinePeer } from './line-peer.ts'

/** What a peer says of a message. */
export interface PeerVerdict {
  readonly result: string
  readonly applied?: string
  readonly at?: string
  readonly testing?: boolean
  readonly aligned?: readonly string[]
  /** Of a whole message: SPF, each signature, and the author domain. */
  readonly spf?: string
  readonly dkim?: readonly string[]
  readonly author?: string
}

/** Answers what a peer asks. */
export type Answerer = (name: string, type: RecordType) => Promise<Answer>

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A peer at work. */
export class DmarcPeer extends LinePeer {
  /** Evaluates a message. */
  async evaluate(identities: DmarcIdentities, answer: Answerer = noQuestions, how: object = {}): Promise<PeerVerdict> {
    let line = await this.ask<PeerLine>({ identities, ...how })
    while ('ask' in line) line = await this.ask(await answer(...line.ask))
    return line
  }
}

const noQuestions: Answerer = () => Promise.reject(new Error('It asks by lines'))

type PeerLine = PeerVerdict | { readonly ask: readonly [string, RecordType] }

// A server of the DNS on loopback, in place of questions by lines.
const argumentsOf = (port: number | undefined): readonly string[] => (port === undefined ? [] : [String(port)])

/** mailauth, which needs a newer Node than the oldest that we run on. */
export const startMailauth = (port?: number): DmarcPeer =>
  new DmarcPeer(nodeBinary(24), [fileOf('dmarc-peer-mailauth.js'), ...argumentsOf(port)])

/** Debian's Mail::DMARC. */
export const startMailDmarc = (port?: number): DmarcPeer =>
  new DmarcPeer('/usr/bin/perl', [fileOf('dmarc-peer-mail-dmarc.pl'), ...argumentsOf(port)])
