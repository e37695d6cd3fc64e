import { encodeUtf8 } from '@posthorn/core'
import { splitMessage } from '@posthorn/mime'
import { expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { readTrustedResults } from '../src/index.ts'

const fieldsOf = (...lines: readonly string[]) => splitMessage(encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`)).fields
const AR = 'Authentication-Results:'
const trusted = ['mx.example']

test.each([
  { name: 'the very name', text: 'mx.example; spf=pass' },
  { name: 'another case', text: 'MX.Example; spf=pass' },
  { name: 'in quotes', text: '"mx.example"; spf=pass' },
  { name: 'with escapes', text: '"mx\\.example"; spf=pass' },
  { name: 'behind comments and folds', text: '(a (b))\r\n mx.example (c) 1 (d); spf=pass' },
])('readTrustedResults: takes $name [rfc8601 2.5]', ({ text }) => {
  const { trusted: found, ignored } = readTrustedResults(fieldsOf(`${AR} ${text}`), { trusted })
  expect(found.map(({ results }) => results)).toEqual([[{ method: 'spf', result: 'pass', properties: [] }]])
  expect(ignored).toEqual([])
})

test.each([
  { text: 'evil.example; spf=pass', reason: 'other-id' },
  { text: 'mx.example.evil.example; spf=pass', reason: 'other-id' },
  { text: 'mx.example.; spf=pass', reason: 'other-id' },
  { text: 'ｍx.example; spf=pass', reason: 'other-id' },
  { text: '(mx.example) evil.example; spf=pass', reason: 'other-id' },
  { text: '; spf=pass', reason: 'unreadable-id' },
  { text: 'spf=pass', reason: 'other-id' },
  { text: '(mx.example; spf=pass', reason: 'unreadable-id' },
  { text: '"mx.example; spf=pass', reason: 'unreadable-id' },
  { text: '=?utf-8?q?mx.example?=; spf=pass', reason: 'unreadable-id' },
  { text: '\0mx.example; spf=pass', reason: 'unreadable-id' },
  { text: 'mx.example\0; spf=pass', reason: 'unreadable' },
  { text: 'mx.example evil; spf=pass', reason: 'unreadable' },
  { text: 'mx.example; spf=pass;', reason: 'unreadable' },
  { text: 'mx.example', reason: 'unreadable' },
  { text: 'mx.example 2; spf=pass', reason: 'unsupported-version' },
])('readTrustedResults: $text is $reason [rfc8601 7.1]', ({ text, reason }) => {
  const { trusted: found, ignored } = readTrustedResults(fieldsOf(`${AR} ${text}`), { trusted })
  expect(found).toEqual([])
  expect(ignored.map((one) => [one.index, one.reason])).toEqual([[0, reason]])
})

test('readTrustedResults: a field like another name is none [rfc8601 2.2]', () => {
  const fields = fieldsOf(
    'X-Authentication-Results: mx.example; none',
    'ARC-Authentication-Results: i=1; mx.example; none',
  )
  expect(readTrustedResults(fields, { trusted })).toEqual({ trusted: [], ignored: [] })
})

test('readTrustedResults: what a trusted host writes beside the grammar is told [rfc8601 2.2]', () => {
  const fields = fieldsOf(`${AR} mx.example; dmarc=fail action=oreject header.from=a.example`)
  const { trusted } = readTrustedResults(fields, { trusted: ['mx.example'] })
  expect(trusted[0]?.results[0]).toMatchObject({
    result: 'fail',
    properties: [{ property: 'from' }],
    defects: [{ code: 'untyped-property', property: 'action', value: 'oreject' }],
  })
})

test('readTrustedResults: U-labels and A-labels are one name [rfc8616 6]', () => {
  const fields = fieldsOf(`${AR} Bücher.example; none`, `${AR} xn--bcher-kva.example; none`)
  for (const id of ['bücher.example', 'xn--bcher-kva.example']) {
    expect(readTrustedResults(fields, { trusted: [id] }).trusted.length).toBe(2)
  }
})

test.each([
  { ownReceived: undefined, found: ['a', 'b', 'c', 'd'] },
  { ownReceived: 0, found: ['a'] },
  { ownReceived: 1, found: ['a', 'b'] },
  { ownReceived: 2, found: ['a', 'b', 'c'] },
  { ownReceived: 9, found: ['a', 'b', 'c', 'd'] },
])('readTrustedResults: nothing below $ownReceived own Received fields [rfc8601 5]', ({ ownReceived, found }) => {
  const results = (name: string) => `${AR} mx.example; x-${name}=pass`
  const fields = fieldsOf(
    results('a'),
    'Received: 1',
    results('b'),
    'RECEIVED: 2',
    results('c'),
    'Received: 3',
    results('d'),
  )
  const options = ownReceived === undefined ? { trusted } : { trusted, ownReceived }
  const read = readTrustedResults(fields, options)
  expect(read.trusted.map((one) => one.results[0]?.method)).toEqual(found.map((name) => `x-${name}`))
  expect(read.ignored.every(({ reason }) => reason === 'below-boundary')).toBe(true)
})

test('readTrustedResults: nobody is trusted by default [rfc8601 7.1]', () => {
  expect(failureOf(() => readTrustedResults([], { trusted: [] }))).toBe('AUTH_BAD_ID')
  expect(failureOf(() => readTrustedResults([], { trusted: [''] }))).toBe('AUTH_BAD_ID')
  expect(failureOf(() => readTrustedResults([], { trusted: ['ｍx.example'] }))).toBe('AUTH_BAD_ID')
  for (const ownReceived of [-1, Number.NaN]) {
    expect(failureOf(() => readTrustedResults([], { trusted, ownReceived }))).toBe('AUTH_BAD_LIMIT')
  }
})
