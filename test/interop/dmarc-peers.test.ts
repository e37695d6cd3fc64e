import type { DmarcIdentities } from '@posthorn/dmarc'
import type { Answer, RecordType } from '@posthorn/dns'
import { expect, test } from 'vitest'
import { identitiesOf, zoneOf } from '../conformance/judges/dmarc.js'
import { readCases } from '../conformance/suites/dmarc.js'
import { dataFor } from '../conformance/suites.js'
import { DIFFERENCES, type DifferenceGroup } from './lib/dmarc-differences.ts'
import { type Answerer, type DmarcPeer, type PeerVerdict, startMailauth, startMailDmarc } from './lib/dmarc-peers.ts'

// Our suite for RFC 9989 before the evaluators of others: how many of its cases they decide as it does, and why not the others.
// How many questions are asked is left aside, since an evaluator may always walk.
interface Case {
  readonly file: string
  readonly name: string
  readonly result: string
  readonly from: string | readonly string[]
  readonly policy?: string
  readonly applied?: string
  readonly at?: string
  readonly aligned?: { readonly dkim?: string; readonly spf?: string }
  readonly spf?: readonly string[]
  readonly dkim?: readonly string[]
  readonly nullSender?: boolean
  readonly wellFormedFrom?: boolean
}
const cases: readonly Case[] = readCases(dataFor('dmarc')!) as Case[]

const answererFor = (one: Case): Answerer => {
  const zone = zoneOf(one)
  return (name, type) =>
    zone.resolve(name, type).catch((): Answer => ({ status: 'nxdomain', name, ttl: 0, authenticated: false }))
}

const alignedOf = ({ dkim, spf }: { readonly dkim?: string; readonly spf?: string }) =>
  [dkim && `dkim ${dkim}`, spf && `spf ${spf}`].filter(Boolean)

function differenceOf(one: Case, found: PeerVerdict): string | undefined {
  const wanted = one.result
  if (found.result !== wanted) return `${found.result}, not ${wanted}`
  const policy = one.applied ?? one.policy
  if (wanted === 'fail' && found.applied !== policy) return `${found.applied}, not ${policy}`
  if (wanted === 'pass' && one.aligned) {
    const [ours, theirs] = [alignedOf(one.aligned), found.aligned ?? []]
    const same = ours.length === theirs.length && ours.every((text, at) => text?.startsWith(theirs[at]!.toLowerCase()))
    if (!same) return `${theirs.join(', ')} aligned, not ${ours.join(', ')}`
  }
  return one.at && found.at && found.at !== one.at ? `by ${found.at}, not ${one.at}` : undefined
}

interface Trial {
  readonly start: () => DmarcPeer
  readonly canRun: (one: Case) => boolean
  readonly evaluate: (peer: DmarcPeer, one: Case) => Promise<PeerVerdict>
}

const hasTemperror = ({ spf = [], dkim = [] }: Case) => [...spf, ...dkim].some((text) => text.startsWith('temp'))
const hasHelo = ({ spf = [] }: Case) => spf.some((text) => text.includes(' helo '))

// It takes the domains that passed, and so neither HELO nor what could not be evaluated.
const mailauth = (strict: boolean): Trial => ({
  start: startMailauth,
  canRun: (one) => one.wellFormedFrom !== false && !hasTemperror(one) && !hasHelo(one),
  evaluate: (peer, one) => peer.evaluate(identitiesOf(one), answererFor(one), { strict }),
})

// Mail::DMARC takes no name under a top-level domain that its list lacks.
const listed = (name: string) =>
  name
    .toLowerCase()
    .replace(/(?<=^|\.)example(?=\.?$)/, 'com')
    .replace(/(?<=^|\.)test(?=\.?$)/, 'net')
const unlisted = (name: string) => name.replace(/(?<=^|\.)com$/, 'example').replace(/(?<=^|\.)net$/, 'test')
const FOUND = { name: '', ttl: 0, authenticated: false } as const

function listedIdentities({ authorDomains, spf = [], dkim = [] }: DmarcIdentities): DmarcIdentities {
  const mapped = <T extends { readonly domain: string }>(one: T): T => ({ ...one, domain: listed(one.domain) })
  return { authorDomains: authorDomains.map(listed), spf: spf.map(mapped), dkim: dkim.map(mapped) }
}

const mailDmarc: Trial = {
  start: startMailDmarc,
  // It takes one author domain, and does not know of the null reverse-path.
  canRun: (one) => one.wellFormedFrom !== false && [one.from].flat().length <= 1 && !one.nullSender,
  async evaluate(peer, one) {
    const answer = answererFor(one)
    const verdict = await peer.evaluate(listedIdentities(identitiesOf(one)), async (name: string, type: RecordType) => {
      // It evaluates nothing for a domain without hosts.
      if (type === 'A') return { status: 'found', records: ['192.0.2.1'], ...FOUND }
      return type === 'TXT' ? answer(unlisted(name), type) : { status: 'nodata', ...FOUND }
    })
    return verdict.at ? { ...verdict, at: unlisted(verdict.at) } : verdict
  },
}

const namesOf = (groups: readonly DifferenceGroup[]) => groups.flatMap((group) => group.cases)

test.each([
  { name: 'mailauth', trial: mailauth(false), runs: 186, agrees: 172 },
  { name: 'mailauth, strict', trial: mailauth(true), runs: 186, agrees: 172 },
  { name: 'Mail::DMARC', trial: mailDmarc, runs: 188, agrees: 118 },
])('the suite of RFC 9989: $name decides $agrees of $runs as it does', async ({ name, trial, runs, agrees }) => {
  const peer = trial.start()
  const differences: string[] = []
  const runnable = cases.filter(trial.canRun)
  try {
    for (const one of runnable) {
      const difference = differenceOf(one, await trial.evaluate(peer, one))
      if (difference) differences.push(`${one.file} ${one.name}: ${difference}`)
    }
  } finally {
    peer.stop()
  }
  expect(differences.sort()).toEqual(namesOf(DIFFERENCES[name]!).sort())
  expect([runnable.length, runnable.length - differences.length]).toEqual([runs, agrees])
})
