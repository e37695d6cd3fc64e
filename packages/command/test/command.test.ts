import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  type Command,
  encodeCommand,
  formatCommand,
  type Mailbox,
  type MailParameters,
  type ParseCommandOptions,
  parseCommand,
  type RcptParameters,
  redactCommand,
  type Tolerated,
  type Verb,
} from '../src/index.ts'

const ADA: Mailbox = { localPart: 'ada', domain: 'mx.example' }

const parse = (line: string, options?: ParseCommandOptions): Command => parseCommand(encodeUtf8(line), options)
const parseAny = (line: string): Command => parse(line, { keepUnknown: true })

// With the parameters that a parsed MAIL or RCPT always has.
function filled(command: Command): Command {
  return command.verb === 'MAIL' || command.verb === 'RCPT' ? ({ parameters: {}, ...command } as Command) : command
}

interface Row {
  readonly line: string
  readonly spec: string
  readonly command: Command
}

const COMMANDS: readonly Row[] = [
  { line: 'EHLO client.example', spec: 'rfc5321 4.1.1.1', command: { verb: 'EHLO', domain: 'client.example' } },
  { line: 'EHLO [192.0.2.1]', spec: 'rfc5321 4.1.3', command: { verb: 'EHLO', domain: '[192.0.2.1]' } },
  { line: 'EHLO [IPv6:2001:db8::1]', spec: 'rfc5321 4.1.3', command: { verb: 'EHLO', domain: '[IPv6:2001:db8::1]' } },
  { line: 'HELO client.example', spec: 'rfc5321 4.1.1.1', command: { verb: 'HELO', domain: 'client.example' } },
  { line: 'STARTTLS', spec: 'rfc3207 4', command: { verb: 'STARTTLS' } },
  { line: 'AUTH SCRAM-SHA-256', spec: 'rfc4954 4', command: { verb: 'AUTH', mechanism: 'SCRAM-SHA-256' } },
  {
    line: 'AUTH PLAIN AHUAcA==',
    spec: 'rfc4954 4',
    command: { verb: 'AUTH', mechanism: 'PLAIN', initialResponse: encodeUtf8('\0u\0p') },
  },
  {
    line: 'AUTH EXTERNAL =',
    spec: 'rfc4954 4',
    command: { verb: 'AUTH', mechanism: 'EXTERNAL', initialResponse: new Uint8Array(0) },
  },
  { line: 'MAIL FROM:<ada@mx.example>', spec: 'rfc5321 4.1.1.2', command: { verb: 'MAIL', reversePath: ADA } },
  { line: 'MAIL FROM:<>', spec: 'rfc5321 4.5.5', command: { verb: 'MAIL', reversePath: null } },
  {
    line: 'MAIL FROM:<"a b"@mx.example>',
    spec: 'rfc5321 4.1.2',
    command: { verb: 'MAIL', reversePath: { localPart: 'a b', domain: 'mx.example' } },
  },
  {
    line: 'MAIL FROM:<"a> SIZE=1"@mx.example>',
    spec: 'rfc5321 4.1.2',
    command: { verb: 'MAIL', reversePath: { localPart: 'a> SIZE=1', domain: 'mx.example' } },
  },
  {
    line: 'MAIL FROM:<"a\\">\\"@x"@mx.example>',
    spec: 'rfc5321 4.1.2',
    command: { verb: 'MAIL', reversePath: { localPart: 'a">"@x', domain: 'mx.example' } },
  },
  {
    line: 'MAIL FROM:<> SIZE=10 BODY=8BITMIME',
    spec: 'rfc5321 4.1.1.11',
    command: { verb: 'MAIL', reversePath: null, parameters: { size: 10, body: '8BITMIME' } },
  },
  {
    line: 'MAIL FROM:<δ@mx.example> SMTPUTF8',
    spec: 'rfc6531 3.4',
    command: { verb: 'MAIL', reversePath: { localPart: 'δ', domain: 'mx.example' }, parameters: { smtpUtf8: true } },
  },
  { line: 'RCPT TO:<ada@mx.example>', spec: 'rfc5321 4.1.1.3', command: { verb: 'RCPT', forwardPath: ADA } },
  { line: 'RCPT TO:<postmaster>', spec: 'rfc5321 4.1.1.3', command: { verb: 'RCPT', forwardPath: 'postmaster' } },
  {
    line: 'RCPT TO:<ada@[IPv6:::1]>',
    spec: 'rfc5321 4.1.3',
    command: { verb: 'RCPT', forwardPath: { localPart: 'ada', domain: '[IPv6:::1]' } },
  },
  {
    line: 'RCPT TO:<ada@mx.example> NOTIFY=NEVER',
    spec: 'rfc3461 4.1',
    command: { verb: 'RCPT', forwardPath: ADA, parameters: { notify: [] } },
  },
  {
    line: 'RCPT TO:<δ@mx.example>',
    spec: 'rfc6531 3.3',
    command: { verb: 'RCPT', forwardPath: { localPart: 'δ', domain: 'mx.example' } },
  },
  { line: 'DATA', spec: 'rfc5321 4.1.1.4', command: { verb: 'DATA' } },
  { line: 'RSET', spec: 'rfc5321 4.1.1.5', command: { verb: 'RSET' } },
  { line: 'VRFY Jones', spec: 'rfc5321 4.1.1.6', command: { verb: 'VRFY', argument: 'Jones' } },
  {
    line: 'VRFY <ada@mx.example> SMTPUTF8',
    spec: 'rfc6531 3.7.4.2',
    command: { verb: 'VRFY', argument: '<ada@mx.example>', smtpUtf8: true },
  },
  {
    line: 'VRFY a smtputf8 SMTPUTF8',
    spec: 'rfc6531 3.7.4.2',
    command: { verb: 'VRFY', argument: 'a smtputf8', smtpUtf8: true },
  },
  { line: 'EXPN Example-People', spec: 'rfc5321 4.1.1.7', command: { verb: 'EXPN', argument: 'Example-People' } },
  { line: 'HELP', spec: 'rfc5321 4.1.1.8', command: { verb: 'HELP' } },
  { line: 'HELP MAIL', spec: 'rfc5321 4.1.1.8', command: { verb: 'HELP', argument: 'MAIL' } },
  { line: 'NOOP', spec: 'rfc5321 4.1.1.9', command: { verb: 'NOOP' } },
  { line: 'NOOP a  b', spec: 'rfc5321 4.1.1.9', command: { verb: 'NOOP', argument: 'a  b' } },
  { line: 'QUIT', spec: 'rfc5321 4.1.1.10', command: { verb: 'QUIT' } },
  { line: 'VRFY SMTPUTF8', spec: 'rfc6531 3.7.4.2', command: { verb: 'VRFY', argument: 'SMTPUTF8' } },
  { line: 'LHLO client.example', spec: 'rfc2033 4.1', command: { verb: 'LHLO', domain: 'client.example' } },
  { line: 'BDAT 86 LAST', spec: 'rfc3030 2', command: { verb: 'BDAT', size: 86, last: true } },
  { line: 'BDAT 0', spec: 'rfc3030 2', command: { verb: 'BDAT', size: 0, last: false } },
  {
    line: 'BDAT 9007199254740991',
    spec: 'rfc3030 2',
    command: { verb: 'BDAT', size: Number.MAX_SAFE_INTEGER, last: false },
  },
  {
    line: 'BURL imap://ada@imap.example/Sent;UID=20/;URLAUTH=submit+ada:internal:91354a LAST',
    spec: 'rfc4468 3',
    command: {
      verb: 'BURL',
      url: 'imap://ada@imap.example/Sent;UID=20/;URLAUTH=submit+ada:internal:91354a',
      last: true,
    },
  },
  { line: 'ETRN mx.example', spec: 'rfc1985 5', command: { verb: 'ETRN', node: 'mx.example' } },
  { line: 'ETRN @mx.example', spec: 'rfc1985 5.1', command: { verb: 'ETRN', node: '@mx.example' } },
  { line: 'ETRN #uucp', spec: 'rfc1985 5.1', command: { verb: 'ETRN', node: '#uucp' } },
  { line: 'ATRN', spec: 'rfc2645 4', command: { verb: 'ATRN', domains: [] } },
  {
    line: 'ATRN a.example,b.example',
    spec: 'rfc2645 4',
    command: { verb: 'ATRN', domains: ['a.example', 'b.example'] },
  },
  { line: 'TURN', spec: 'rfc821 4.1.1', command: { verb: 'TURN' } },
  { line: 'SEND FROM:<ada@mx.example>', spec: 'rfc821 4.1.1', command: { verb: 'SEND', reversePath: ADA } },
  { line: 'SOML FROM:<>', spec: 'rfc821 4.1.1', command: { verb: 'SOML', reversePath: null } },
  { line: 'SAML FROM:<ada@mx.example>', spec: 'rfc821 4.1.1', command: { verb: 'SAML', reversePath: ADA } },
  {
    line: 'XCLIENT NAME=mx.example ADDR=IPV6:2001:db8::1 PORT=25 LOGIN=a+2Bb HELO=[TEMPUNAVAIL] DESTADDR=[UNAVAILABLE]',
    spec: 'XCLIENT_README',
    command: {
      verb: 'XCLIENT',
      attributes: [
        { name: 'NAME', value: 'mx.example' },
        { name: 'ADDR', value: '2001:db8::1' },
        { name: 'PORT', value: '25' },
        { name: 'LOGIN', value: 'a+b' },
        { name: 'HELO', value: null, temporary: true },
        { name: 'DESTADDR', value: null },
      ],
    },
  },
  {
    line: 'XFORWARD ADDR=192.0.2.1 SOURCE=LOCAL',
    spec: 'XFORWARD_README',
    command: {
      verb: 'XFORWARD',
      attributes: [
        { name: 'ADDR', value: '192.0.2.1' },
        { name: 'SOURCE', value: 'LOCAL' },
      ],
    },
  },
  { line: 'XEXCH50 968 2', spec: 'rfc5321 2.2.2', command: { verb: 'OTHER', name: 'XEXCH50', argument: '968 2' } },
  { line: 'X-RESUME', spec: 'rfc5321 2.2.2', command: { verb: 'OTHER', name: 'X-RESUME' } },
]

