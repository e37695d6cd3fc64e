import { encodeBase64 } from '@posthorn/core'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../src/algorithm.ts'
import { BodyHasher, type BodyHashKind } from '../src/body-hash.ts'
import { BodyCanonicalizer, type Canonicalization, type Hasher } from '../src/index.ts'
import { hashBody, join, MESSAGE, octets } from './example.ts'

describe('BodyHasher: one hash', () => {
  test.each<[string, Canonicalization, Uint8Array, string, string]>([
    [
      'the example',
      'relaxed',
      splitMessage(octets(MESSAGE)).body,
      '2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=',
      'rfc8463 A.3',
    ],
    ['an empty body, simple', 'simple', octets(''), 'frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=', 'rfc6376 3.4.3'],
    [
      'an empty body, relaxed',
      'relaxed',
      octets('\r\n'),
      '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      'rfc6376 3.4.4',
    ],
  ])('%s [$4]', async (_, form, body, expected) => {
    expect((await hashBody(body, form, undefined)).hash).toBe(expected)
  })

  test('hashes no more than the limit, and counts all [rfc6376 3.7]', async () => {
    const whole = await hashBody(octets('abc\r\n'), 'simple', 5)
    expect(await hashBody(octets('abc\r\ndef\r\n'), 'simple', 5)).toEqual({ ...whole, length: 10 })
    expect(whole.length).toBe(5)
  })
})

describe('BodyHasher: several in one pass', () => {
  const kinds: readonly BodyHashKind[] = [
    { canonicalization: 'simple' },
    { canonicalization: 'relaxed' },
    { canonicalization: 'relaxed', limit: 3 },
    { canonicalization: 'simple', limit: 0 },
    { canonicalization: 'relaxed', limit: 1000 },
  ]

  async function slowly(body: Uint8Array, { canonicalization, limit }: BodyHashKind) {
    const canonicalizer = new BodyCanonicalizer(canonicalization, { limit })
    const bytes = join(canonicalizer.push(body), canonicalizer.end())
    return { hash: encodeBase64(await sha256(bytes)), length: canonicalizer.length }
  }

  test('each is that of the body at once, however it is split [rfc6376 3.7]', async () => {
    const piece = fc.constantFrom('a', ' ', '\t', '\r\n', '\r', '\n', '\r\n\r\n')
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), async (pieces, size) => {
        const body = octets(pieces.join(''))
        const hasher = new BodyHasher(kinds)
        for (let at = 0; at < body.length; at += size) hasher.push(body.subarray(at, at + size))
        hasher.end()
        for (const kind of kinds) expect(await hasher.hashOf(kind)).toEqual(await slowly(body, kind))
      }),
      { numRuns: 200 },
    )
  })

  test('what was not asked for is not there', async () => {
    const hasher = new BodyHasher([{ canonicalization: 'simple' }])
    hasher.end()
    expect(await hasher.hashOf({ canonicalization: 'relaxed' })).toBeUndefined()
  })

  test('forms and limits that are alike share one hash', () => {
    let made = 0
    const createHasher = (): Hasher => {
      made++
      return { update: () => undefined, digest: () => new Uint8Array(32) }
    }
    new BodyHasher([...kinds, ...kinds], createHasher)
    expect(made).toBe(kinds.length)
  })
})
