import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import type { MailParameters, RcptParameters } from '../src/index.ts'
import {
  formatMailParameters,
  formatRcptParameters,
  parseMailParameters,
  parseRcptParameters,
} from '../src/parameter-words.ts'

const ADA = { localPart: 'ada', domain: 'mx.example' }

interface Row<Parameters> {
  readonly name: string
  readonly spec: string
  readonly words: readonly string[]
  readonly value: Parameters
}

const MAIL: readonly Row<MailParameters>[] = [
  { name: 'none', spec: 'rfc5321 4.1.1.2', words: [], value: {} },
  { name: 'SIZE', spec: 'rfc1870 4', words: ['SIZE=1000'], value: { size: 1000 } },
  { name: 'SIZE of nothing', spec: 'rfc1870 4', words: ['SIZE=0'], value: { size: 0 } },
  {
    name: 'the largest SIZE',
    spec: 'rfc1870 4',
    words: ['SIZE=9007199254740991'],
    value: { size: 9_007_199_254_740_991 },
  },
  { name: 'BODY=7BIT', spec: 'rfc6152 2', words: ['BODY=7BIT'], value: { body: '7BIT' } },
  { name: 'BODY=8BITMIME', spec: 'rfc6152 2', words: ['BODY=8BITMIME'], value: { body: '8BITMIME' } },
  { name: 'BODY=BINARYMIME', spec: 'rfc3030 3', words: ['BODY=BINARYMIME'], value: { body: 'BINARYMIME' } },
  { name: 'SMTPUTF8', spec: 'rfc6531 3.4', words: ['SMTPUTF8'], value: { smtpUtf8: true } },
  { name: 'RET=FULL', spec: 'rfc3461 4.3', words: ['RET=FULL'], value: { ret: 'FULL' } },
  { name: 'RET=HDRS', spec: 'rfc3461 4.3', words: ['RET=HDRS'], value: { ret: 'HDRS' } },
  { name: 'ENVID', spec: 'rfc3461 4.4', words: ['ENVID=QQ314159'], value: { envid: 'QQ314159' } },
  { name: 'ENVID in xtext', spec: 'rfc3461 4.4', words: ['ENVID=a+2Bb+3D+20c'], value: { envid: 'a+b= c' } },
  { name: 'ENVID of 100', spec: 'rfc3461 4.4', words: [`ENVID=${'a'.repeat(100)}`], value: { envid: 'a'.repeat(100) } },
  { name: 'AUTH', spec: 'rfc4954 5', words: ['AUTH=ada@mx.example'], value: { auth: ADA } },
  {
    name: 'AUTH in xtext',
    spec: 'rfc4954 5',
    words: ['AUTH=e+3Dmc2@x.example'],
    value: { auth: { localPart: 'e=mc2', domain: 'x.example' } },
  },
  { name: 'AUTH not known', spec: 'rfc4954 5', words: ['AUTH=<>'], value: { auth: null } },
  {
    name: 'others',
    spec: 'rfc5321 4.1.2',
    words: ['X-TLS', 'X-PRIORITY=3', 'X-A=é'],
    value: {
      others: [{ keyword: 'X-TLS' }, { keyword: 'X-PRIORITY', value: '3' }, { keyword: 'X-A', value: 'é' }],
    },
  },
  { name: 'BY, return', spec: 'rfc2852 4', words: ['BY=120;R'], value: { by: { seconds: 120, mode: 'return' } } },
  {
    name: 'BY, notify with trace, already late',
    spec: 'rfc2852 4',
    words: ['BY=-5;NT'],
    value: { by: { seconds: -5, mode: 'notify', trace: true } },
  },
  { name: 'HOLDFOR', spec: 'rfc4865 4', words: ['HOLDFOR=999999999'], value: { holdFor: 999_999_999 } },
  {
    name: 'HOLDUNTIL',
    spec: 'rfc4865 4',
    words: ['HOLDUNTIL=2026-12-24T18:00:00Z'],
    value: { holdUntil: '2026-12-24T18:00:00Z' },
  },
  ...[
    '2024-02-29T23:59:59Z',
    '2000-02-29t00:00:00.123456789z',
    '0000-02-29T00:00:00-23:59',
    '9999-06-30T12:00:00+01:00',
  ].map((holdUntil) => ({
    name: `HOLDUNTIL=${holdUntil}`,
    spec: 'rfc3339 5.6',
    words: [`HOLDUNTIL=${holdUntil}`],
    value: { holdUntil },
  })),
  {
    name: 'the longest TRANSID',
    spec: 'rfc1845 2',
    words: [`TRANSID=<a.b!@${'b'.repeat(73)}>`],
    value: { transid: `<a.b!@${'b'.repeat(73)}>` },
  },
  { name: 'MT-PRIORITY', spec: 'rfc6710 4.1', words: ['MT-PRIORITY=-9'], value: { mtPriority: -9 } },
  { name: 'MT-PRIORITY of zero', spec: 'rfc6710 4.1', words: ['MT-PRIORITY=0'], value: { mtPriority: 0 } },
  { name: 'REQUIRETLS', spec: 'rfc8689 2', words: ['REQUIRETLS'], value: { requireTls: true } },
  {
    name: 'SOLICIT',
    spec: 'rfc3865 2',
    words: ['SOLICIT=net.example:ADV,org.example:ADV:ADLT'],
    value: { solicit: ['net.example:ADV', 'org.example:ADV:ADLT'] },
  },
  {
    name: 'MTRK with a time',
    spec: 'rfc3885 3.1',
    words: ['MTRK=hE9BZ0rMm6VUUuhvVmzIiqIyPAo:86400'],
    value: { mtrk: { certifier: 'hE9BZ0rMm6VUUuhvVmzIiqIyPAo', timeout: 86_400 } },
  },
  { name: 'CONPERM', spec: 'rfc4141 4', words: ['CONPERM'], value: { conPerm: true } },
  { name: 'PRDR', spec: 'draft-hall-prdr', words: ['PRDR'], value: { prdr: true } },
  {
    name: 'TRANSID',
    spec: 'rfc1845 2',
    words: ['TRANSID=<12345@mx.example>'],
    value: { transid: '<12345@mx.example>' },
  },
  {
    name: 'SUBMITTER',
    spec: 'rfc4405 4.1',
    words: ['SUBMITTER=ada+2Bx@mx.example'],
    value: { submitter: { localPart: 'ada+x', domain: 'mx.example' } },
  },
  {
    name: 'all',
    spec: 'rfc5321 4.1.1.11',
    words: ['SIZE=1', 'BODY=8BITMIME', 'SMTPUTF8', 'RET=HDRS', 'ENVID=a', 'AUTH=<>', 'BY=120;R'],
    value: {
      size: 1,
      body: '8BITMIME',
      smtpUtf8: true,
      ret: 'HDRS',
      envid: 'a',
      auth: null,
      by: { seconds: 120, mode: 'return' },
    },
  },
]

