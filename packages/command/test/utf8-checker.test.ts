import { isUtf8 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { Utf8Checker } from '../src/utf8-checker.ts'

function isWellFormed(octets: readonly number[]): boolean {
  const checker = new Utf8Checker()
  for (const octet of octets) checker.push(octet)
  return !checker.malformed
}

// The octets at both sides of every border of the grammar.
const BORDERS = [
  ...[0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef],
  ...[0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff],
]

const ALL = Array.from({ length: 256 }, (_, octet) => octet)

const longer = (lists: readonly number[][], octets: readonly number[]): number[][] =>
  lists.flatMap((list) => octets.map((octet) => [...list, octet]))

test.each([
  { name: 'one octet', lists: longer([[]], ALL) },
  { name: 'two octets', lists: longer(longer([[]], ALL), ALL) },
  { name: 'three octets', lists: longer(longer(longer([[]], BORDERS), BORDERS), BORDERS) },
  { name: 'four octets', lists: longer(longer(longer(longer([[]], BORDERS), BORDERS), BORDERS), BORDERS) },
  { name: 'five octets', lists: longer(longer([[0xf0, 0x9f, 0x98]], BORDERS), BORDERS) },
])('Utf8Checker: tells of $name what the runtime tells [rfc3629 4]', ({ lists }) => {
  expect(lists.find((list) => isWellFormed(list) !== isUtf8(Uint8Array.from(list)))).toBeUndefined()
})
