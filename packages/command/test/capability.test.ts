import { MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Capabilities, formatCapabilities, parseCapabilities } from '../src/index.ts'

const NOTHING: Capabilities = {
  list: [],
  pipelining: false,
  startTls: false,
  eightBitMime: false,
  smtpUtf8: false,
  dsn: false,
  enhancedStatusCodes: false,
  size: null,
  auth: [],
}

const offered = (...lines: string[]): Capabilities => parseCapabilities(['mx.example greets you', ...lines])

const KEYWORDS = [
  { keyword: 'PIPELINING', spec: 'rfc2920 2', field: 'pipelining' },
  { keyword: 'STARTTLS', spec: 'rfc3207 2', field: 'startTls' },
  { keyword: '8BITMIME', spec: 'rfc6152 2', field: 'eightBitMime' },
  { keyword: 'SMTPUTF8', spec: 'rfc6531 3.1', field: 'smtpUtf8' },
  { keyword: 'DSN', spec: 'rfc3461 3', field: 'dsn' },
  { keyword: 'ENHANCEDSTATUSCODES', spec: 'rfc2034 3', field: 'enhancedStatusCodes' },
] as const

describe('parseCapabilities', () => {
  test('parseCapabilities: no line offers nothing [rfc5321 4.1.1.1]', () => {
    expect(parseCapabilities([])).toEqual(NOTHING)
  })

  test.each(KEYWORDS)('parseCapabilities: $keyword, in any letter case [$spec]', ({ keyword, field }) => {
    const list = [{ keyword, parameters: [] }]
    for (const line of [keyword, keyword.toLowerCase()])
      expect(offered(line)).toEqual({ ...NOTHING, list, [field]: true })
  })

  test.each(KEYWORDS)('parseCapabilities: $keyword is a whole word [$spec]', ({ keyword, field }) => {
    for (const line of [`X${keyword}`, `${keyword}X`, `X ${keyword}`, `${keyword}-X`])
      expect(offered(line)[field]).toBe(false)
  })

  test.each(KEYWORDS)('parseCapabilities: $keyword in the greeting is no keyword [$spec]', ({ keyword }) => {
    expect(parseCapabilities([keyword])).toEqual(NOTHING)
    expect(parseCapabilities([`mx.example ${keyword}`])).toEqual(NOTHING)
  })

  test('parseCapabilities: keeps what is not known, in order, the parameters as written [rfc5321 4.1.1.1]', () => {
    expect(offered('X-b Foo=1  bar', 'xClient NAME addr', 'DSN', 'X-b').list).toEqual([
      { keyword: 'X-B', parameters: ['Foo=1', 'bar'] },
      { keyword: 'XCLIENT', parameters: ['NAME', 'addr'] },
      { keyword: 'DSN', parameters: [] },
      { keyword: 'X-B', parameters: [] },
    ])
  })

  test.each(['', ' ', '-X', '_X', 'A_B', 'AUTH=PLAIN', 'é', ' DSN'])(
    'parseCapabilities: leaves out %j, which is no ehlo-line [rfc5321 4.1.1.1]',
    (line) => {
      expect(offered(line, 'DSN').list).toEqual([{ keyword: 'DSN', parameters: [] }])
    },
  )

  test('parseCapabilities: drops blanks at the end of a line', () => {
    expect(offered('DSN ', 'SIZE 10 \t').list).toEqual([
      { keyword: 'DSN', parameters: [] },
      { keyword: 'SIZE', parameters: ['10'] },
    ])
  })

  test.each([
    { line: 'AUTH PLAIN LOGIN', auth: ['PLAIN', 'LOGIN'] },
    { line: 'auth plain scram-sha-256', auth: ['PLAIN', 'SCRAM-SHA-256'] },
    { line: 'AUTH', auth: [] },
    { line: 'AUTH PLA\u0131N', auth: ['PLA\u0131N'] },
    { line: 'AUTH  PLAIN\tLOGIN', auth: ['PLAIN', 'LOGIN'] },
  ])('parseCapabilities: $line [rfc4954 3]', ({ line, auth }) => {
    expect(offered(line).auth).toEqual(auth)
  })

  test('parseCapabilities: AUTH twice is one list without doubles [rfc4954 3]', () => {
    expect(offered('AUTH PLAIN LOGIN', 'DSN', 'AUTH LOGIN CRAM-MD5').auth).toEqual(['PLAIN', 'LOGIN', 'CRAM-MD5'])
  })

  test.each([
    { line: 'SIZE 36700160', size: { limit: 36_700_160 } },
    { line: 'size 1', size: { limit: 1 } },
    { line: 'SIZE', size: {} },
    { line: 'SIZE 0', size: {} },
    { line: 'SIZE 00', size: {} },
    { line: 'SIZE 0010', size: { limit: 10 } },
    { line: 'SIZE ten', size: {} },
    { line: 'SIZE -1', size: {} },
    { line: 'SIZE 1e3', size: {} },
    { line: 'SIZE 9007199254740991', size: { limit: 9_007_199_254_740_991 } },
    { line: 'SIZE 9007199254740992', size: {} },
    { line: 'SIZE 99999999999999999999', size: {} },
    { line: 'DSN', size: null },
  ])('parseCapabilities: $line [rfc1870 4]', ({ line, size }) => {
    expect(offered(line).size).toEqual(size)
  })

  test('parseCapabilities: takes millions of blanks', () => {
    const blanks = ' '.repeat(2_000_000)
    expect(offered(`AUTH${blanks}PLAIN`, `DSN${blanks}\nX`).auth).toEqual(['PLAIN'])
  })

  test('parseCapabilities: takes any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (lines) => {
        for (const { keyword } of parseCapabilities(lines).list) expect(keyword).toMatch(/^[A-Z0-9][A-Z0-9-]*$/)
      }),
    )
  })
})

describe('formatCapabilities', () => {
  test('formatCapabilities: parseCapabilities inverts it', () => {
    const capability = fc.record({
      keyword: fc.stringMatching(/^[A-Z0-9][A-Z0-9-]{0,8}$/),
      parameters: fc.array(fc.stringMatching(/^[!-~]{1,8}$/), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(capability, { maxLength: 5 }), (list) => {
        expect(offered(...formatCapabilities(list)).list).toEqual(list)
      }),
    )
  })

  test.each([
    { name: 'no keyword', keyword: '', parameters: [] },
    { name: 'a space in the keyword', keyword: 'A B', parameters: [] },
    { name: 'a mark in the keyword', keyword: 'A_B', parameters: [] },
    { name: 'a line break in the keyword', keyword: 'A\r\n250 B', parameters: [] },
    { name: 'an empty parameter', keyword: 'A', parameters: [''] },
    { name: 'a space in a parameter', keyword: 'A', parameters: ['B C'] },
    { name: 'a line break in a parameter', keyword: 'A', parameters: ['B', 'C\r\n250 D'] },
    { name: 'what is not US-ASCII', keyword: 'A', parameters: ['é'] },
  ])('formatCapabilities: refuses $name [rfc5321 4.1.1.1]', ({ keyword, parameters }) => {
    let error: unknown
    try {
      formatCapabilities([
        { keyword: 'DSN', parameters: [] },
        { keyword, parameters },
      ])
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(MailError)
    expect(error).toMatchObject({ code: 'COMMAND_BAD_ARGUMENT', spec: 'rfc5321#section-4.1.1.1' })
  })
})
