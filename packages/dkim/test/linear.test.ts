import { MemoryZone } from '@posthorn/dns'
import { describe, expect, test } from 'vitest'
import { octetsRead, workOf } from '../../../test/work.ts'
import { BodyHasher } from '../src/body-hash.ts'
import { canonicalizeField, parseDkimRecord, parseDkimSignature, signDkim, verifyDkim } from '../src/index.ts'
import { LineEnds } from '../src/line-ends.ts'
import { signedHeader } from '../src/signed-data.ts'
import { octets } from './example.ts'
import { keys } from './verdicts.ts'

// What is repeated, with what stands before it and after it.
const TAGS: readonly [string, string, string][] = [
  ['', ';', ''],
  ['', 'a=1;', ''],
  ['b=', ' ', ''],
  ['b=', 'A', '*'],
  ['b=', '\r\n ', 'A'],
  ['h=', 'a:', ''],
  ['h=', 'a : ', 'b c'],
  ['h=', ' ', 'x'],
  ['i=', '@', ''],
  ['i=', 'a ', '@d.example'],
  ['d=', 'a.', 'example'],
  ['c=', 'relaxed/', ''],
  ['l=', '9', 'x'],
  ['z=', 'a:=20|', '='],
  ['p=', 'A ', '='],
  ['t=', 's:', ''],
]

describe('the work on a tag list is linear', () => {
  test.each(TAGS)('%j, many times %j, then %j', (before, piece, after) => {
    const work = (length: number) => {
      const text = before + piece.repeat(length / piece.length) + after
      const field = `DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; ${text}`
      return workOf(
        () => parseDkimSignature(field),
        () => parseDkimRecord(`v=DKIM1; ${text}`),
      )
    }
    const small = work(16_000)
    expect(small).toBeGreaterThan(4000)
    expect(work(32_000)).toBeLessThan(2.5 * small)
  })
})

describe('the work on a header field is linear', () => {
  test.each([' ', '\t', '\r\n ', ' a', ':', 'a  ', '; b='])('many times %j', (piece) => {
    const work = (length: number) => {
      const field = octets(`X: ${piece.repeat(length / piece.length)}x`)
      return octetsRead(field, (counted) => {
        canonicalizeField(counted, 'relaxed')
        signedHeader([], ['from'], counted, 'relaxed')
      })
    }
    const small = work(16_000)
    expect(small).toBeGreaterThan(4000)
    expect(work(32_000)).toBeLessThan(2.5 * small)
  })
})

const BODIES = [' ', '\t', '\r\n', '\r', '\n', ' \r\n', ' a', 'a ', '\r\n\r\na', 'a', '\r\n \r\n']

/** Counts the octets that go to the hash, each piece as one more, as what a stream does is bounded by what it is given. */
function hashed(chunks: Iterable<Uint8Array>): number {
  let count = 0
  const kinds = (['simple', 'relaxed'] as const).map((canonicalization) => ({ canonicalization }))
  const hasher = new BodyHasher(kinds, () => ({
    update(bytes) {
      count += bytes.length + 1
    },
    digest: () => new Uint8Array(32),
  }))
  for (const chunk of chunks) hasher.push(chunk)
  hasher.end()
  return count
}

describe('what goes to the hash is in proportion to the body', () => {
  test.each(BODIES)('many times %j', (piece) => {
    for (const [size, most] of [
      [1, 5],
      [1000, 2.2],
    ] as const) {
      const body = octets(piece.repeat(60_000 / piece.length))
      const chunks = Array.from({ length: body.length / size }, (_, at) => body.subarray(at * size, (at + 1) * size))
      expect(hashed(chunks)).toBeLessThanOrEqual(most * body.length + 10)
    }
  })
})

test('LineEnds: looks at each octet twice', () => {
  expect(octetsRead(octets(' a\r\n'.repeat(1000)), (bytes) => new LineEnds().check(bytes))).toBeLessThanOrEqual(8002)
})

describe('verifyDkim: what many signatures cost', () => {
  const message = octets('From: ann@d.example\r\n\r\nHello\r\n')

  const signaturesOf = async (count: number, selector: (at: number) => string): Promise<Uint8Array> => {
    const options = { domain: 'd.example', selector: 's', key: keys['ed25519-sha256'] }
    const field = new TextDecoder().decode(await signDkim(message, options))
    const fields = Array.from({ length: count }, (_, at) => field.replace(' s=s;', ` s=${selector(at)};`))
    return octets(fields.join('') + new TextDecoder().decode(message))
  }

  test('a thousand with a thousand keys cost ten questions', async () => {
    const zone = new MemoryZone().add('d.example', 'TXT', 'no key')
    const verdicts = await verifyDkim(await signaturesOf(1000, (at) => `s${at}`), { resolver: zone, now: Date.now() })
    expect(zone.queries).toHaveLength(10)
    expect(verdicts).toHaveLength(1000)
    expect(verdicts.slice(0, 10).map(({ reason }) => reason)).toEqual(Array(10).fill('key-nxdomain'))
    expect(new Set(verdicts.slice(10).map(({ reason }) => reason))).toEqual(new Set(['too-many-signatures']))
  })

  test('a thousand with one key cost one question', async () => {
    const zone = new MemoryZone().add('d.example', 'TXT', 'no key')
    const options = { resolver: zone, now: Date.now(), maxSignatures: 1000 }
    expect(await verifyDkim(await signaturesOf(1000, () => 's'), options)).toHaveLength(1000)
    expect(zone.queries).toHaveLength(1)
  })
})
