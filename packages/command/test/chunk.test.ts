import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChunkReader, encodeChunk } from '../src/index.ts'

describe('encodeChunk', () => {
  test.each([
    { octets: 'Hi\r\n', last: true, sent: 'BDAT 4 LAST\r\nHi\r\n' },
    { octets: 'Hi\r\n', last: false, sent: 'BDAT 4\r\nHi\r\n' },
    { octets: '', last: true, sent: 'BDAT 0 LAST\r\n' },
    { octets: '.\r\n', last: false, sent: 'BDAT 3\r\n.\r\n' },
  ])('encodeChunk: $octets, last: $last [rfc3030 2]', ({ octets, last, sent }) => {
    expect(decodeUtf8(encodeChunk(encodeUtf8(octets), last))).toBe(sent)
  })
})

describe('ChunkReader', () => {
  test('ChunkReader: a chunk of no octets ends at once [rfc3030 2]', () => {
    const rest = encodeUtf8('QUIT\r\n')
    expect(new ChunkReader(0).push(rest)).toEqual({ bytes: new Uint8Array(0), ended: true, rest })
  })

  test('ChunkReader: gives the counted octets and no more, however they are split [rfc3030 2]', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(50), fc.integer({ min: 1, max: 9 }), (all, size, step) => {
        const reader = new ChunkReader(size)
        const parts: Uint8Array[] = []
        let at = 0
        let ended = size === 0
        let rest: Uint8Array = new Uint8Array(0)
        while (!ended && at < all.length) {
          const part = reader.push(all.subarray(at, at + step))
          at += step
          parts.push(part.bytes)
          ended = part.ended
          rest = part.rest
        }
        expect(concatBytes(parts)).toEqual(all.slice(0, size))
        expect(ended).toBe(size <= all.length)
        if (ended && size > 0) expect(rest).toEqual(all.slice(size, Math.min(at, all.length)))
      }),
    )
  })
})