const RCPT: readonly Row<RcptParameters>[] = [
  { name: 'none', spec: 'rfc5321 4.1.1.3', words: [], value: {} },
  { name: 'NOTIFY=NEVER', spec: 'rfc3461 4.1', words: ['NOTIFY=NEVER'], value: { notify: [] } },
  { name: 'NOTIFY of one', spec: 'rfc3461 4.1', words: ['NOTIFY=FAILURE'], value: { notify: ['FAILURE'] } },
  {
    name: 'NOTIFY of all',
    spec: 'rfc3461 4.1',
    words: ['NOTIFY=SUCCESS,FAILURE,DELAY'],
    value: { notify: ['SUCCESS', 'FAILURE', 'DELAY'] },
  },
  {
    name: 'ORCPT',
    spec: 'rfc3461 4.2',
    words: ['ORCPT=rfc822;ada@mx.example'],
    value: { orcpt: { type: 'rfc822', address: 'ada@mx.example' } },
  },
  {
    name: 'ORCPT in xtext',
    spec: 'rfc3461 4.2',
    words: ['ORCPT=rfc822;a+2Bb@mx.example'],
    value: { orcpt: { type: 'rfc822', address: 'a+b@mx.example' } },
  },
  {
    name: 'ORCPT with a semicolon',
    spec: 'rfc3461 4.2',
    words: ['ORCPT=x400;/C=de;x'.replace('=de', '+3Dde')],
    value: { orcpt: { type: 'x400', address: '/C=de;x' } },
  },
  {
    name: 'ORCPT of UTF-8 in US-ASCII',
    spec: 'rfc6533 3',
    words: ['ORCPT=utf-8;\\x{3B4}@mx.example'],
    value: { orcpt: { type: 'utf-8', address: 'δ@mx.example' } },
  },
  {
    name: 'ORCPT of UTF-8 with what no parameter may have',
    spec: 'rfc6533 3',
    words: ['ORCPT=utf-8;a\\x{2B}\\x{5C}\\x{3D}\\x{20}\\x{1D11E}\\x{10FFFD}@b'],
    value: { orcpt: { type: 'utf-8', address: 'a+\\= \u{1d11e}\u{10fffd}@b' } },
  },
  {
    name: 'RRVS',
    spec: 'rfc7293 3.1',
    words: ['RRVS=2014-04-03T23:01:00Z'],
    value: { rrvs: { since: '2014-04-03T23:01:00Z' } },
  },
  {
    name: 'RRVS, go on without',
    spec: 'rfc7293 3.1',
    words: ['RRVS=2014-04-03T23:01:00+02:00;C'],
    value: { rrvs: { since: '2014-04-03T23:01:00+02:00', fallback: 'continue' } },
  },
  { name: 'CONNEG', spec: 'rfc4141 5', words: ['CONNEG'], value: { conNeg: true } },
  {
    name: 'others',
    spec: 'rfc5321 4.1.2',
    words: ['X-RRVS=2014-04-03T23:01:00Z', 'X'],
    value: { others: [{ keyword: 'X-RRVS', value: '2014-04-03T23:01:00Z' }, { keyword: 'X' }] },
  },
]

