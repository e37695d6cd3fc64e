import { describe, expect, test } from 'vitest'
import { createSha256 } from '../src/platform.ts'
import { ShortHasher } from '../src/short-hasher.ts'
import { join } from './example.ts'

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)))

const block = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31) & 255)

describe.each([
  ['createSha256', createSha256],
  ['ShortHasher', () => new ShortHasher()],
])('%s', (_, create) => {
  test.each([0, 1, 63, 64, 65, 70_000])(
    'gives what WebCrypto gives, for %i octets and more [fips180-4 6.2]',
    async (size) => {
      const hasher = create()
      const pieces = [block.subarray(0, size), block.subarray(0, 3), block.subarray(0, size)]
      for (const piece of pieces) hasher.update(piece)
      expect(new Uint8Array(await hasher.digest())).toEqual(await sha256(join(...pieces)))
    },
  )

  test('octets may change once they were taken', async () => {
    const hasher = create()
    const reused = Uint8Array.of(1, 2, 3)
    hasher.update(reused)
    reused.fill(9)
    hasher.update(reused)
    expect(new Uint8Array(await hasher.digest())).toEqual(await sha256(Uint8Array.of(1, 2, 3, 9, 9, 9)))
  })

  test.each([true, false])('over 1,048,576 octets too, waited for: %s', async (waits) => {
    const hasher = create()
    const pieces = new Array<Uint8Array>(40).fill(block)
    for (const piece of pieces) {
      hasher.update(piece)
      if (waits) await hasher.ready
    }
    expect(new Uint8Array(await hasher.digest())).toEqual(await sha256(join(...pieces)))
  })
})
