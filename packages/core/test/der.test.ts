import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDer } from '../src/der.ts'

const read = (...octets: readonly number[]) =>
  readDer(Uint8Array.from(octets))?.map(({ tag, content }) => [tag, content.length])
const zeros = (length: number) => new Array<number>(length).fill(0)

test.each<[string, readonly number[], number[][]]>([
  ['nothing', [], []],
  [
    'two side by side',
    [2, 1, 7, 5, 0],
    [
      [2, 1],
      [5, 0],
    ],
  ],
  ['a length of one more octet', [4, 129, 128, ...zeros(128)], [[4, 128]]],
  ['a length of two more octets', [4, 130, 1, 0, ...zeros(256)], [[4, 256]]],
  ['a length of three more octets', [4, 131, 1, 0, 0, ...zeros(65_536)], [[4, 65_536]]],
  ['a tag of the context', [160, 3, 2, 1, 2], [[160, 3]]],
])('readDer: takes %s [x690 8.1]', (_, octets, expected) => {
  expect(read(...octets)).toEqual(expected)
})

test.each<[string, readonly number[]]>([
  ['a tag alone', [48]],
  ['an indefinite length', [48, 128, 0, 0]],
  ['a length beyond the end', [2, 5, 7]],
  ['a cut length', [4, 130, 1]],
  ['a length that one octet would hold', [4, 129, 127, ...zeros(127)]],
  ['a length with a leading zero', [4, 130, 0, 128, ...zeros(128)]],
  ['a length of four more octets', [4, 132, 0, 0, 0, 0]],
  ['a tag of several octets', [31, 1, 0]],
  ['a good element before a bad one', [5, 0, 2]],
])('readDer: refuses %s [x690 10]', (_, octets) => {
  expect(read(...octets)).toBeUndefined()
})

test('readDer: the elements are the octets, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(2, 4, 48, 0, 1, 129, 128)), (octets) => {
      const elements = readDer(Uint8Array.from(octets))
      if (elements) expect(elements.flatMap(({ whole }) => [...whole])).toEqual(octets)
    }),
    { numRuns: 1000 },
  )
})
