import { describe, expect, test } from 'vitest'
import { workOf } from '../../../test/work.ts'
import { formatSpf, lintSpf, parseReceivedSpf, parseSpf } from '../src/index.ts'

const [SMALL, LARGE] = [16_000, 32_000]

const RECORDS: readonly [string, (size: number) => string][] = [
  ['spaces', (size) => ' '.repeat(size)],
  ['short terms', (size) => ' a'.repeat(size / 2)],
  ['terms that are wrong', (size) => ' %'.repeat(size / 2)],
  ['networks', (size) => ' ip4:192.0.2.1/32'.repeat(size / 17)],
  ['networks of IPv6', (size) => ' ip6:2001:db8::1'.repeat(size / 16)],
  ['one long name', (size) => ` a:${'a.'.repeat(size / 2)}example`],
  ['slashes', (size) => ` a:${'/1'.repeat(size / 2)}x`],
  ['macros', (size) => ` exists:${'%{d}'.repeat(size / 4)}.example`],
  ['escapes', (size) => ` x=${'%_'.repeat(size / 2)}`],
  ['digits of a macro', (size) => ` a:%{d${'1'.repeat(size)}x}`],
  ['delimiters', (size) => ` a:%{d${'.'.repeat(size)}}`],
  ['one long word', (size) => ` ${'a'.repeat(size)}`],
  ['one long modifier', (size) => ` ${'a'.repeat(size)}=`],
  ['unknown modifiers', (size) => ' a=b'.repeat(size / 4)],
  ['a number for a length', (size) => ` ip4:192.0.2.1/${'1'.repeat(size)}`],
]

describe('the work on a record of SPF is linear', () => {
  test.each(RECORDS)('parseSpf, formatSpf, lintSpf: %s', (_, textOf) => {
    const [small, large] = [SMALL, LARGE].map((size) => {
      const text = `v=spf1${textOf(size)}`
      return workOf(
        () => formatSpf(parseSpf(text)),
        () => lintSpf(text),
      )
    })
    expect(small).toBeGreaterThan(SMALL / 4)
    expect(large).toBeLessThanOrEqual(2.2 * small! + 2000)
  })

  test.each<[string, string]>([
    ['pairs', 'a=b;'],
    ['comments', '(a)'],
    ['parentheses', '('],
    ['folding', '\r\n '],
    ['quoted pairs', '\\\\'],
    ['quotes', '"'],
    ['dots', 'a=b.c'],
  ])('parseReceivedSpf: %s', (_, unit) => {
    const [small, large] = [SMALL, LARGE].map((size) => {
      const texts = ['pass ', 'pass (', 'pass a="'].map((before) => before + unit.repeat(size / unit.length))
      return workOf(...texts.map((text) => () => parseReceivedSpf(text)))
    })
    expect(small).toBeGreaterThan(0)
    expect(large).toBeLessThanOrEqual(2.2 * small! + 2000)
  })
})
