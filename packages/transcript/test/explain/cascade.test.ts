import { describe, expect, test } from 'vitest'
import { causesOf } from '../../src/explain/cascade.ts'
import { viewOf } from '../../src/explain/view.ts'
import { parseTranscript } from '../../src/index.ts'

const COMMANDS: Readonly<Record<string, string>> = {
  MAIL: 'MAIL FROM:<a@example.com>',
  RCPT: 'RCPT TO:<b@example.net>',
  EHLO: 'EHLO client.example.com',
  HELO: 'HELO client.example.com',
  AUTH: 'AUTH PLAIN ***',
  VRFY: 'VRFY b',
  text: 'and the text of a message',
  token: 'AGFubgBzZWNyZXQx',
}

/** Says which of some exchanges follow from which: `3<1` where the fourth follows from the second. */
function followsIn(exchanges: readonly string[]): string {
  const lines = exchanges.flatMap((exchange) => {
    const [verb = '', ...reply] = exchange.split(' ')
    const said = verb === 'greeting' ? [] : verb === 'dot' ? ['C: hello', 'C: .'] : [`C: ${COMMANDS[verb] ?? verb}`]
    return [...said, `S: ${reply.join(' ')}`]
  })
  const [session] = parseTranscript(lines.join('\n')).sessions
  const view = viewOf(session!, { secrets: [], isAcceptedLater: () => false, explanations: new Map() })
  const places = view.replies.map(({ index }) => index)
  return [...causesOf(view)].map(([index, cause]) => `${places.indexOf(index)}<${places.indexOf(cause)}`).join(' ')
}

