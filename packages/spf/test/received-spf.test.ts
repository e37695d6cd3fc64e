import { MemoryZone } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { checkHost, formatReceivedSpf, parseReceivedSpf, type SpfVerdict } from '../src/index.ts'

const verdict = (more: { readonly helo?: string; readonly reversePath?: string; readonly record?: string } = {}) =>
  checkHost({
    clientAddress: '2001:db8::7',
    helo: more.helo ?? 'h.example',
    reversePath: more.reversePath ?? 'joe@a.example',
    resolver: new MemoryZone().add('a.example', 'TXT', more.record ?? 'v=spf1 ip6:2001:db8::/32 -all'),
  })

const pairOf = (field: string, key: string) =>
  parseReceivedSpf(field.slice('Received-SPF:'.length)).pairs.find((pair) => pair.key === key)?.value

describe('formatReceivedSpf', () => {
  test('writes every pair, quoted where it must be [rfc7208 9.1]', async () => {
    expect(formatReceivedSpf(await verdict(), { receiver: 'mx.b.example' })).toBe(
      [
        'Received-SPF: pass (mx.b.example: ip6:2001:db8::/32 of a.example matches)',
        ' client-ip="2001:db8::7";',
        ' envelope-from="joe@a.example";',
        ' helo=h.example;',
        ' identity=mailfrom;',
        ' receiver=mx.b.example;',
        ' mechanism="ip6:2001:db8::/32"',
        '',
      ].join('\r\n'),
    )
  })

  test('tells of a problem, and of no match [rfc7208 9.1]', async () => {
    const receiver = 'mx.b.example'
    const problem = formatReceivedSpf(await verdict({ record: 'v=spf1 (moo' }), { receiver })
    expect(pairOf(problem, 'problem')).toBe('Cannot take "(moo" as a term, at 7 in the record of a.example')
    expect(pairOf(formatReceivedSpf(await verdict({ record: 'v=spf1' }), { receiver }), 'mechanism')).toBe('default')
  })

  test('UTF-8 only when it is asked for [rfc6532 3.2]', async () => {
    const given = await verdict({ reversePath: 'jörg@a.example' })
    expect(pairOf(formatReceivedSpf(given, { receiver: 'r.example' }), 'envelope-from')).toBe('j?rg@a.example')
    const field = formatReceivedSpf(given, { receiver: 'r.example', unicode: true })
    expect(pairOf(field, 'envelope-from')).toBe('jörg@a.example')
  })

  const hostile = fc
    .array(
      fc.constantFrom(
        '\r',
        '\n',
        '\0',
        '"',
        '\\',
        '(',
        ')',
        ';',
        '=',
        ' ',
        'a',
        'é',
        '\u2028',
        '\ud800',
        '😀',
        'x'.repeat(200),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''))

  test('no value ends itself, the comment or the field', async () => {
    const base = await verdict()
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.boolean(), (helo, sender, detail, unicode) => {
        const given: SpfVerdict = { ...base, helo, sender, detail }
        const field = formatReceivedSpf(given, { receiver: 'r.example', unicode })
        const lines = field.split('\r\n')
        expect(lines).toHaveLength(8)
        for (const line of lines) expect(line.length).toBeLessThan(998)
        expect(field.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/)
        const { result, pairs, comment } = parseReceivedSpf(field.slice('Received-SPF:'.length))
        expect(result).toBe('pass')
        expect(pairs.map(({ key }) => key)).toEqual([
          'client-ip',
          'envelope-from',
          'helo',
          'identity',
          'receiver',
          'mechanism',
        ])
        expect(comment?.startsWith('r.example: ')).toBe(true)
        if (/^[\x20-\x7e]{0,300}$/.test(helo)) expect(pairs[2]?.value).toBe(helo)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('parseReceivedSpf', () => {
  test.each([
    ['Pass', { result: 'pass', pairs: [] }],
    [
      ' softfail  (a (b) \\) c)\r\n\tHelo = x.example;',
      { result: 'softfail', comment: 'a (b) ) c', pairs: [{ key: 'helo', value: 'x.example' }] },
    ],
    [
      'none a="b\\"c" (x); d=e',
      {
        result: 'none',
        pairs: [
          { key: 'a', value: 'b"c' },
          { key: 'd', value: 'e' },
        ],
      },
    ],
  ])('takes %j [rfc7208 9.1]', (text, expected) => {
    expect(parseReceivedSpf(text)).toEqual(expected)
  })

  test.each([
    '',
    'good',
    'passed',
    'pass helo',
    'pass helo=',
    'pass helo="a',
    'pass (a',
    'pass a=b c=d',
    'pass a=b\r\nc=d',
    'pass a="b\r\nc"',
    'pass 1=b',
    'pass a=b@c',
  ])('refuses %j [rfc7208 9.1]', (text) => {
    expect(failureOf(() => parseReceivedSpf(text))).toBe('SPF_BAD_FIELD')
  })
})
