import { expect, test } from 'vitest'
import { known } from '../src/known.ts'

test.each([
  [{ a: 1, b: undefined }, { a: 1 }],
  [{ a: undefined }, {}],
  [
    { a: null, b: 0, c: '', d: false },
    { a: null, b: 0, c: '', d: false },
  ],
])('known: leaves out what is undefined, and nothing else', (values, expected) => {
  expect(Object.entries(known(values))).toEqual(Object.entries(expected))
})