describe.each<[string, readonly (readonly [string, ...string[]])[]]>([
  [
    'MAIL [rfc5321 4.1.4]',
    [
      ['1<0 2<0', 'MAIL 550 5.7.1 No', 'RCPT 503 5.5.1 Need MAIL', 'DATA 503 5.5.1 Need RCPT'],
      ['1<0', 'MAIL 451 4.3.0 Later', 'RCPT 550 5.1.1 No'],
      ['', 'MAIL 550 5.7.1 No', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No'],
      ['', 'MAIL 550 5.7.1 No', 'RSET 250 Ok', 'RCPT 503 5.5.1 Need MAIL'],
      ['', 'MAIL 550 5.7.1 No', 'EHLO 250 Ok', 'RCPT 503 5.5.1 Need MAIL'],
      ['', 'MAIL 550 5.7.1 No', 'RCPT 250 Ok', 'DATA 451 4.3.0 Later'],
      ['', 'MAIL 250 Ok', 'RCPT 250 Ok', 'MAIL 503 5.5.1 Nested', 'RCPT 550 5.1.1 No'],
      ['', 'MAIL 550 5.7.1 No', 'VRFY 550 5.1.1 No'],
    ],
  ],
  [
    'RCPT [rfc2920 3.1]',
    [
      ['2<1', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'DATA 554 5.5.1 No valid recipients'],
      ['3<1', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'RCPT 450 4.2.0 Later', 'DATA 554 5.5.1 No valid recipients'],
      ['', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'RCPT 250 Ok', 'DATA 451 4.3.0 Later'],
      ['', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'RSET 250 Ok', 'DATA 503 5.5.1 Need MAIL'],
      ['', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'MAIL 250 Ok', 'DATA 503 5.5.1 Need RCPT'],
      ['', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'RCPT 250 Ok', 'DATA 354 Go', 'dot 250 Ok', 'DATA 503 5.5.1 Need MAIL'],
      ['', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'RCPT 550 5.1.1 No'],
    ],
  ],
  [
    'DATA',
    [
      ['1<0 2<0 3<0', 'DATA 451 4.3.0 Later', 'text 500 5.5.2 What?', 'text 502 5.5.1 What?', 'text 503 5.5.1 What?'],
      ['1<0', 'BDAT 500 5.5.1 What?', 'text 500 5.5.2 What?'],
      ['', 'DATA 451 4.3.0 Later', 'NOOP 250 Ok', 'text 500 5.5.2 What?'],
      ['', 'DATA 451 4.3.0 Later', 'VRFY 550 5.1.1 No'],
      ['', 'DATA 451 4.3.0 Later', 'EHLO 500 5.5.1 What?'],
      ['2<1', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No', 'DATA 503 5.5.1 Need RCPT', 'MAIL 550 5.7.1 No'],
    ],
  ],
  [
    'EHLO [rfc5321 4.1.4]',
    [
      ['1<0', 'EHLO 550 5.7.1 No', 'MAIL 503 5.5.1 EHLO first'],
      ['1<0 2<0', 'EHLO 501 5.5.4 No', 'MAIL 503 5.5.1 EHLO first', 'RCPT 503 5.5.1 EHLO first'],
      ['1<0', 'EHLO 550 5.7.1 No', 'AUTH 503 5.5.1 EHLO first'],
      ['', 'EHLO 550 5.7.1 No', 'HELO 250 Ok', 'MAIL 503 5.5.1 What?'],
      ['', 'EHLO 550 5.7.1 No', 'MAIL 550 5.7.1 No'],
      ['', 'EHLO 550 5.7.1 No', 'HELO 503 5.5.1 No'],
    ],
  ],
  [
    'AUTH [rfc4954 6]',
    [
      ['1<0', 'AUTH 535 5.7.8 No', 'MAIL 530 5.7.0 Authentication required'],
      ['1<0', 'AUTH 535 5.7.8 No', 'token 500 5.5.2 What?'],
      ['2<0', 'AUTH 535 5.7.8 No', 'MAIL 250 Ok', 'RCPT 554 5.7.1 Relay access denied'],
      ['2<0', 'AUTH 535 5.7.8 No', 'AUTH 504 5.5.4 No', 'MAIL 530 5.7.0 Authentication required'],
      ['2<1', 'AUTH 504 5.5.4 No', 'AUTH 535 5.7.8 No', 'MAIL 530 5.7.0 Authentication required'],
      ['', 'AUTH 535 5.7.8 No', 'AUTH 235 Ok', 'MAIL 530 5.7.0 Authentication required'],
      ['', 'AUTH 535 5.7.8 No', 'MAIL 250 Ok', 'RCPT 550 5.1.1 No'],
      ['', 'MAIL 250 Ok', 'RCPT 554 5.7.1 Relay access denied'],
    ],
  ],
  [
    'STARTTLS [rfc3207 4]',
    [
      ['1<0', 'STARTTLS 454 4.7.0 Not now', 'MAIL 530 5.7.0 Must issue a STARTTLS command first'],
      ['', 'STARTTLS 454 4.7.0 Not now', 'MAIL 550 5.7.1 No'],
      ['', 'STARTTLS 454 4.7.0 Not now', 'STARTTLS 220 Go', 'MAIL 530 5.7.0 Must issue a STARTTLS command first'],
    ],
  ],
  [
    'the connection [rfc5321 3.1, 3.8]',
    [
      ['1<0 2<0', 'greeting 554 5.7.1 No', 'EHLO 503 5.5.1 No', 'QUIT 503 5.5.1 No'],
      ['1<0', 'MAIL 421 4.3.2 Bye', 'RCPT 421 4.3.2 Bye'],
      ['', 'greeting 220 mx', 'EHLO 250 Ok', 'QUIT 500 5.5.1 What?'],
    ],
  ],
  [
    'all of them',
    [
      ['2<0', 'MAIL 550 5.7.1 No', 'NOOP 250 Ok', 'QUIT 554 5.5.0 What?'],
      ['1<0', 'VRFY 550 5.1.1 No', 'NOOP 421 4.7.0 Too many errors'],
    ],
  ],
])('causesOf: what follows from a refusal of %s', (_, cases) => {
  test.each(cases.map(([expected, ...exchanges]) => ({ expected, exchanges })))(
    '$exchanges',
    ({ expected, exchanges }) => {
      expect(followsIn(exchanges)).toBe(expected)
    },
  )
})
