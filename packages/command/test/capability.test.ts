import { MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Capabilities, formatCapabilities, parseCapabilities } from '../src/index.ts'

const NOTHING: Capabilities = {
  list: [],
  pipelining: false,
  startTls: false,
  eightBitMime: false,
  chunking: false,
  binaryMime: false,
  smtpUtf8: false,
  dsn: false,
  enhancedStatusCodes: false,
  requireTls: false,
  prdr: false,
  size: null,
  auth: [],
  limits: null,
  deliverBy: null,
  futureRelease: null,
  mtPriority: null,
  noSoliciting: null,
  xclient: null,
  xforward: null,
}

const offered = (...lines: string[]): Capabilities => parseCapabilities(['mx.example greets you', ...lines])

const KEYWORDS = [
  { keyword: 'PIPELINING', spec: 'rfc2920 2', field: 'pipelining' },
  { keyword: 'STARTTLS', spec: 'rfc3207 2', field: 'startTls' },
  { keyword: '8BITMIME', spec: 'rfc6152 2', field: 'eightBitMime' },
  { keyword: 'CHUNKING', spec: 'rfc3030 2', field: 'chunking' },
  { keyword: 'BINARYMIME', spec: 'rfc3030 3', field: 'binaryMime' },
  { keyword: 'REQUIRETLS', spec: 'rfc8689 2', field: 'requireTls' },
  { keyword: 'PRDR', spec: 'draft-hall-prdr', field: 'prdr' },
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

  test.each(['', ' ', '-X', '_X', 'A_B', 'AUTH=', 'DSN=1', 'é', ' DSN'])(
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
    { line: 'AUTH=LOGIN PLAIN', auth: ['LOGIN', 'PLAIN'] },
    { line: 'auth=login', auth: ['LOGIN'] },
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

  test.each([
    { line: 'LIMITS MAILMAX=50 RCPTMAX=100 RCPTDOMAINMAX=2', limits: { mailMax: 50, rcptMax: 100, rcptDomainMax: 2 } },
    { line: 'LIMITS mailmax=1', limits: { mailMax: 1 } },
    { line: 'LIMITS', limits: {} },
    { line: 'LIMITS RCPTMAX=0', limits: {} },
    { line: 'LIMITS RCPTMAX=007 MAILMAX=5', limits: { mailMax: 5 } },
    { line: 'LIMITS RCPTMAX=1000000', limits: {} },
    { line: 'LIMITS RCPTMAX=999999', limits: { rcptMax: 999_999 } },
    { line: 'LIMITS RCPTMAX=x MAILMAX=5', limits: { mailMax: 5 } },
    { line: 'LIMITS X-NEW=3 MAILMAX=5', limits: { mailMax: 5 } },
    { line: 'LIMITS MAILMAX=5 =3', limits: {} },
    { line: 'LIMITS MAILMAX=5 RCPT!MAX=3', limits: {} },
    { line: 'LIMITS __proto__=1 constructor=2 MAILMAX=5', limits: { mailMax: 5 } },
  ])('parseCapabilities: $line [rfc9422 4]', ({ line, limits }) => {
    expect(offered(line).limits).toEqual(limits)
  })

  test.each([
    { line: 'DELIVERBY', property: 'deliverBy', value: {} },
    { line: 'DELIVERBY 240', property: 'deliverBy', value: { minimum: 240 } },
    { line: 'DELIVERBY x', property: 'deliverBy', value: {} },
    {
      line: 'FUTURERELEASE 2592000 2026-12-31T23:59:59Z',
      property: 'futureRelease',
      value: { maxInterval: 2_592_000, maxDateTime: '2026-12-31T23:59:59Z' },
    },
    { line: 'FUTURERELEASE', property: 'futureRelease', value: {} },
    { line: 'MT-PRIORITY MIXER', property: 'mtPriority', value: { profile: 'MIXER' } },
    { line: 'MT-PRIORITY', property: 'mtPriority', value: {} },
    { line: 'NO-SOLICITING', property: 'noSoliciting', value: [] },
    {
      line: 'NO-SOLICITING net.example:ADV,org.example:ADV:ADLT',
      property: 'noSoliciting',
      value: ['net.example:ADV', 'org.example:ADV:ADLT'],
    },
    { line: 'XCLIENT NAME addr', property: 'xclient', value: ['NAME', 'ADDR'] },
    { line: 'XFORWARD NAME', property: 'xforward', value: ['NAME'] },
  ] as const)('parseCapabilities: $line [rfc5321 4.1.1.1]', ({ line, property, value }) => {
    expect(offered(line)[property]).toEqual(value)
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
