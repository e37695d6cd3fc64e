/** One example or more of each command, with the line that it is. */

import { encodeUtf8 } from '@posthorn/core'
import { type Command, type Mailbox, type ParseCommandOptions, parseCommand } from '../src/index.ts'

export const ADA: Mailbox = { localPart: 'ada', domain: 'mx.example' }

export const parse = (line: string, options?: ParseCommandOptions): Command => parseCommand(encodeUtf8(line), options)
export const parseAny = (line: string): Command => parse(line, { keepUnknown: true })

interface Row {
  readonly line: string
  readonly spec: string
  readonly command: Command
}

export const COMMANDS: readonly Row[] = [
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
