import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { formatStsPolicy, matchesMx, parseStsPolicy, type StsPolicy } from '../src/index.ts'

const lines = (...fields: string[]): string => `${fields.join('\n')}\n`
const EXAMPLE = ['version: STSv1', 'mode: enforce', 'mx: mail.example.com', 'max_age: 604800']
const PLAIN: StsPolicy = { mode: 'enforce', mx: ['mail.example.com'], maxAge: 604_800, extensions: [] }

describe('parseStsPolicy', () => {
  test.each<[string, string, Partial<StsPolicy>, string]>([
    ['lines with LF', lines(...EXAMPLE), {}, 'rfc8461 3.2'],
    ['lines with CRLF', lines(...EXAMPLE).replaceAll('\n', '\r\n'), {}, 'rfc8461 3.2'],
    ['no final line end', EXAMPLE.join('\n'), {}, 'rfc8461 3.2'],
    ['any order', lines(...[...EXAMPLE].reverse()), {}, 'rfc8461 3.2'],
    ['white space after values', EXAMPLE.join(' \t\n'), {}, 'rfc8461 3.2'],
    ['no space after colons', EXAMPLE.join('\n').replaceAll(': ', ':'), {}, 'rfc8461 3.2'],
    ['blank lines', `${EXAMPLE.join('\n\n')}\n\n`, {}, 'tolerated'],
    ['several mx', lines(...EXAMPLE, 'mx: *.b.example'), { mx: ['mail.example.com', '*.b.example'] }, 'rfc8461 3.2'],
    ['the first mode of two', lines(...EXAMPLE, 'mode: none'), {}, 'rfc8461 3.2'],
    ['the first version of two', lines(...EXAMPLE, 'version: STSv2'), {}, 'rfc8461 3.2'],
    ['an extension', lines(...EXAMPLE, 'x.a: ü b'), { extensions: [{ name: 'x.a', value: 'ü b' }] }, 'rfc8461 3.2'],
    ['mode testing', lines(...EXAMPLE).replace('enforce', 'testing'), { mode: 'testing' }, 'rfc8461 5'],
    ['max_age 0', lines(...EXAMPLE).replace('604800', '0'), { maxAge: 0 }, 'rfc8461 3.2'],
    ['max_age of a year', lines(...EXAMPLE).replace('604800', '31557600'), { maxAge: 31_557_600 }, 'rfc8461 3.2'],
    ['max_age beyond', lines(...EXAMPLE).replace('604800', '9999999999'), { maxAge: 31_557_600 }, 'rfc8461 3.2'],
  ])('takes %s [$3]', (_, text, expected) => {
    expect(parseStsPolicy(text)).toEqual({ ...PLAIN, ...expected })
  })

  test('mode none needs no mx [rfc8461 3.2]', () => {
    expect(parseStsPolicy(lines('version: STSv1', 'mode: none', 'max_age: 1'))).toMatchObject({ mode: 'none', mx: [] })
  })

  test.each([
    ['nothing', '', 'POLICY_MISSING_FIELD', 'rfc8461 3.2'],
    ['another version', lines(...EXAMPLE).replace('STSv1', 'STSv2'), 'POLICY_BAD_VERSION', 'rfc8461 3.2'],
    ['no mode', lines(...EXAMPLE).replace('mode', 'mood'), 'POLICY_MISSING_FIELD', 'rfc8461 3.2'],
    ['another mode', lines(...EXAMPLE).replace('enforce', 'Enforce'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['no max_age', lines(...EXAMPLE.slice(0, 3)), 'POLICY_MISSING_FIELD', 'rfc8461 3.2'],
    ['a negative max_age', lines(...EXAMPLE).replace('604800', '-1'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['11 digits', lines(...EXAMPLE).replace('604800', '00000000001'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['no mx', lines(...EXAMPLE).replace('mx', 'my'), 'POLICY_MISSING_FIELD', 'rfc8461 3.2'],
    ['an address as mx', lines(...EXAMPLE, 'mx: [192.0.2.1]'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['a wildcard inside', lines(...EXAMPLE, 'mx: mx.*.example.com'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['a wildcard for part of a label', lines(...EXAMPLE, 'mx: mx*.example.com'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['a wildcard alone', lines(...EXAMPLE, 'mx: *'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['a dot for a wildcard', lines(...EXAMPLE, 'mx: .example.com'), 'POLICY_BAD_FIELD', 'rfc8461 3.2'],
    ['a page', '<!doctype html>\n<title>404</title>', 'POLICY_BAD_RECORD', 'rfc8461 3.2'],
    ['a NUL', lines(...EXAMPLE, 'x: a\0b'), 'POLICY_BAD_RECORD', 'rfc8461 3.2'],
    ['a bare CR', lines(...EXAMPLE, 'x: a\rb'), 'POLICY_BAD_RECORD', 'rfc8461 3.2'],
    ['a byte order mark', `\ufeff${lines(...EXAMPLE)}`, 'POLICY_BAD_RECORD', 'rfc8461 3.2'],
    ['too long a text', lines(...EXAMPLE, `x: ${'a'.repeat(65_536)}`), 'POLICY_TOO_LARGE', 'rfc8461 3.3'],
  ])('refuses %s [$3]', (_, text, code) => {
    expect(failureOf(() => parseStsPolicy(text))).toBe(code)
  })

  test('thousands of mx are read', () => {
    const many = Array.from({ length: 4000 }, (_, index) => `mx: m${index}.a.bc`)
    expect(parseStsPolicy(lines(...EXAMPLE, ...many)).mx).toHaveLength(4001)
  })

  test('any text is refused by a code, or read', () => {
    const unit = fc.constantFrom(...EXAMPLE, '\n', '\r\n', ':', ' ', 'mx: ', '*.', 'max_age', '\0', 'ü', '\ud800')
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(failureOf(() => parseStsPolicy(text))).toMatch(/^(none|POLICY_[A-Z_]+)$/)
      }),
    )
  })
})

describe('formatStsPolicy', () => {
  test('writes what a domain publishes [rfc8461 3.2]', () => {
    const text = 'version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 604800\r\nx: 1\r\n'
    expect(formatStsPolicy({ ...PLAIN, extensions: [{ name: 'x', value: '1' }] })).toBe(text)
  })

  test('what it writes is read as the same', () => {
    const extensions = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^x[A-Za-z0-9_.-]{0,20}$/),
        value: fc.stringMatching(/^[!-~ü]([ -~ü]{0,9}[!-~ü])?$/),
      }),
      { selector: ({ name }) => name },
    )
    const policy = fc.record({
      mode: fc.constantFrom('enforce' as const, 'testing' as const, 'none' as const),
      mx: fc.array(fc.stringMatching(/^(\*\.)?[a-z0-9]{1,9}(\.[a-z0-9]{1,9}){0,3}$/), { minLength: 1 }),
      maxAge: fc.integer({ min: 0, max: 31_557_600 }),
      extensions,
    })
    fc.assert(
      fc.property(policy, (value) => {
        expect(parseStsPolicy(formatStsPolicy(value))).toEqual(value)
      }),
    )
  })

  test.each<[string, Partial<StsPolicy>, string]>([
    ['a line end in a value', { extensions: [{ name: 'x', value: 'a\nmode: none' }] }, 'POLICY_BAD_FIELD'],
    ['a line end in a host', { mx: ['a.example\r\nmx: b.example'] }, 'POLICY_BAD_FIELD'],
    ['blanks around a value', { extensions: [{ name: 'x', value: ' a' }] }, 'POLICY_BAD_FIELD'],
    ['a key that is known', { extensions: [{ name: 'mx', value: 'a.example' }] }, 'POLICY_BAD_FIELD'],
    ['a key that comes twice', { extensions: ['1', '2'].map((value) => ({ name: 'x', value })) }, 'POLICY_BAD_FIELD'],
    ['a key with a colon', { extensions: [{ name: 'x:y', value: '1' }] }, 'POLICY_BAD_FIELD'],
    ['over a year', { maxAge: 31_557_601 }, 'POLICY_BAD_FIELD'],
    ['half a second', { maxAge: 0.5 }, 'POLICY_BAD_FIELD'],
    ['no host', { mx: [] }, 'POLICY_MISSING_FIELD'],
  ])('refuses %s [rfc8461 3.2]', (_, change, code) => {
    expect(failureOf(() => formatStsPolicy({ ...PLAIN, ...change }))).toBe(code)
  })
})

describe('matchesMx', () => {
  test.each([
    ['mail.example.com', ['mail.example.com'], true],
    ['MAIL.example.com.', ['mail.EXAMPLE.com'], true],
    ['mail.example.com', ['*.example.com'], true],
    ['a.mail.example.com', ['*.example.com'], false],
    ['example.com', ['*.example.com'], false],
    ['mail.example.com', ['example.com'], false],
    ['mail.example.com.attacker.example', ['mail.example.com'], false],
    ['*.example.com', ['*.example.com'], false],
    ['.example.com', ['*.example.com'], false],
    ['', [''], false],
    ['mail.example.com', [], false],
  ])('%s by %j: %s [rfc8461 4.1]', (host, patterns, expected) => {
    expect(matchesMx(host, patterns)).toBe(expected)
  })
})
