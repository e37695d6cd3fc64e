import { fileURLToPath } from 'node:url'
import { DohResolver } from '@posthorn/dns/doh'
import { checkHost, type SpfVerdict } from '@posthorn/spf'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LinePeer } from './lib/line-peer.ts'
import { type Nsd, startNsd } from './lib/nsd.ts'
import { client, entriesOf, type SpfZoneEntry, zoneData } from './lib/spf-records.ts'

// The same generated records before Mail::SPF and ours, both asking one NSD: each case has names and addresses of its own.
const CASES = 2000
const cases = fc.sample(fc.record({ zone: zoneData, given: client }), { numRuns: CASES, seed: 4408 })

const HEAD = `$TTL 300
. SOA ns.example. hostmaster.example. 1 3600 600 86400 60
. NS ns.example.
ns.example. A 127.0.0.1
slow.example. NS ns.example.
`

/** Moves text to the names and addresses of one case; what does not answer is the same for all. */
const moved = (text: string, at: number): string =>
  text
    .replaceAll(/(?<!slow)\.example/g, `.c${at}.example`)
    .replaceAll('slow.example', 'x.slow.example')
    .replaceAll('192.0.2.', `10.${at >> 8}.${at & 255}.`)

function lineOf({ name, type, data }: SpfZoneEntry, at: number): string {
  const owner = type === 'PTR' ? `7.${at & 255}.${at >> 8}.10.in-addr.arpa` : moved(name, at)
  if (type === 'MX') return `${owner}. MX ${data.preference} ${moved(data.exchange, at)}.`
  if (type === 'PTR') return `${owner}. PTR ${moved(data, at)}.`
  if (type !== 'TXT') return `${owner}. ${type} ${moved(data, at)}`
  const strings = moved(data, at).match(/.{1,200}/g)!
  return `${owner}. TXT ${strings.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`).join(' ')}`
}

let nsd: Nsd
let peer: LinePeer
beforeAll(async () => {
  const lines = cases.flatMap(({ zone }, at) =>
    entriesOf(zone)
      .filter(({ name }) => name !== 'slow.example')
      .map((entry) => lineOf(entry, at)),
  )
  nsd = await startNsd(`${HEAD}${lines.join('\n')}\n`, '.', ['slow.example'])
  peer = new LinePeer('/usr/bin/perl', [fileURLToPath(new URL('lib/mail-spf.pl', import.meta.url)), String(nsd.port)])
})
afterAll(async () => {
  peer?.stop()
  await nsd?.stop()
})

interface Said {
  readonly result: string
  readonly text: string
  readonly explanation?: string
}

// What Mail::SPF decides otherwise, and why RFC 7208 has it as we do.
const OTHERWISE: readonly [string, (ours: SpfVerdict, theirs: Said) => boolean][] = [
  // It counts a void question again each time, and the names of the client among them.
  ['voids', (ours, theirs) => ours.reason !== 'too-many-voids' && /void DNS look-ups/.test(theirs.text)],
  // It looks at the letter of a macro where it is expanded, and not in all records before: section 4.6.
  ['letters', (ours) => ours.reason === 'bad-record' && /Cannot take "%\{x\}" as a macro/.test(ours.detail)],
]

const tell = (result: string, explanation = 'DEFAULT') => (result === 'fail' ? `fail: ${explanation}` : result)

test('checkHost: says what Mail::SPF says of the same records on an NSD', { timeout: 300_000 }, async () => {
  const resolver = new DohResolver(nsd.url, { fetch: fetch as never, unsafeHttp: true })
  const [counts, otherwise] = [new Map<string, number>(), new Map<string, number>()]
  for (const [at, { given }] of cases.entries()) {
    const job = {
      clientAddress: moved(given.clientAddress, at),
      helo: moved(given.helo, at),
      reversePath: moved(given.reversePath, at),
    }
    const ours = await checkHost({ ...job, resolver })
    const theirs = await peer.ask<Said>(job)
    counts.set(ours.result, (counts.get(ours.result) ?? 0) + 1)
    const [known] = ours.result === theirs.result ? [] : (OTHERWISE.find(([, is]) => is(ours, theirs)) ?? [])
    if (known) otherwise.set(known, (otherwise.get(known) ?? 0) + 1)
    else expect(tell(ours.result, ours.explanation), `case ${at}`).toBe(tell(theirs.result, theirs.explanation))
  }
  expect(Object.fromEntries(otherwise)).toEqual({ voids: 17, letters: 9 })
  for (const result of ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror']) {
    expect(counts.get(result), result).toBeGreaterThan(10)
  }
})
