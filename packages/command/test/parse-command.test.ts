import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { type Command, formatCommand, type ParseCommandOptions, parseCommand, type Tolerated } from '../src/index.ts'
import { ADA, parse, parseAny } from './commands.ts'

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
