import { describe, expect, test } from 'vitest'
import { columnsOf, padTo, painter, wantsColour, wrap } from '../src/terminal.ts'

describe('wantsColour', () => {
  test.each([
    ['a terminal', true, {}, true],
    ['no terminal', undefined, {}, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR without a terminal', undefined, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0 on a terminal', true, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR before FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', (_, isTTY, environment, expected) => {
    expect(wantsColour(isTTY === undefined ? {} : { isTTY }, environment)).toBe(expected)
  })
})

test('painter: without colour gives the text alone, with it an escape sequence', () => {
  expect(painter(false)('red', 'a')).toBe('a')
  expect(painter(true)('red', 'a')).toBe('\u001b[31ma\u001b[39m')
})

test.each([
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['山田', 4],
  ['📯', 2],
  ['\u001b[1mab\u001b[22m', 2],
])('columnsOf: %j takes %i columns', (text, columns) => {
  expect(columnsOf(text)).toBe(columns)
  expect(columnsOf(padTo(text, 8))).toBe(8)
})

describe('wrap', () => {
  test.each([
    ['short', 10, ['short']],
    ['one two three', 8, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a abcdefgh b', 4, ['a', 'abcd', 'efgh', 'b']],
    ['山田太郎', 4, ['山田', '太郎']],
    ['a📯📯', 3, ['a📯', '📯']],
    ['', 4, ['']],
  ])('%j at %i columns', (text, columns, expected) => {
    expect(wrap(text, columns)).toEqual(expected)
  })
})
