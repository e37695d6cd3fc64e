import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { removeForgedResults, removeForgedResultsFromMessage } from '../src/index.ts'

const ids = ['mx.example', 'bücher.example']

const FORGED = [
  'Authentication-Results: mx.example; spf=pass',
  'authentication-results:mx.example; spf=pass',
  'AUTHENTICATION-RESULTS \t: MX.EXAMPLE; spf=pass',
  'Authentication-Results:\r\n\tmx.example\r\n ; spf=pass',
  'Authentication-Results: (x (y)) mx.example (z) 1; spf=pass',
  'Authentication-Results: "mx.example"; spf=pass',
  'Authentication-Results: "m\\x.ex\\ample" 2; spf=pass',
  'Authentication-Results: mx.example',
  'Authentication-Results: mx.example spf=pass',
  'Authentication-Results: mx.example/1; spf=pass',
  'Authentication-Results: mx.example.; spf=pass',
  'Authentication-Results: ｍｘ.example; spf=pass',
  'Authentication-Results: xn--bcher-kva.example; spf=pass',
  'Authentication-Results: BÜCHER.example; spf=pass',
]
const UNREADABLE = [
  'Authentication-Results: (mx.example; spf=pass',
  'Authentication-Results: "mx.example; spf=pass',
  'Authentication-Results: \0mx.example; spf=pass',
  'Authentication-Results: ',
  `Authentication-Results: ${'('.repeat(40)}${')'.repeat(40)} mx.example; spf=pass`,
]
const KEPT = [
  'Authentication-Results: other.example; spf=pass',
  'Authentication-Results: mx.example.org; spf=pass',
  'Authentication-Results: sub.mx.example; spf=pass',
  'Authentication-Results: (mx.example) other.example; spf=pass',
  'ARC-Authentication-Results: i=1; mx.example; spf=pass',
  'X-Authentication-Results: mx.example; spf=pass',
  'Subject: Authentication-Results: mx.example; spf=pass',
]

const messageOf = (lines: readonly string[]) => encodeUtf8(`${lines.join('\r\n')}\r\n\r\nbody\r\n`)

test.each(FORGED)('removeForgedResults: removes %j [rfc8601 5]', (line) => {
  const { fields } = splitMessage(messageOf([line]))
  expect(removeForgedResults(fields, { ids })).toEqual({ fields: [], removed: fields })
  expect(removeForgedResults(fields, { ids, keepUnreadable: true }).removed).toEqual(fields)
})

test.each(UNREADABLE)('removeForgedResults: removes what nobody can read for certain, %j [rfc8601 5]', (line) => {
  const { fields } = splitMessage(messageOf([line]))
  expect(removeForgedResults(fields, { ids }).removed).toEqual(fields)
  expect(removeForgedResults(fields, { ids, keepUnreadable: true }).removed).toEqual([])
})

test.each(KEPT)('removeForgedResults: keeps %j [rfc8601 5]', (line) => {
  const { fields } = splitMessage(messageOf([line]))
  expect(removeForgedResults(fields, { ids })).toEqual({ fields, removed: [] })
})

test('removeForgedResults: without an identifier it is of no use [rfc8601 5]', () => {
  expect(failureOf(() => removeForgedResults([], { ids: [] }))).toBe('AUTH_BAD_ID')
})

test('removeForgedResultsFromMessage: all else stays octet for octet [rfc8601 5]', () => {
  const line = fc.oneof(
    fc.constantFrom(...FORGED),
    fc.constantFrom(...KEPT, 'From: a@b.example', 'To:\r\n\t c@d.example'),
  )
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\r\n', '\r\n\r\n', '\r\n\r\nbody', '\r\n\r\n\0\n\r'), (lines, end) => {
      const kept = lines.filter((one) => !FORGED.includes(one))
      const given = encodeUtf8(lines.join('\r\n') + (lines.length > 0 ? end : end.slice(2)))
      const { message, removed } = removeForgedResultsFromMessage(given, { ids })
      expect(decodeUtf8(message)).toBe(kept.join('\r\n') + (kept.length > 0 ? end : end.slice(2)))
      expect(removed.length).toBe(lines.length - kept.length)
      if (removed.length === 0) expect(message).toBe(given)
    }),
  )
})

test('removeForgedResultsFromMessage: of a view of other octets, and without a final CRLF [rfc8601 5]', () => {
  const around = encodeUtf8('xxAuthentication-Results: mx.example; noneyy')
  const { message } = removeForgedResultsFromMessage(around.subarray(2, -2), { ids })
  expect(message.length).toBe(0)
  expect(failureOf(() => removeForgedResultsFromMessage(encodeUtf8('no field\r\n\r\n'), { ids }))).toBe(
    'MIME_BAD_FIELD',
  )
})
