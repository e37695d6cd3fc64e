import fc from 'fast-check'
import { expect, test } from 'vitest'
import { workOf } from '../../../test/work.ts'
import { parseTranscript, type SourceRange, type Transcript, type TranscriptSession } from '../src/index.ts'
import { describeEvents } from './describe-session.ts'
import { FRAMED_SAMPLES } from './framed-samples.ts'
import { EVENTS, LOGGERS, write } from './loggers.ts'
import { ARROWS, WORDS } from './made-up-marks.ts'
import { SAMPLES } from './samples.ts'

const TEXTS = [
  ...Object.values(LOGGERS).map((logger) => write(logger)),
  ...[...SAMPLES, ...FRAMED_SAMPLES].map(({ text }) => text),
]

function rangesOf({ sessions, unexplained, secrets }: Transcript): SourceRange[] {
  const sources = sessions.flatMap(({ events }) => events.flatMap(({ source }) => (source ? [source] : [])))
  return [...sources, ...unexplained, ...secrets]
}

function isWithin({ line, lastLine, start, end }: SourceRange, text: string, lines: number): boolean {
  return start >= 0 && end >= start && end <= text.length && line >= 1 && lastLine >= line && lastLine <= lines
}

function isTied({ events, confidence }: TranscriptSession): boolean {
  const areTied = events.every((event, i) => {
    if (event.type === 'reply' && event.answers !== undefined && event.answers >= i) return false
    if ('answeredBy' in event && event.answeredBy !== undefined && events[event.answeredBy]?.type !== 'reply')
      return false
    return event.index === i
  })
  return areTied && confidence >= 0 && confidence <= 1
}

function expectSound(text: string): void {
  const transcript = parseTranscript(text)
  const lines = text.split('\n').length
  expect(rangesOf(transcript).filter((range) => !isWithin(range, text, lines))).toEqual([])
  expect(transcript.sessions.filter((session) => !isTied(session))).toEqual([])
  expect(JSON.stringify(JSON.parse(JSON.stringify(transcript)))).toBe(JSON.stringify(transcript))
}

const PIECES = [
  ...[
    'C: ',
    'S: ',
    '<- ',
    ' -> ',
    '> ',
    '250',
    '334 ',
    '354 ',
    '421 ',
    '-',
    ' ',
    '\n',
    '\r\n',
    '.\n',
    'AUTH PLAIN ',
    'dXNlcg==',
    'DATA\n',
  ],
  ...[
    "'",
    '"',
    "b'",
    '\\x41',
    '\\',
    '[',
    ']',
    '(',
    '&lt;',
    '<br>',
    '{"msg":"',
    '"}',
    '\x1b[1m',
    '\0',
    'é',
    '\u{1f600}',
    '\ud800',
    '\uFEFF',
  ],
  ...[
    '03:04:05 ',
    'RCPT TO:<',
    'BDAT 3 LAST\n',
    'password=',
    'Final-Recipient: ',
    '"SMTPD"\t',
    'Flags [P.], seq',
    ',',
    '\t',
    '```\n',
  ],
]

test('parseTranscript: any text gives ranges that lie in it', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 80 }).map((pieces) => pieces.join(''))
  fc.assert(fc.property(text, expectSound), { numRuns: 300 })
})

test('parseTranscript: logs with lines lost, doubled, cut and mixed give ranges that lie in them', () => {
  const piece = fc.tuple(fc.constantFrom(...TEXTS), fc.nat(30), fc.nat(30), fc.nat(100))
  const mixed = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) =>
    pieces.flatMap(([text, from, count, cut]) =>
      text
        .split('\n')
        .slice(from, from + count)
        .map((line) => (cut < 20 ? line.slice(cut) : line)),
    ),
  )
  fc.assert(
    fc.property(mixed, (lines) => expectSound(lines.join('\n'))),
    { numRuns: 200 },
  )
})

const [SMALL, LARGE] = [20_000, 40_000]