test.each(COMMANDS)('formatCommand and parseCommand: $line [$spec]', ({ line, command }) => {
  expect(formatCommand(command)).toBe(line)
  expect(parseAny(line)).toEqual(filled(command))
  expect(decodeUtf8(encodeCommand(command))).toBe(`${line}\r\n`)
})

test('formatCommand and parseCommand: the table above has every verb', () => {
  const verbs: Record<Verb, true> = {
    EHLO: true,
    HELO: true,
    LHLO: true,
    BDAT: true,
    BURL: true,
    ETRN: true,
    ATRN: true,
    TURN: true,
    SEND: true,
    SOML: true,
    SAML: true,
    XCLIENT: true,
    XFORWARD: true,
    OTHER: true,
    STARTTLS: true,
    AUTH: true,
    MAIL: true,
    RCPT: true,
    DATA: true,
    RSET: true,
    VRFY: true,
    EXPN: true,
    HELP: true,
    NOOP: true,
    QUIT: true,
  }
  expect(new Set(COMMANDS.map(({ command }) => command.verb))).toEqual(new Set(Object.keys(verbs)))
})

const tolerated = (command: Command): Tolerated =>
  'anomalies' in command && command.anomalies ? { anomalies: command.anomalies } : {}

describe('parseCommand', () => {
  test.each([
    { name: 'a verb in lower case', line: 'ehlo Client.example', command: { verb: 'EHLO', domain: 'Client.example' } },
    {
      name: 'a label in lower case',
      line: 'mail from:<ada@mx.example>',
      command: { verb: 'MAIL', reversePath: ADA, parameters: {} },
    },
    { name: 'a mechanism in lower case', line: 'auth plain', command: { verb: 'AUTH', mechanism: 'PLAIN' } },
    {
      name: 'Postmaster in any letter case',
      line: 'RCPT TO:<PostMaster>',
      command: { verb: 'RCPT', forwardPath: 'postmaster', parameters: {} },
    },
    { name: 'blanks at the end', line: 'QUIT \t ', command: { verb: 'QUIT' } },
    { name: 'blanks behind an argument', line: 'NOOP a ', command: { verb: 'NOOP', argument: 'a' } },
    { name: 'blanks between words', line: 'EHLO   mx.example', command: { verb: 'EHLO', domain: 'mx.example' } },
    {
      name: 'SMTPUTF8 in lower case, behind blanks',
      line: 'vrfy a b   smtputf8 ',
      command: { verb: 'VRFY', argument: 'a b', smtpUtf8: true },
    },
    {
      name: 'a letter that only looks like one of SMTPUTF8',
      line: 'VRFY a \u017fMTPUTF8',
      command: { verb: 'VRFY', argument: 'a \u017fMTPUTF8' },
    },
    { name: 'U+FFFD as itself', line: 'NOOP a\ufffd', command: { verb: 'NOOP', argument: 'a\ufffd' } },
    {
      name: 'attributes in lower case',
      line: 'xclient addr=ipv6:2001:db8::1 helo=[tempunavail]',
      command: {
        verb: 'XCLIENT',
        attributes: [
          { name: 'ADDR', value: '2001:db8::1' },
          { name: 'HELO', value: null, temporary: true },
        ],
      },
    },
    {
      name: 'what stands for an unknown value in xtext',
      line: 'XCLIENT LOGIN=+5BUNAVAILABLE]',
      command: { verb: 'XCLIENT', attributes: [{ name: 'LOGIN', value: null }] },
    },
    {
      name: 'blanks between parameters',
      line: 'MAIL FROM:<>  SIZE=1   BODY=7BIT',
      command: { verb: 'MAIL', reversePath: null, parameters: { size: 1, body: '7BIT' } },
    },
    {
      name: 'a source route',
      line: 'RCPT TO:<@a.example,@b.example:ada@mx.example>',
      command: { verb: 'RCPT', forwardPath: ADA, parameters: {} },
    },
    {
      name: 'a source route of the sender',
      line: 'MAIL FROM:<@a.example:ada@mx.example>',
      command: { verb: 'MAIL', reversePath: ADA, parameters: {} },
    },
  ])('parseCommand: takes $name [rfc5321 4.1.1]', ({ line, command }) => {
    expect(parse(line)).toEqual(command)
  })

  test.each([
    { line: '', code: 'COMMAND_UNKNOWN' },
    { line: ' QUIT', code: 'COMMAND_UNKNOWN' },
    { line: 'XEXCH50 968 2', code: 'COMMAND_UNKNOWN' },
    { line: 'OTHER', code: 'COMMAND_UNKNOWN' },
    { line: 'BDAT', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BDAT -1', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BDAT 9007199254740992', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BDAT 1 LAST LAST', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BDAT 1 FIRST', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BDAT LAST', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BDAT 0x10', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BURL', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BURL imap.example LAST', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BURL imap:a#b', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BURL imap:a FIRST', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'BURL imap:a LAST x', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'ETRN', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'ETRN a b', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'ETRN #', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'ATRN -a', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'ATRN a b', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'ATRN a,', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'TURN x', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'SEND TO:<a@b>', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'SOML FROM:<a@b> SIZE=1', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'SAML FROM:<δ@b>', code: 'COMMAND_NEEDS_SMTPUTF8' },
    { line: 'XCLIENT', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'XCLIENT NAME', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'XCLIENT NAME=', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'XCLIENT NAME=a name=b', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'XCLIENT ADDR=mx.example', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'XCLIENT ADDR=IPV6:192.0.2.1', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'XCLIENT PORT=65536', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'XCLIENT LOGIN=a+0D+0Ab', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'LHLO', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'QUIT: now', code: 'COMMAND_UNKNOWN' },
    { line: 'toString', code: 'COMMAND_UNKNOWN' },
    { line: 'R\u017fET', code: 'COMMAND_UNKNOWN' },
    { line: 'QU\u0131T', code: 'COMMAND_UNKNOWN' },
    { line: 'AUTH PLA\u0131N', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'EHLO', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'EHLO a b', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'EHLO -a', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'EHLO a_b', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'EHLO [192.0.2.999]', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'EHLO bücher.example', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'EHLO \u00a0mx.example', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'HELO', code: 'COMMAND_BAD_DOMAIN' },
    { line: 'STARTTLS now', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'DATA x', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'RSET x', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'QUIT x', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'VRFY', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'EXPN  ', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'AUTH', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'AUTH PLAIN a b', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'AUTH PLAIN+', code: 'COMMAND_BAD_SYNTAX' },
    { line: `AUTH ${'A'.repeat(21)}`, code: 'COMMAND_BAD_SYNTAX' },
    { line: 'AUTH PLAIN *', code: 'BASE64_BAD_CHARACTER' },
    { line: 'AUTH PLAIN Zg=', code: 'BASE64_BAD_LENGTH' },
    { line: 'AUTH PLAIN Zh==', code: 'BASE64_BAD_PADDING' },
    { line: 'MAIL', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'MAIL <ada@mx.example>', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'MAIL TO:<ada@mx.example>', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'MAIL FROM <ada@mx.example>', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'MAIL FROM:', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:ada@mx.example', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM: <ada@mx.example>', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:<ada@mx.example', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:<ada@mx.example>SIZE=1', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:<ada@mx.example>c>', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:<"ada@mx.example>', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:<postmaster>', code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:<ada @mx.example>', code: 'COMMAND_BAD_PATH' },
    { line: `MAIL FROM:<${'a'.repeat(244)}@mx.example>`, code: 'COMMAND_BAD_PATH' },
    { line: 'MAIL FROM:<δ@mx.example>', code: 'COMMAND_NEEDS_SMTPUTF8' },
    { line: 'MAIL FROM:<> SIZE=x', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'MAIL FROM:<> ENVID=ab+0D+0Acd', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'RCPT TO:<>', code: 'COMMAND_BAD_PATH' },
    { line: 'RCPT TO:<postmaster@>', code: 'COMMAND_BAD_PATH' },
    { line: 'RCPT FROM:<ada@mx.example>', code: 'COMMAND_BAD_SYNTAX' },
    { line: 'RCPT TO:<ada@mx.example> NOTIFY=x', code: 'COMMAND_BAD_PARAMETER' },
    { line: 'NOOP a\tb', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'NOOP a\0', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'NOOP a\rb', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'NOOP a\nb', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'QUIT\r', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'NOOP a\u0085', code: 'COMMAND_BAD_ARGUMENT' },
    { line: 'NOOP a\u2028b', code: 'COMMAND_BAD_ARGUMENT' },
    { line: `NOOP ${'a'.repeat(12_282)}`, code: 'COMMAND_TOO_LONG' },
    { line: `MAIL FROM:<${'"a"'.repeat(3_000_000)}`, code: 'COMMAND_TOO_LONG' },
  ])('parseCommand: refuses $line [rfc5321 4.1.1]', ({ line, code }) => {
    expect(failureOf(() => parse(line))).toBe(code)
  })

  test('parseCommand: refuses what is not UTF-8 [rfc6531 3.3]', () => {
    expect(failureOf(() => parseCommand(Uint8Array.of(78, 79, 79, 80, 32, 0xe9)))).toBe('COMMAND_BAD_ARGUMENT')
  })

  test('parseCommand: takes 12,288 octets with CRLF [rfc4954 4]', () => {
    expect(parse(`NOOP ${'a'.repeat(12_281)}`)).toEqual({ verb: 'NOOP', argument: 'a'.repeat(12_281) })
  })

  test.each([
    {
      name: 'an underscore in the domain',
      line: 'EHLO my_pc.example',
      tolerance: 'domain-underscore',
      command: { verb: 'EHLO', domain: 'my_pc.example' },
    },
    {
      name: 'an underscore first',
      line: 'HELO _a',
      tolerance: 'domain-underscore',
      command: { verb: 'HELO', domain: '_a' },
    },
    {
      name: 'a blank before the sender',
      line: 'MAIL FROM: <ada@mx.example>',
      tolerance: 'path-space',
      command: { verb: 'MAIL', reversePath: ADA, parameters: {} },
    },
    {
      name: 'blanks before the recipient',
      line: 'RCPT TO:  <ada@mx.example> NOTIFY=NEVER',
      tolerance: 'path-space',
      command: { verb: 'RCPT', forwardPath: ADA, parameters: { notify: [] } },
    },
  ] as const)('parseCommand: tolerates $name when asked, and nothing else', ({ line, tolerance, command }) => {
    expect(parse(line, { tolerate: [tolerance] })).toEqual({ ...command, anomalies: [tolerance] })
    const other = tolerance === 'path-space' ? 'domain-underscore' : 'path-space'
    expect(failureOf(() => parse(line, { tolerate: [other] }))).toMatch(/^COMMAND_BAD_(?:DOMAIN|PATH)$/)
  })

  test('parseCommand: the error for an unknown verb does not show it, as it may be a password', () => {
    expect(() => parse('czNjcjN0')).toThrow('Cannot take command: its verb is not known')
    expect(() => parse('AUTH PLAIN AHUAczNjcjN0!')).toThrow(/^(?!.*AHUAczNjcjN0)/)
  })

  test('parseCommand: what it takes of any extension it writes again', () => {
    const start = fc.constantFrom(
      ...['MAIL FROM:<>', 'mail from:<a@b>', 'MAIL FROM:<δ@b>', 'RCPT TO:<"a b"@c>', 'SEND FROM:<a@b>', 'BDAT 0012'],
      ...['BURL imap:a', 'ETRN @a', 'ATRN a', 'XCLIENT', 'xforward', 'VRFY a', 'EXPN  b', 'XYZ a', 'OTHER', 'LHLO a_b'],
    )
    const rest = fc.constantFrom(
      ...[
        ' SMTPUTF8',
        ' smtputf8',
        ' ENVID=a+20b',
        ' AUTH=a+2Bb@c',
        ' BY=-0;N',
        ' BY=+1;rt',
        ' HOLDFOR=1',
        ' SOLICIT=a,b:c',
      ],
      ...[' HOLDUNTIL=2026-02-28t00:00:00z', ' MTRK=abc:1', ' TRANSID=<a@b>', ' SUBMITTER=a@b', ' X=1', ' y-Z', ' X=é'],
      ...[
        ' NOTIFY=SUCCESS,SUCCESS',
        ' ORCPT=x;',
        ' ORCPT=utf-8;\\x{3b4}δ',
        ' RRVS=2026-01-01T00:00:00Z;c',
        ' CONNEG',
        ' last',
      ],
      ...[
        ' addr=::1',
        ' ADDR=IPV6:::1',
        ' LOGIN=+5BTEMPUNAVAIL]',
        ' NAME=[UNAVAILABLE]',
        ' PORT=00025',
        ';URLAUTH=a',
        ',b',
        ' ',
      ],
    )
    const line = fc.tuple(start, fc.array(rest, { maxLength: 3 })).map(([head, tail]) => head + tail.join(''))
    const options: ParseCommandOptions = { tolerate: ['domain-underscore'], keepUnknown: true }
    fc.assert(
      fc.property(line, (text) => {
        if (failureOf(() => parse(text, options)) !== 'none') return
        const command = parse(text, options)
        if ('anomalies' in command) return
        expect(parseAny(formatCommand(command))).toStrictEqual(command)
      }),
      { numRuns: 5000 },
    )
  })

  test('parseCommand: throws nothing but MailError, and what it takes it writes again', () => {
    const word = fc.constantFrom(
      ...['MAIL', 'FROM:', 'RCPT', 'TO:', '<', '>', 'a', '@', 'mx', '"', '\\', ' ', 'SIZE=1', 'NOTIFY=NEVER', 'AUTH'],
      ...['PLAIN', 'Zg==', '=', 'EHLO', '[', ']', 'NOOP', 'é', '\t', '\u2028', ' SMTPUTF8', 'postmaster', 'VRFY'],
    )
    const line = fc.oneof(
      fc.array(word, { maxLength: 10 }).map((words) => words.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(line, fc.uint8Array({ maxLength: 4 }), (text, junk) => {
        expect(failureOf(() => parseCommand(junk))).toMatch(/^(?:COMMAND_|none$)/)
        const options: ParseCommandOptions = { tolerate: ['path-space', 'domain-underscore'] }
        if (/^(?:COMMAND|BASE64)_/.test(failureOf(() => parse(text, options)))) return
        const command = parse(text, options)
        expect({ ...parse(formatCommand(command)), ...tolerated(command) }).toEqual(command)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('formatCommand', () => {
  test.each([
    {
      name: 'a path that ends early',
      command: { verb: 'RCPT', forwardPath: { localPart: 'a', domain: 'x> NOTIFY=NEVER' } },
      code: 'COMMAND_BAD_PATH',
    },
    {
      name: 'an at sign in the domain',
      command: { verb: 'RCPT', forwardPath: { localPart: 'a', domain: 'b@c' } },
      code: 'COMMAND_BAD_PATH',
    },
    { name: 'a domain of two words', command: { verb: 'EHLO', domain: 'a b' }, code: 'COMMAND_BAD_DOMAIN' },
    {
      name: 'a domain that is not US-ASCII',
      command: { verb: 'EHLO', domain: 'bücher.example' },
      code: 'COMMAND_BAD_DOMAIN',
    },
    { name: 'an underscore in the domain', command: { verb: 'EHLO', domain: 'a_b' }, code: 'COMMAND_BAD_DOMAIN' },
    { name: 'a mechanism in lower case', command: { verb: 'AUTH', mechanism: 'plain' }, code: 'COMMAND_BAD_SYNTAX' },
    { name: 'a mechanism of two words', command: { verb: 'AUTH', mechanism: 'PLAIN =' }, code: 'COMMAND_BAD_SYNTAX' },
    {
      name: 'UTF-8 without SMTPUTF8',
      command: { verb: 'MAIL', reversePath: { localPart: 'δ', domain: 'x' } },
      code: 'COMMAND_NEEDS_SMTPUTF8',
    },
    {
      name: 'UTF-8 where SMTPUTF8 has no place',
      command: { verb: 'SOML', reversePath: { localPart: 'δ', domain: 'x' } },
      code: 'COMMAND_NEEDS_SMTPUTF8',
    },
    { name: 'an empty argument', command: { verb: 'NOOP', argument: '' }, code: 'COMMAND_BAD_ARGUMENT' },
    { name: 'a blank before the argument', command: { verb: 'HELP', argument: ' a' }, code: 'COMMAND_BAD_ARGUMENT' },
    { name: 'a blank behind the argument', command: { verb: 'VRFY', argument: 'a ' }, code: 'COMMAND_BAD_ARGUMENT' },
    { name: 'no argument where one is needed', command: { verb: 'EXPN' }, code: 'COMMAND_BAD_ARGUMENT' },
    { name: 'an unknown verb', command: { verb: 'XTURN' }, code: 'COMMAND_UNKNOWN' },
    { name: 'no name of another verb', command: { verb: 'OTHER', name: 'x y' }, code: 'COMMAND_UNKNOWN' },
    { name: 'an inherited name', command: { verb: 'toString' }, code: 'COMMAND_UNKNOWN' },
    {
      name: 'a value that says that it is not known',
      command: { verb: 'XCLIENT', attributes: [{ name: 'LOGIN', value: '[unavailable]' }] },
      code: 'COMMAND_BAD_PARAMETER',
    },
    {
      name: 'a value that says that it is not known now',
      command: { verb: 'XFORWARD', attributes: [{ name: 'NAME', value: '[TEMPUNAVAIL]' }] },
      code: 'COMMAND_BAD_PARAMETER',
    },
    {
      name: 'a last word that reads as a parameter',
      command: { verb: 'VRFY', argument: 'a smtputf8' },
      code: 'COMMAND_BAD_ARGUMENT',
    },
    {
      name: 'an address with the prefix of another kind',
      command: { verb: 'XCLIENT', attributes: [{ name: 'ADDR', value: 'IPV6:192.0.2.1' }] },
      code: 'COMMAND_BAD_PARAMETER',
    },
    {
      name: 'a line over 12,288 octets',
      command: { verb: 'NOOP', argument: 'a'.repeat(12_282) },
      code: 'COMMAND_TOO_LONG',
    },
    {
      name: 'a line over 12,288 octets in fewer characters',
      command: { verb: 'NOOP', argument: 'é'.repeat(6_141) },
      code: 'COMMAND_TOO_LONG',
    },
  ])('formatCommand: refuses $name [rfc5321 4.1.1]', ({ command, code }) => {
    expect(failureOf(() => formatCommand(command as Command))).toBe(code)
  })

  test('formatCommand: OTHER takes the place of no verb that has a type', () => {
    for (const name of new Set(COMMANDS.map(({ command }) => command.verb))) {
      if (name === 'OTHER') continue
      const code = failureOf(() => formatCommand({ verb: 'OTHER', name, argument: 'a' }))
      expect({ name, code }).toEqual({ name, code: 'COMMAND_BAD_ARGUMENT' })
    }
  })

  test('formatCommand: writes the name of an attribute in capitals', () => {
    const attributes = [{ name: 'addr', value: '2001:db8::1' }]
    expect(formatCommand({ verb: 'XCLIENT', attributes })).toBe('XCLIENT ADDR=IPV6:2001:db8::1')
  })

  test('formatCommand: takes 12,288 octets with CRLF [rfc4954 4]', () => {
    expect(encodeCommand({ verb: 'NOOP', argument: 'a'.repeat(12_281) }).length).toBe(12_288)
  })

  test('formatCommand: keeps to the limit that is given, CRLF counted [rfc5321 4.5.3.1.4]', () => {
    expect(formatCommand({ verb: 'NOOP', argument: 'abcde' }, { maxLength: 12 })).toBe('NOOP abcde')
    expect(failureOf(() => formatCommand({ verb: 'NOOP', argument: 'abcdef' }, { maxLength: 12 }))).toBe(
      'COMMAND_TOO_LONG',
    )
  })
})

const MAILBOX: fc.Arbitrary<Mailbox> = fc.record({
  localPart: fc.oneof(
    fc.stringMatching(/^[ -~]{1,12}$/),
    fc.string({ unit: fc.constantFrom('a', '"', '@', 'é', '>') }),
  ),
  domain: fc.constantFrom('mx.example', '[192.0.2.1]', '[IPv6:::1]', 'bücher.example'),
})
const WORD = fc.stringMatching(/^[!-~](?:[ -~]{0,10}[!-~])?$/)
const OTHERS = fc.uniqueArray(
  fc.record(
    { keyword: fc.stringMatching(/^X[A-Z0-9-]{0,5}$/), value: fc.stringMatching(/^[!-<>-~]{1,6}$/) },
    { requiredKeys: ['keyword'] },
  ),
  { selector: ({ keyword }) => keyword, minLength: 1, maxLength: 3 },
)
const MAIL_PARAMETERS: fc.Arbitrary<MailParameters> = fc.record(
  {
    size: fc.maxSafeNat(),
    body: fc.constantFrom('7BIT', '8BITMIME', 'BINARYMIME'),
    ret: fc.constantFrom('FULL', 'HDRS'),
    by: fc.record(
      {
        seconds: fc.integer({ min: 1, max: 999_999_999 }),
        mode: fc.constantFrom('return', 'notify'),
        trace: fc.constant(true),
      },
      { requiredKeys: ['seconds', 'mode'] },
    ),
    holdFor: fc.integer({ min: 1, max: 999_999_999 }),
    mtPriority: fc.integer({ min: -9, max: 9 }),
    requireTls: fc.constant(true),
    solicit: fc.array(fc.stringMatching(/^[a-z][a-z.:_-]{0,5}$/), { minLength: 1, maxLength: 3 }),
    mtrk: fc.record(
      { certifier: fc.stringMatching(/^[A-Za-z0-9+/]{1,8}$/), timeout: fc.nat(999_999_999) },
      { requiredKeys: ['certifier'] },
    ),
    conPerm: fc.constant(true),
    prdr: fc.constant(true),
    transid: fc.stringMatching(/^<[a-z]{1,8}@[a-z]{1,8}>$/),
    submitter: MAILBOX,
    envid: fc.stringMatching(/^[ -~]{1,30}$/),
    auth: fc.option(MAILBOX),
    others: OTHERS,
    smtpUtf8: fc.constant(true),
  },
  { requiredKeys: ['smtpUtf8'] },
)
const RCPT_PARAMETERS: fc.Arbitrary<RcptParameters> = fc.record(
  {
    notify: fc.subarray(['SUCCESS', 'FAILURE', 'DELAY']),
    orcpt: fc.oneof(
      fc.record({ type: fc.constantFrom('rfc822', 'X-A'), address: fc.stringMatching(/^[ -~]{0,20}$/) }),
      fc.record({ type: fc.constant('utf-8'), address: fc.stringMatching(/^[ -~é€𝄞]{1,20}$/u) }),
    ),
    rrvs: fc.record(
      { since: fc.constant('2026-01-01T00:00:00Z'), fallback: fc.constantFrom('continue', 'refuse') },
      { requiredKeys: ['since'] },
    ),
    conNeg: fc.constant(true),
    others: OTHERS,
  },
  { requiredKeys: [] },
)
const COMMAND: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ verb: fc.constantFrom('EHLO', 'HELO'), domain: fc.constantFrom('a', 'mx.example', '[IPv6:::1]') }),
  fc.record({ verb: fc.constantFrom('STARTTLS', 'DATA', 'RSET', 'QUIT') }),
  fc.record(
    { verb: fc.constant('AUTH'), mechanism: fc.stringMatching(/^[A-Z0-9_-]{1,20}$/), initialResponse: fc.uint8Array() },
    { requiredKeys: ['verb', 'mechanism'] },
  ),
  fc.record({ verb: fc.constant('MAIL'), reversePath: fc.option(MAILBOX), parameters: MAIL_PARAMETERS }),
  fc.record({
    verb: fc.constant('RCPT'),
    forwardPath: fc.oneof(MAILBOX, fc.constant('postmaster' as const)),
    parameters: RCPT_PARAMETERS,
  }),
  fc.record({ verb: fc.constantFrom('NOOP', 'HELP'), argument: WORD }, { requiredKeys: ['verb'] }),
  fc.record({ verb: fc.constantFrom('VRFY', 'EXPN'), argument: WORD }),
) as fc.Arbitrary<Command>

test('formatCommand: parseCommand inverts it', () => {
  fc.assert(
    fc.property(COMMAND, (command) => {
      expect(parse(formatCommand(command))).toEqual(command)
    }),
    { numRuns: 3000 },
  )
})

describe('redactCommand', () => {
  const [hiding, plain] = [true, false].map((hides) =>
    COMMANDS.filter(
      ({ command }) =>
        hides === ('url' in command || ('initialResponse' in command && Boolean(command.initialResponse))),
    ),
  )

  test.each(plain!)('redactCommand: $line', ({ line, command }) => {
    expect(redactCommand(command)).toBe(line)
  })

  test.each(hiding!)('redactCommand: hides the secret of $line [rfc4954 4]', ({ line, command }) => {
    const hidden = { AUTH: line.replace(/ \S+$/, ' ***'), BURL: line.replace(/submit\S+/, '***') }
    expect(redactCommand(command)).toBe(hidden[command.verb as keyof typeof hidden])
  })

  test('redactCommand: hides an authorisation in any letter case, and nothing where there is none [rfc4467 6]', () => {
    const redact = (url: string): string => redactCommand({ verb: 'BURL', url, last: true })
    expect(redact('imap://a/b;uid=1;urlauth=anonymous:internal:91354a')).toBe('BURL imap://a/b;uid=1;URLAUTH=*** LAST')
    expect(redact('imap://a/b;uid=1')).toBe('BURL imap://a/b;uid=1 LAST')
  })
})
