import { parseCapabilities } from '@posthorn/command'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { planTransmission, type Transmission, type TransmissionOptions, type TransmissionTraits } from '../src/index.ts'

interface Row {
  readonly name: string
  readonly offers: readonly string[]
  readonly traits: TransmissionTraits
  readonly options?: TransmissionOptions
  readonly plan: Transmission | string
}

const CHUNKS = ['PIPELINING', 'CHUNKING']

const ROWS: readonly Row[] = [
  { name: 'plain text', offers: [], traits: { size: 10 }, plan: { framing: 'DATA', parameters: {} } },
  {
    name: 'SIZE without limit',
    offers: ['SIZE'],
    traits: { size: 10 },
    plan: { framing: 'DATA', parameters: { size: 10 } },
  },
  { name: 'SIZE of what is not known', offers: ['SIZE 5'], traits: {}, plan: { framing: 'DATA', parameters: {} } },
  {
    name: 'just the limit',
    offers: ['SIZE 10'],
    traits: { size: 10 },
    plan: { framing: 'DATA', parameters: { size: 10 } },
  },
  { name: 'over the limit', offers: ['SIZE 10'], traits: { size: 11 }, plan: 'SMTP_MESSAGE_TOO_LARGE' },
  {
    name: '8-bit',
    offers: ['8BITMIME'],
    traits: { eightBit: true },
    plan: { framing: 'DATA', parameters: { body: '8BITMIME' } },
  },
  { name: '8-bit that is not offered', offers: CHUNKS, traits: { eightBit: true }, plan: 'SMTP_NEEDS_8BITMIME' },
  { name: 'CHUNKING', offers: CHUNKS, traits: {}, plan: { framing: 'BDAT', parameters: {} } },
  { name: 'CHUNKING without PIPELINING', offers: ['CHUNKING'], traits: {}, plan: { framing: 'DATA', parameters: {} } },
  {
    name: 'CHUNKING that is not wanted',
    offers: CHUNKS,
    traits: {},
    options: { chunking: 'never' },
    plan: { framing: 'DATA', parameters: {} },
  },
  {
    name: 'binary',
    offers: ['CHUNKING', 'BINARYMIME'],
    traits: { binary: true, eightBit: true, longestLine: 5000 },
    options: { chunking: 'never' },
    plan: { framing: 'BDAT', parameters: { body: 'BINARYMIME' } },
  },
  { name: 'binary without CHUNKING', offers: ['BINARYMIME'], traits: { binary: true }, plan: 'SMTP_NEEDS_BINARYMIME' },
  { name: 'binary without BINARYMIME', offers: CHUNKS, traits: { binary: true }, plan: 'SMTP_NEEDS_BINARYMIME' },
  {
    name: 'UTF-8',
    offers: ['SMTPUTF8'],
    traits: { smtpUtf8: true },
    plan: { framing: 'DATA', parameters: { smtpUtf8: true } },
  },
  { name: 'UTF-8 that is not offered', offers: ['8BITMIME'], traits: { smtpUtf8: true }, plan: 'SMTP_NEEDS_SMTPUTF8' },
  { name: 'a line of 998', offers: [], traits: { longestLine: 998 }, plan: { framing: 'DATA', parameters: {} } },
  { name: 'a line of 999', offers: CHUNKS, traits: { longestLine: 999 }, plan: 'SMTP_LINE_TOO_LONG' },
  {
    name: 'a line of 999 all the same',
    offers: [],
    traits: { longestLine: 999 },
    options: { unsafeLongLines: true },
    plan: { framing: 'DATA', parameters: {} },
  },
]

describe('planTransmission', () => {
  test.each(ROWS)('planTransmission: $name [rfc1870 6.1, rfc3030 3, rfc6152 3, rfc6531 3.4]', (row) => {
    const offered = parseCapabilities(['mx.example', ...row.offers])
    const plan = (): Transmission => planTransmission(offered, row.traits, row.options)
    if (typeof row.plan === 'string') expect(failureOf(plan)).toBe(row.plan)
    else expect(plan()).toEqual(row.plan)
  })
})