describe('parseMailParameters and formatMailParameters', () => {
  test.each(MAIL)('parameters of MAIL: $name [$spec]', ({ words, value }) => {
    expect(parseMailParameters(words)).toStrictEqual(value)
    expect(formatMailParameters(value)).toEqual(words)
  })

  test.each([
    {
      words: ['size=10', 'Body=8bitmime', 'smtputf8', 'ret=hdrs'],
      value: { size: 10, body: '8BITMIME', smtpUtf8: true, ret: 'HDRS' },
    },
    {
      words: ['envid=A', 'auth=Ada@mx.example'],
      value: { envid: 'A', auth: { localPart: 'Ada', domain: 'mx.example' } },
    },
  ])('parseMailParameters: letter case does not matter: $words [rfc5321 4.1.1.11]', ({ words, value }) => {
    expect(parseMailParameters(words)).toStrictEqual(value)
  })

  test.each([
    { word: 'BY=-0;N', seconds: 0 },
    { word: 'BY=+7;n', seconds: 7 },
    { word: 'BY=000000007;N', seconds: 7 },
  ])('parseMailParameters: takes $word [rfc2852 4]', ({ word, seconds }) => {
    expect(parseMailParameters([word])).toStrictEqual({ by: { seconds, mode: 'notify' } })
  })

  test('parseMailParameters: takes <> in xtext [rfc4954 5]', () => {
    expect(parseMailParameters(['AUTH=+3C+3E'])).toEqual({ auth: null })
  })

  test('parseMailParameters: keeps the parameters of RCPT as others [rfc5321 4.1.1.11]', () => {
    expect(parseMailParameters(['NOTIFY=NEVER'])).toEqual({ others: [{ keyword: 'NOTIFY', value: 'NEVER' }] })
    expect(parseRcptParameters(['SIZE=x'])).toEqual({ others: [{ keyword: 'SIZE', value: 'x' }] })
  })

  test.each([
    { words: ['SIZE'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['SIZE='], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['SIZE=-1'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['SIZE=1e3'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['SIZE=0x10'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['SIZE=9007199254740992'], code: 'COMMAND_BAD_PARAMETER' },
    { words: [`SIZE=${'0'.repeat(21)}`], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['BODY'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['BODY=9BIT'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['SMTPUTF8=1'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['RET=HDR\u017f'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['BODY=8B\u0131TMIME'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['RET=ALL'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ENVID'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ENVID='], code: 'COMMAND_BAD_PARAMETER' },
    { words: [`ENVID=${'a'.repeat(101)}`], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ENVID=+C3+A9'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ENVID=é'], code: 'COMMAND_BAD_ARGUMENT' },
    { words: ['ENVID=ab+0D+0Acd'], code: 'COMMAND_BAD_ARGUMENT' },
    { words: ['ENVID=+2b'], code: 'COMMAND_BAD_ARGUMENT' },
    { words: ['AUTH'], code: 'COMMAND_BAD_PATH' },
    { words: ['AUTH='], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['AUTH=ada'], code: 'COMMAND_BAD_PATH' },
    { words: ['AUTH=<ada@mx.example>'], code: 'COMMAND_BAD_PATH' },
    { words: ['AUTH=a+0D+0A@mx.example'], code: 'COMMAND_BAD_ARGUMENT' },
    { words: ['AUTH=a=b@mx.example'], code: 'COMMAND_BAD_PARAMETER' },
    ...[
      ...['BY', 'BY=120', 'BY=120;X', 'BY=0;R', 'BY=-1;R', 'BY=1234567890;N', 'BY=1;RTT', 'HOLDFOR=0', 'HOLDFOR=01'],
      ...[
        'HOLDFOR=1000000000',
        'HOLDUNTIL=tomorrow',
        'HOLDUNTIL=2026-13-01T00:00:00Z',
        'MT-PRIORITY=10',
        'MT-PRIORITY=-0',
      ],
      ...['MT-PRIORITY=+1', 'REQUIRETLS=1', 'SOLICIT', 'SOLICIT=', 'SOLICIT=a,,b', 'SOLICIT=1a', 'MTRK', 'MTRK=a:b'],
      ...[
        `SOLICIT=${'a'.repeat(1001)}`,
        'CONPERM=1',
        'PRDR=1',
        'TRANSID=a',
        'TRANSID=<>',
        `TRANSID=<${'a'.repeat(81)}>`,
      ],
    ].map((word) => ({ words: [word], code: 'COMMAND_BAD_PARAMETER' })),
    { words: ['HOLDFOR=1', 'HOLDUNTIL=2026-01-01T00:00:00Z'], code: 'COMMAND_BAD_PARAMETER' },
    ...[
      ...['00-02-03T00:00:00Z', '2026-00-03T00:00:00Z', '2026-02-00T00:00:00Z', '2026-02-29T00:00:00Z'],
      ...['2026-04-31T00:00:00Z', '1900-02-29T00:00:00Z', '2026-02-03T24:00:00Z', '2026-02-03T23:60:00Z'],
      ...['2026-02-03T23:00:60Z', '2026-02-03T23:00:00+24:00', '2026-02-03T23:00:00+00:60', '2026-02-03T23:00Z'],
      ...['2026-02-03T23:00:00', '2026-02-03T23:00:00.Z', '2026-02-03 23:00:00Z', '+02026-02-03T23:00:00Z'],
    ].map((date) => ({ words: [`HOLDUNTIL=${date}`], code: 'COMMAND_BAD_PARAMETER' })),
    ...['<a>', '<a@>', '<@b>', '<a@b@c>', '<a..b@c>', '<.a@b>', '<a@b.>', '<a(b@c>', '<a,b@c>', '<a/b@c>', '<é@b>'].map(
      (id) => ({ words: [`TRANSID=${id}`], code: 'COMMAND_BAD_PARAMETER' }),
    ),
    { words: [`TRANSID=<a@${'b'.repeat(77)}>`], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['SUBMITTER=<>'], code: 'COMMAND_BAD_PATH' },
    { words: ['SIZE=1', 'size=2'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['X', 'x'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['=1'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['-X'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['X_Y=1'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['X='], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['X=a=b'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['X=a b'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['X=a\u0085'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['X=a\u2028'], code: 'COMMAND_BAD_PARAMETER' },
    { words: [''], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['__proto__=1'], code: 'COMMAND_BAD_PARAMETER' },
  ])('parseMailParameters: refuses $words [rfc5321 4.1.1.11]', ({ words, code }) => {
    expect(failureOf(() => parseMailParameters(words))).toBe(code)
  })

  test.each([
    { name: 'a negative SIZE', value: { size: -1 } },
    { name: 'a broken SIZE', value: { size: 1.5 } },
    { name: 'a SIZE without end', value: { size: Number.POSITIVE_INFINITY } },
    { name: 'a SIZE in letters', value: { size: '1 X=2' } },
    { name: 'an unknown BODY', value: { body: '8BITMIME X=2' } },
    { name: 'an unknown RET', value: { ret: 'FULL X=2' } },
    { name: 'an empty ENVID', value: { envid: '' } },
    { name: 'an ENVID over 100 characters', value: { envid: '+'.repeat(34) } },
    { name: 'an ENVID that is not US-ASCII', value: { envid: 'é' } },
    { name: 'another without a keyword', value: { others: [{ keyword: '' }] } },
    { name: 'another with a value in its keyword', value: { others: [{ keyword: 'X=1' }] } },
    { name: 'another with an empty value', value: { others: [{ keyword: 'X', value: '' }] } },
    { name: 'another with a space', value: { others: [{ keyword: 'X', value: 'a Y=b' }] } },
    { name: 'another twice', value: { others: [{ keyword: 'X' }, { keyword: 'x' }] } },
    { name: 'another that is there already', value: { size: 1, others: [{ keyword: 'SIZE', value: '2' }] } },
    { name: 'another that is known and malformed', value: { others: [{ keyword: 'SIZE', value: 'big' }] } },
  ])('formatMailParameters: refuses $name [rfc5321 4.1.1.11]', ({ value }) => {
    expect(failureOf(() => formatMailParameters(value as MailParameters))).toBe('COMMAND_BAD_PARAMETER')
  })
})

describe('parseRcptParameters and formatRcptParameters', () => {
  test.each(RCPT)('parameters of RCPT: $name [$spec]', ({ words, value }) => {
    expect(parseRcptParameters(words)).toStrictEqual(value)
    expect(formatRcptParameters(value)).toEqual(words)
  })

  test('parseRcptParameters: letter case does not matter [rfc3461 4.1]', () => {
    expect(parseRcptParameters(['notify=success,Delay', 'orcpt=RFC822;A@b'])).toEqual({
      notify: ['SUCCESS', 'DELAY'],
      orcpt: { type: 'RFC822', address: 'A@b' },
    })
    expect(parseRcptParameters(['ORCPT=utf-8;\\x{D7FF}\\x{DF}\\x{E000}']).orcpt?.address).toBe('\ud7ff\u00df\ue000')
    expect(parseRcptParameters(['ORCPT=UTF-8;δ\\x{3b4}@b'])).toEqual({ orcpt: { type: 'UTF-8', address: 'δδ@b' } })
    expect(parseRcptParameters(['notify=never'])).toEqual({ notify: [] })
  })

  test.each([
    { words: ['NOTIFY'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['NOTIFY='], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['NOTIFY=\u017fUCCE\u017fS'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['NOTIFY=ALWAYS'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['NOTIFY=NEVER,SUCCESS'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['NOTIFY=SUCCESS,'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['NOTIFY=SUCCESS;DELAY'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ORCPT=rfc822'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ORCPT=;a@b'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ORCPT=rfc822;+C3+A9@b'], code: 'COMMAND_BAD_PARAMETER' },
    ...[
      'utf-8;',
      'utf-8;a+2Bb',
      'utf-8;a\\b',
      'utf-8;\\x{D800}',
      'utf-8;\\x{D83D}\\x{DE00}',
      'utf-8;\\x{dfff}',
      'utf-8;\\X{3B4}',
      'utf-8;\\x{110000}',
      'utf-8;\\x{0D}',
      'utf-8;\\x{0041}',
    ].map((value) => ({ words: [`ORCPT=${value}`], code: 'COMMAND_BAD_ARGUMENT' })),
    { words: ['RRVS'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['RRVS=yesterday'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['RRVS=2014-04-03T23:01:00Z;X'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['RRVS=2014-04-03T23:01:00Z;C;R'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['CONNEG=1'], code: 'COMMAND_BAD_PARAMETER' },
    { words: ['ORCPT=rfc822;a+0D+0A'], code: 'COMMAND_BAD_ARGUMENT' },
    { words: ['NOTIFY=NEVER', 'NOTIFY=NEVER'], code: 'COMMAND_BAD_PARAMETER' },
  ])('parseRcptParameters: refuses $words [rfc3461 4]', ({ words, code }) => {
    expect(failureOf(() => parseRcptParameters(words))).toBe(code)
  })

  test.each([
    { name: 'an unknown NOTIFY', value: { notify: ['SUCCESS X=2'] } },
    { name: 'NEVER beside another', value: { notify: ['NEVER', 'DELAY'] } },
    { name: 'no type', value: { orcpt: { type: '', address: 'a' } } },
    { name: 'a semicolon in the type', value: { orcpt: { type: 'rfc822;b', address: 'a' } } },
    { name: 'an address that is not US-ASCII', value: { orcpt: { type: 'rfc822', address: 'é@b' } } },
    { name: 'another twice', value: { notify: [], others: [{ keyword: 'notify', value: 'DELAY' }] } },
  ])('formatRcptParameters: refuses $name [rfc3461 4]', ({ value }) => {
    expect(failureOf(() => formatRcptParameters(value as RcptParameters))).toBe('COMMAND_BAD_PARAMETER')
  })

  test.each(['', '\r\n', 'a\0b', 'a\u0085b', 'a\u2028b', 'a\ud800b'])(
    'formatRcptParameters: refuses %j as an address of UTF-8 [rfc6533 3]',
    (address) => {
      const orcpt = { type: 'utf-8', address }
      expect(failureOf(() => formatRcptParameters({ orcpt }))).toBe('COMMAND_BAD_ARGUMENT')
    },
  )
})

test('parseMailParameters and parseRcptParameters: what they take they write again, and throw nothing but MailError', () => {
  const keyword = fc.constantFrom('SIZE', 'BODY', 'SMTPUTF8', 'RET', 'ENVID', 'AUTH', 'NOTIFY', 'ORCPT', 'X', 'x-Y')
  const value = fc.constantFrom('', '=', '=1', '=FULL', '=NEVER', '=DELAY', '=rfc822;a', '=<>', '=a@b', '=+2B', '=é')
  const words = fc.array(
    fc.tuple(keyword, value).map(([name, rest]) => name + rest),
    { maxLength: 3 },
  )
  const passes = <Value>(
    list: string[],
    parse: (words: string[]) => Value,
    format: (value: Value) => string[],
  ): void => {
    if (failureOf(() => parse(list)).startsWith('COMMAND_BAD_')) return
    expect(parse(format(parse(list)))).toEqual(parse(list))
  }
  fc.assert(
    fc.property(words, (list) => {
      passes(list, parseMailParameters, formatMailParameters)
      passes(list, parseRcptParameters, formatRcptParameters)
    }),
    { numRuns: 3000 },
  )
})
