import { encodeUtf8 } from '@posthorn/core'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  AUTH_METHODS,
  type AuthenticationResult,
  type AuthenticationResults,
  formatAuthenticationResults,
  parseAuthenticationResults,
} from '../src/index.ts'

const read = (field: string) => parseAuthenticationResults(field.slice('Authentication-Results:'.length))
const result = (more: Partial<AuthenticationResult>): AuthenticationResults => ({
  authservId: 'mx.example',
  results: [{ method: 'spf', result: 'pass', properties: [], ...more }],
})
const helo = (value: string) => result({ properties: [{ ptype: 'smtp', property: 'helo', value }] })

// Characters that could end a value, a result, a comment or the field.
const hostile = fc
  .array(fc.constantFrom(...'"\\();=@.,:<>[]?/ ab-_é', 'dkim=pass', 'none', '; spf=pass ', '(c)', '\u{1f4e7}'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''))
const keyword = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,6}[a-z0-9]$/)
const value = fc.oneof(hostile, fc.constantFrom('a@b.example', '@b.example', '"x y"@b.example', 'a/b=c@b.example', ''))
const version = fc.option(fc.integer({ min: 0, max: 999_999_999 }), { nil: undefined })
const anyResults: fc.Arbitrary<AuthenticationResults> = fc
  .record({
    authservId: hostile,
    version,
    results: fc.array(
      fc.record({
        method: keyword,
        methodVersion: version,
        result: keyword,
        reason: fc.option(hostile, { nil: undefined }),
        properties: fc.array(fc.record({ ptype: keyword, property: keyword, value }), { maxLength: 4 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map((made) => JSON.parse(JSON.stringify(made)))

describe('parseAuthenticationResults: untyped properties', () => {
  const parse = (value: string) => parseAuthenticationResults(value, { untypedProperties: true })
  const EXCHANGE =
    'mx.example; dkim=none (message not signed) header.d=none;dmarc=pass Action=none header.from=a.example;compauth=pass reason=100'

  test('of Exchange Online are told as defects, beside what is in order [rfc8601 2.2]', () => {
    const { results } = parse(EXCHANGE)
    expect(results.map(({ method, result }) => `${method}=${result}`)).toEqual([
      'dkim=none',
      'dmarc=pass',
      'compauth=pass',
    ])
    expect(results[1]).toEqual({
      method: 'dmarc',
      result: 'pass',
      properties: [{ ptype: 'header', property: 'from', value: 'a.example' }],
      defects: [{ code: 'untyped-property', property: 'action', value: 'none' }],
    })
    expect(results[2]).toEqual({ method: 'compauth', result: 'pass', reason: '100', properties: [] })
  })

  test('are refused unless they are asked for, and never written', () => {
    expect(failureOf(() => parseAuthenticationResults(EXCHANGE))).toBe('AUTH_BAD_FIELD')
    expect(formatAuthenticationResults(parse(EXCHANGE))).not.toContain('action')
  })

  test.each([
    ['behind a property', 'spf=pass smtp.helo=a.example reason=b', [['reason', 'b']]],
    ['a second reason', 'spf=pass reason=a reason=b', [['reason', 'b']]],
    ['in quotes, with what would end a result', 'dmarc=fail action="; dmarc=pass"', [['action', '; dmarc=pass']]],
  ] as const)('%s', (_, text, expected) => {
    const [first, ...others] = parse(`mx.example; ${text}`).results
    expect(first?.defects?.map(({ property, value }) => [property, value])).toEqual(expected)
    expect(others).toEqual([])
  })

  test.each([
    'dmarc=pass action=',
    'dmarc=pass action',
    'dmarc=pass action==none',
    'dmarc=passaction=none',
    'dmarc=pass =none',
  ])('nothing else is taken: %s', (text) => {
    expect(failureOf(() => parse(`mx.example; ${text}`))).toBe('AUTH_BAD_FIELD')
  })
})

describe('formatAuthenticationResults', () => {
  test('a line for each result, and what has blanks in quotes [rfc8601 2.2]', () => {
    const made: AuthenticationResults = {
      authservId: 'mx.example',
      version: 1,
      results: [
        {
          method: 'dkim',
          methodVersion: 1,
          result: 'fail',
          reason: 'body hash "x"',
          properties: [{ ptype: 'header', property: 'i', value: 'a@b.example' }],
        },
        { method: 'iprev', result: 'pass', properties: [{ ptype: 'policy', property: 'iprev', value: '2001:db8::1' }] },
      ],
    }
    expect(formatAuthenticationResults(made)).toBe(
      [
        'Authentication-Results: mx.example 1;',
        ' dkim/1=fail reason="body hash \\"x\\"" header.i=a@b.example;',
        ' iprev=pass policy.iprev="2001:db8::1"',
        '',
      ].join('\r\n'),
    )
  })

  test('none where nothing was tried [rfc8601 2.2]', () => {
    expect(formatAuthenticationResults({ authservId: 'a b', results: [] })).toBe(
      'Authentication-Results: "a b";\r\n none\r\n',
    )
  })

  test('what it writes is read as what was given, and is one field [rfc8601 2.2]', () => {
    fc.assert(
      fc.property(anyResults, (given) => {
        const field = formatAuthenticationResults(given, { unicode: true })
        expect(read(field)).toEqual(given)
        const { fields, body } = splitMessage(encodeUtf8(`${field}\r\nbody`))
        expect([fields.length, body.length]).toEqual([1, 4])
        for (const line of field.slice(0, -2).split('\r\n')) expect(line).toMatch(/[^ ]/)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    { name: 'CR', value: 'a\rb' },
    { name: 'LF', value: 'a\nb' },
    { name: 'CRLF and a field', value: 'a\r\nX-Evil: 1' },
    { name: 'NUL', value: 'a\0b' },
    { name: 'TAB', value: 'a\tb' },
    { name: 'C1', value: 'a\u0085b' },
    { name: 'a line separator', value: 'a\u2028b' },
    { name: 'half of a pair', value: 'a\ud800b' },
  ])('refuses $name in a value, a reason and an identifier [rfc8601 7.8]', ({ value: text }) => {
    const write = (made: AuthenticationResults) => failureOf(() => formatAuthenticationResults(made, { unicode: true }))
    expect(write(helo(text))).toBe('AUTH_BAD_VALUE')
    expect(write(result({ reason: text }))).toBe('AUTH_BAD_VALUE')
    expect(write({ authservId: text, results: [] })).toBe('AUTH_BAD_VALUE')
  })

  test.each([
    result({ method: 'a b' }),
    result({ method: 'spf=' }),
    result({ result: 'pass;' }),
    result({ result: '' }),
    result({ properties: [{ ptype: 'smtp.', property: 'a', value: 'b' }] }),
    result({ properties: [{ ptype: 'smtp', property: 'a-', value: 'b' }] }),
    result({ methodVersion: 1.5 }),
    { authservId: 'a', version: -1, results: [] },
  ])('refuses a name or version outside the grammar: %j [rfc8601 2.2]', (made) => {
    expect(failureOf(() => formatAuthenticationResults(made))).toBe('AUTH_BAD_VALUE')
  })

  test('other than US-ASCII only where UTF-8 may be [rfc8601 5.4]', () => {
    const made = helo('bücher.example')
    expect(failureOf(() => formatAuthenticationResults(made))).toBe('AUTH_BAD_VALUE')
    expect(read(formatAuthenticationResults(made, { unicode: true }))).toEqual(made)
  })

  test('10,000 characters: folded at blanks, and refused without any [rfc5322 2.1.1]', () => {
    const long = result({ reason: 'word ;"('.repeat(1250) })
    const field = formatAuthenticationResults(long)
    expect(Math.max(...field.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78)
    expect(read(field)).toEqual(long)
    expect(failureOf(() => formatAuthenticationResults(helo('a'.repeat(10_000))))).toBe('AUTH_TOO_LONG')
  })
})

describe('parseAuthenticationResults', () => {
  test('names in lower case, values as they are [rfc8601 2.2]', () => {
    expect(parseAuthenticationResults('MX.example; DKIM=Pass Header.D=B.Example')).toEqual({
      authservId: 'MX.example',
      results: [
        { method: 'dkim', result: 'pass', properties: [{ ptype: 'header', property: 'd', value: 'B.Example' }] },
      ],
    })
  })

  test('a field as well as its value, with its CRLF or without [rfc8601 2.2]', () => {
    const text = 'Authentication-Results: mx.example; none\r\n'
    const field = splitMessage(encodeUtf8(`${text}\r\n`)).fields[0]!
    expect(parseAuthenticationResults(field)).toEqual({ authservId: 'mx.example', results: [] })
    expect(parseAuthenticationResults(text.slice(23))).toEqual({ authservId: 'mx.example', results: [] })
  })

  test('comments nest to a limit, and a long field is refused [rfc5322 3.2.2]', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}${')'.repeat(depth)} mx.example; none`
    expect(parseAuthenticationResults(nested(32)).authservId).toBe('mx.example')
    expect(failureOf(() => parseAuthenticationResults(nested(33)))).toBe('AUTH_BAD_FIELD')
    expect(parseAuthenticationResults(nested(33), { maxCommentDepth: 33 }).authservId).toBe('mx.example')
    expect(failureOf(() => parseAuthenticationResults(nested(40_000)))).toBe('AUTH_TOO_LONG')
  })

  test('names that objects have are names like others [rfc8601 2.2]', () => {
    const { results } = parseAuthenticationResults('__proto__; constructor=toString valueOf.constructor=__proto__')
    expect(results).toEqual([
      {
        method: 'constructor',
        result: 'tostring',
        properties: [{ ptype: 'valueof', property: 'constructor', value: '__proto__' }],
      },
    ])
  })

  test('anything at all: a value or an error of ours, and what is read can be written [rfc8601 2.2]', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'mx.example',
        ';',
        'spf',
        '=',
        'pass',
        ' ',
        '\r\n ',
        '(',
        ')',
        '"',
        '\\',
        'smtp',
        '.',
        'helo',
        '@',
        '\t',
        '1',
        '/',
        'reason',
        'none',
        'é',
        '\0',
        '\n',
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((parts) => parts.join('')),
        ),
        (text) => {
          let parsed: AuthenticationResults
          try {
            parsed = parseAuthenticationResults(text)
          } catch (error) {
            expect((error as { code?: string }).code).toMatch(/^AUTH_/)
            return
          }
          expect(read(formatAuthenticationResults(parsed, { unicode: true }))).toEqual(parsed)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

test('AUTH_METHODS: each method once, its names within the grammar [rfc8601 6.2]', () => {
  expect(new Set(AUTH_METHODS.map(({ method }) => method)).size).toBe(AUTH_METHODS.length)
  for (const { method, results, properties } of AUTH_METHODS) {
    for (const name of results) {
      const made = properties
        .map((text) => text.split('.'))
        .map(([ptype = '', property = '']) => ({ ptype, property, value: 'x' }))
      const given = { authservId: 'a', results: [{ method, result: name, properties: made }] }
      expect(read(formatAuthenticationResults(given))).toEqual(given)
    }
  }
})
