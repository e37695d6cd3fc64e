import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failureOf, resultOf } from '../../../test/failure.ts'
import { type EnhancedStatus, formatEnhancedStatus, parseEnhancedStatus } from '../src/index.ts'

test.each([
  { text: '2.0.0', status: { class: 2, subject: 0, detail: 0 } },
  { text: '4.7.10', status: { class: 4, subject: 7, detail: 10 } },
  { text: '5.999.999', status: { class: 5, subject: 999, detail: 999 } },
] as const)('parseEnhancedStatus and formatEnhancedStatus: $text [rfc3463 2]', ({ text, status }) => {
  expect(parseEnhancedStatus(text)).toEqual(status)
  expect(formatEnhancedStatus(status)).toBe(text)
})

test.each(['', '5', '5.1', '5.1.1.1', '3.0.0', '1.1.1', '6.1.1', '5.01.1', '5.1.01', '5.1000.1', '5.1.1000', '5.-1.1'])(
  'parseEnhancedStatus: refuses %j [rfc3463 2]',
  (text) => {
    expect(failureOf(() => parseEnhancedStatus(text))).toBe('REPLY_BAD_STATUS')
  },
)

test.each([' 5.1.1', '5.1.1 ', '5.1.1\n', '5 .1.1', '٥.1.1', 'x.y.z'])('parseEnhancedStatus: refuses %j', (text) => {
  expect(failureOf(() => parseEnhancedStatus(text))).toBe('REPLY_BAD_STATUS')
})

test.each([
  { name: 'a class that is none', status: { class: 3, subject: 0, detail: 0 } },
  { name: 'a subject over 999', status: { class: 5, subject: 1000, detail: 0 } },
  { name: 'a detail over 999', status: { class: 5, subject: 0, detail: 1000 } },
  { name: 'a negative detail', status: { class: 5, subject: 0, detail: -1 } },
  { name: 'a broken detail', status: { class: 5, subject: 0, detail: 1.5 } },
  { name: 'no number', status: { class: 5, subject: Number.NaN, detail: 0 } },
])('formatEnhancedStatus: refuses $name [rfc3463 2]', ({ status }) => {
  expect(failureOf(() => formatEnhancedStatus(status as EnhancedStatus))).toBe('REPLY_BAD_STATUS')
})

test('formatEnhancedStatus: parseEnhancedStatus inverts it', () => {
  const status = fc.record({ class: fc.constantFrom(2, 4, 5), subject: fc.nat(999), detail: fc.nat(999) })
  fc.assert(
    fc.property(status, (one) => {
      expect(parseEnhancedStatus(formatEnhancedStatus(one as EnhancedStatus))).toEqual(one)
    }),
  )
})

test('parseEnhancedStatus: what it takes it also writes, and it throws nothing but MailError', () => {
  const text = fc.oneof(fc.stringMatching(/^[245]\.\d{1,4}\.\d{1,4}$/), fc.string({ unit: 'binary', maxLength: 12 }))
  fc.assert(
    fc.property(text, (input) => {
      const again = resultOf(() => formatEnhancedStatus(parseEnhancedStatus(input)))
      expect([input, 'REPLY_BAD_STATUS']).toContain(again)
    }),
  )
})
