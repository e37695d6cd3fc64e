import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { type Command, encodeCommand, formatCommand, redactCommand, redactCommandLine } from '../src/index.ts'
import { COMMANDS } from './commands.ts'

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

describe('redactCommandLine', () => {
  test.each([
    ['AUTH PLAIN AGFubgBzZWNyZXQx', 'AUTH PLAIN ***'],
    ['auth login', 'auth login'],
    ['AUTH', 'AUTH'],
    ['AUTHENTIC secret', '***'],
    [
      'BURL imap://a@b/c;URLAUTH=submit+a:internal:91354a473744909de610943775f92038 LAST',
      'BURL imap://a@b/c;URLAUTH=*** LAST',
    ],
    ['MAIL FROM:<a@b.example>', 'MAIL FROM:<a@b.example>'],
    ['c2VjcmV0MQ==', '***'],
    ['', '***'],
  ])('redactCommandLine: %s [rfc4954 4]', (line, shown) => {
    expect(redactCommandLine(line)).toBe(shown)
  })
})
