import { MemoryZone } from '@posthorn/dns'
import { checkHost } from '@posthorn/spf'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Pyspf } from './lib/pyspf.ts'
import { client, entriesOf, type SpfZoneData, type SpfZoneEntry, zoneData } from './lib/spf-records.ts'

// The same generated records before pyspf's evaluator and ours, with the same zone.
let pyspf: Pyspf
beforeAll(() => {
  pyspf = new Pyspf()
})
afterAll(() => pyspf.stop())

class BothZones {
  readonly ours = new MemoryZone().fail('slow.example', 'servfail')
  readonly theirs: Record<string, Record<string, unknown[] | true>> = { 'slow.example': { FAIL: true } }

  add({ name, type, data }: SpfZoneEntry): void {
    this.ours.add(name, type, data)
    const records = this.theirs[name] ?? {}
    const theirs = typeof data === 'object' ? [data.preference, data.exchange] : data
    this.theirs[name] = { ...records, [type]: [...((records[type] ?? []) as unknown[]), theirs] }
  }
}

function build(data: SpfZoneData): BothZones {
  const zones = new BothZones()
  for (const entry of entriesOf(data)) zones.add(entry)
  return zones
}

// What pyspf decides otherwise, and RFC 7208 does not ask for: it counts a void question again each time, and the names
// of the client among them; an include of the record itself is a fault even where it is never reached; and so is an
// unknown modifier that comes twice, which section 6 allows.
const OTHERWISE = /Void lookup limit|trivial recursion|x= MUST appear/

const tell = (result: string, explanation = 'DEFAULT') => (result === 'fail' ? `fail: ${explanation}` : result)

test('checkHost: says what pyspf says of the same record and zone', { timeout: 300_000 }, async () => {
  const counts: Record<string, number> = { otherwise: 0 }
  await fc.assert(
    fc.asyncProperty(zoneData, client, async (data, given) => {
      const { ours: resolver, theirs: zone } = build(data)
      const ours = await checkHost({ ...given, resolver })
      const expected = await pyspf.check({ ...given, zone })
      counts[ours.result] = (counts[ours.result] ?? 0) + 1
      if (ours.result !== expected.result && OTHERWISE.test(expected.explanation)) counts['otherwise']!++
      else expect(tell(ours.result, ours.explanation)).toBe(tell(expected.result, expected.explanation))
    }),
    { numRuns: 2000, seed: 7208 },
  )
  expect(counts['otherwise']).toBeLessThan(100)
  for (const result of ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror']) {
    expect(counts[result], result).toBeGreaterThan(10)
  }
})
