import { test } from 'vitest'
import { messageOf, resultsOf, zoneOf } from '../conformance/judges/dkim.js'
import { readCases } from '../conformance/suites/dkim-probes.js'
import { dataFor } from '../conformance/suites.js'
import { DIFFERENCES } from './lib/dkim-differences.ts'
import { type DkimVerifier, startDkimpy, startMailauth, startMailDkim, type Zone } from './lib/dkim-peers.ts'
import { OpenDkim } from './lib/opendkim.ts'
import { startRspamd } from './lib/rspamd.ts'
import { expectDifferences, type SuitePeer } from './lib/suite-peers.ts'

// Our suite for RFC 6376 before the verifiers of others: in how many of its cases each lets pass what may pass and nothing else,
// and why not in the others. What they call a signature that does not pass is left aside.
interface Case {
  readonly file: string
  readonly name: string
  readonly now: number
  readonly zone: Readonly<Record<string, unknown>>
}
const cases: readonly Case[] = readCases(dataFor('dkim-probes')!) as Case[]

async function flatZone(one: Case): Promise<Zone> {
  const zone = zoneOf(one)
  const names = Object.keys(one.zone).map((name) => name.toLowerCase())
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await zone.resolve(name, 'TXT')] as const)),
  )
}

const tell = (results: readonly string[]): string =>
  results.map((result) => (result === 'pass' ? 'pass' : 'not')).join(' ')

async function differenceOf(one: Case, peer: DkimVerifier): Promise<string | undefined> {
  const wanted = resultsOf(one)
  const job = { zone: await flatZone(one), now: one.now, count: wanted.length }
  const found = await peer.verify(messageOf(one), job)
  const same = wanted.every((allowed, at) =>
    found[at] === 'pass' ? allowed.includes('pass') : allowed.some((result) => result !== 'pass'),
  )
  return same ? undefined : `${one.file} ${one.name}: ${tell(Array.from(wanted, (_, at) => found[at] ?? 'none'))}`
}

// It has the time from the system.
const byAnyClock = ({ now }: Case) => now === 1_800_000_000

const PEERS: readonly ({ readonly name: string } & SuitePeer<Case, DkimVerifier>)[] = [
  { name: 'mailauth', start: () => startMailauth(false), runs: 346, agrees: 267 },
  { name: 'mailauth, strict', start: () => startMailauth(true), runs: 346, agrees: 316 },
  { name: 'dkimpy', start: startDkimpy, runs: 346, agrees: 291 },
  { name: 'Mail::DKIM', start: startMailDkim, runs: 346, agrees: 280 },
  { name: 'OpenDKIM', start: () => new OpenDkim(), canRun: byAnyClock, runs: 343, agrees: 280 },
  { name: 'rspamd', start: startRspamd, canRun: byAnyClock, runs: 343, agrees: 259 },
]

test.each(PEERS)(
  'the suite of RFC 6376: $name decides $agrees of $runs as it does',
  { timeout: 120_000 },
  ({ name, ...peer }) => expectDifferences(cases, peer, DIFFERENCES[name]!, differenceOf),
)