test.each<[string, (size: number) => string]>([
  [
    'a log',
    (size) =>
      write(LOGGERS['swaks']!)
        .concat('\n')
        .repeat(size / 700),
  ],
  ['replies that go on', (size) => 'S: 250-a\n'.repeat(size / 9)],
  ['replies to nothing', (size) => 'S: 221 a\n'.repeat(size / 9)],
  ['commands without replies', (size) => 'C: NOOP\n'.repeat(size / 8) + 'S: 354 a\n'.repeat(50)],
  ['messages', (size) => 'C: DATA\nS: 354 a\nC: x\nC: .\nS: 250 ok\n'.repeat(size / 40)],
  ['messages without end', (size) => 'C: DATA\nS: 354 a\nC: x\n'.repeat(size / 22)],
  ['a long line', (size) => `C: MAIL FROM:<${'a'.repeat(size)}>`],
  ['a line of colons', (size) => 'a:'.repeat(size / 2)],
  ['a line of brackets', (size) => '[('.repeat(size / 2)],
  ['a line of quotes', (size) => `'"`.repeat(size / 2)],
  ['a line of escapes', (size) => `C: b'${'\\x41'.repeat(size / 4)}'`],
  ['a line of braces', (size) => `{${'"a":'.repeat(size / 4)}}`],
  ['JSON lines', (size) => '{"msg":"C: NOOP"}\n'.repeat(size / 18)],
  ['HTML', (size) => 'C: NOOP&lt;<br>'.repeat(size / 15)],
  ['open tags', (size) => `&lt;${'<p '.repeat(size / 3)}`],
  ['escape sequences', (size) => '\x1b[1;'.repeat(size / 4)],
  ['quote marks', (size) => '> '.repeat(size / 2)],
  ['notes', (size) => '=== Connected to 192.0.2.1\n'.repeat(size / 27)],
  ['sessions', (size) => 'S: 220 a\nC: QUIT\nS: 221 b\n'.repeat(size / 26)],
  ['keys', (size) => Array.from({ length: size / 40 }, (_, i) => `[id${i}] S: 220 a\n[id${i}] C: QUIT`).join('\n')],
  ['credentials', (size) => 'C: AUTH PLAIN AGFhYWEAYmJiYmI=\nS: 535 no\n'.repeat(size / 40)],
  ['passwords', (size) => 'password=x'.repeat(size / 10)],
  [
    'deliveries',
    (size) =>
      'Jan  2 03:04:05 mx postfix/smtp[99]: 4ABCDE: to=<b@example.net>, relay=a[192.0.2.1]:25, status=sent (250 ok)\n'.repeat(
        size / 110,
      ),
  ],
  ['columns', (size) => `"SMTPD"\t1\t2\t"t"\t"ip"\t"SENT: 250 ${'[nl]'.repeat(size / 4)}"`],
  ['a report', (size) => `Final-Recipient: rfc822; a@example.net\n${' x\n'.repeat(size / 3)}`],
  ['wrapped lines', (size) => `S: 250 ${'words '.repeat(10)}that\nare wrapped\n`.repeat(size / 90)],
  [
    'one long wrapped line',
    (size) => `S: 250 ${'words '.repeat(11)}\n`.concat(`${'more '.repeat(14)}and\n`.repeat(size / 74)),
  ],
  [
    'rows',
    (size) =>
      '=> Send header, 9 bytes\n'.concat('0000: 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50\n'.repeat(size / 54)),
  ],
  ['rows without end', (size) => '<= Recv header, 9 bytes\n'.concat('0000: '.repeat(size / 6))],
  ['blocks', (size) => 'request:\nNOOP\nresponse:\n250 ok\n'.repeat(size / 31)],
  [
    'an encoded report',
    (size) =>
      `Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n${'QUFB\n'.repeat(size / 5)}`,
  ],
  [
    'a quoted report',
    (size) =>
      `Content-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable\n\n${'=41=\n'.repeat(size / 5)}`,
  ],
  [
    'refusals',
    (size) => 'postfix/smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 550 no; to=<b>\n'.repeat(size / 74),
  ],
  ['replies of which the first line alone is marked', (size) => `C <-- S: 250 a\n${'KEYWORD\n'.repeat(size / 8)}`],
  ['sentences', (size) => 'The response from the remote server was:\n\n'.repeat(size / 43)],
  ['packets', (size) => `IP a > b: Flags [P.], seq\n${'A'.repeat(size)}`],
])('the work of parseTranscript is linear: %s', (_, textOf) => {
  const [small, large] = [SMALL, LARGE].map((size) => workOf(() => parseTranscript(textOf(size))))
  expect(large! / small!).toBeLessThan(2.5)
})

test('parseTranscript: under marks that no tool has, 95 of 100 dialogues are read in full', () => {
  const arrow = fc.constantFrom(...ARROWS)
  const word = fc.constantFrom(...WORDS, '')
  const stamp = fc.constantFrom(
    '',
    '03:04:05 ',
    '2026-01-02T03:04:05Z ',
    '[17] ',
    'Jan  2 03:04:05 mx app[99]: ',
    'INFO ',
  )
  const mark = fc.tuple(stamp, word, arrow).map((parts) => `${parts.join('')} `)
  let right = 0
  let all = 0
  fc.assert(
    fc.property(mark, mark, (client, server) => {
      fc.pre(client !== server)
      all++
      const { sessions } = parseTranscript(write(({ side, text }) => (side === 'client' ? client : server) + text))
      if (sessions.length === 1 && describeEvents(sessions[0]!) === EVENTS) right++
    }),
    { numRuns: 300 },
  )
  expect(right / all).toBeGreaterThan(0.95)
})
