import { decodeLatin1 } from '@posthorn/core'
import { test } from 'vitest'
import { envelopeOf, HostileZone } from '../conformance/judges/attacks.js'
import { messageOf } from '../conformance/judges/dkim.js'
import { readCases } from '../conformance/suites/attacks.js'
import { dataFor } from '../conformance/suites.js'
import { DIFFERENCES } from './lib/attack-differences.ts'
import { startMailauth } from './lib/dmarc-peers.ts'
import { startRspamd } from './lib/rspamd.ts'
import { expectDifferences, type SuitePeer } from './lib/suite-peers.ts'

// Our suite of attacks before others that authenticate: how many of its cases they decide as it does, and why not the others.
// SPF and a signature pass where they may, and nowhere else; DMARC has a result that is right, and passes for nobody else.
interface Case {
  readonly file: string
  readonly name: string
  readonly zone: Readonly<Record<string, string>>
  readonly helo?: string
  readonly mailFrom?: string
  readonly spf: string
  readonly dkim: string
  readonly dmarc: string
  readonly domain?: string
}
const cases: readonly Case[] = readCases(dataFor('attacks')!) as Case[]

interface Verdict {
  readonly spf: string
  readonly dkim: readonly string[]
  readonly dmarc: string
  readonly author?: string
}

interface Peer {
  authenticate(one: Case): Promise<Verdict>
  stop(): void | Promise<void>
}

function mailauth(strict: boolean): Peer {
  const peer = startMailauth()
  return {
    async authenticate(one) {
      const zone = new HostileZone(one.zone)
      const { clientAddress: ip, helo, reversePath: sender } = envelopeOf(one)
      const job = { message: decodeLatin1(messageOf(one)), ip, helo, sender, strict }
      const found = await peer.evaluate({ authorDomains: [] }, (name, type) => zone.resolve(name, type), job)
      return { spf: found.spf!, dkim: found.dkim!, dmarc: found.result, author: found.author }
    },
    stop: () => peer.stop(),
  }
}

async function rspamd(): Promise<Peer> {
  const peer = await startRspamd()
  return {
    authenticate: (one) => peer.authenticate(messageOf(one), new HostileZone(one.zone), envelopeOf(one)),
    stop: () => peer.stop(),
  }
}

// The envelope comes in fields of HTTP.
const byHttp = ({ helo = '', mailFrom = '' }: Case) => !/[\0\r\n]/.test(helo + mailFrom)

function passesAsIn(allowed: string, found: string): boolean {
  const words = allowed.split('|')
  return found === 'pass' ? words.includes('pass') : words.some((word) => word !== 'pass')
}

function differenceOf(one: Case, { spf, dkim: [signature = 'none'], dmarc, author }: Verdict): string | undefined {
  const isRight = one.dmarc.split('|').includes(dmarc) && (dmarc !== 'pass' || author === one.domain)
  if (isRight && passesAsIn(one.spf, spf) && passesAsIn(one.dkim, signature)) return undefined
  const told = [spf, signature, dmarc, ...(dmarc === 'pass' ? [author] : [])]
  return `${one.file} ${one.name}: ${told.join(' ')}`
}

const PEERS: readonly ({ readonly name: string } & SuitePeer<Case, Peer>)[] = [
  { name: 'mailauth', start: () => mailauth(false), runs: 93, agrees: 73 },
  { name: 'mailauth, strict', start: () => mailauth(true), runs: 93, agrees: 93 },
  { name: 'rspamd', start: rspamd, canRun: byHttp, runs: 89, agrees: 58 },
]

test.each(PEERS)('the suite of attacks: $name decides $agrees of $runs as it does', ({ name, ...peer }) =>
  expectDifferences(cases, peer, DIFFERENCES[name]!, async (one, asked) =>
    differenceOf(one, await asked.authenticate(one)),
  ),
)
