import fc from 'fast-check'
import { expect, test } from 'vitest'
import { workOf } from '../../../../test/work.ts'
import { causesOf } from '../../src/explain/cascade.ts'
import { CHECKS } from '../../src/explain/checks.ts'
import { explainRefusals } from '../../src/explain/refusals.ts'
import { settle } from '../../src/explain/settle.ts'
import { refusalsIn, viewOf } from '../../src/explain/view.ts'
import { wordFindings } from '../../src/explain/wording.ts'
import { explainTranscript, type Finding } from '../../src/explain.ts'
import { parseTranscript, type TranscriptSession } from '../../src/index.ts'
import { LOGGERS, write } from '../loggers.ts'
import { SAMPLES } from '../samples.ts'
import { FIXTURES } from './fixtures.ts'

const TEXTS = [
  ...Object.values(LOGGERS).map((logger) => write(logger)),
  ...SAMPLES.map(({ text }) => text),
  ...Object.values(FIXTURES).flatMap(({ shows, not }) => [...shows, ...not]),
]

function isSound({ evidence, what, remedy, documents }: Finding, { events }: TranscriptSession): boolean {
  const isInOrder = evidence.every((index, i) => index in events && index > (evidence[i - 1] ?? -1))
  return isInOrder && what !== '' && !/[{}]|undefined/.test(what + remedy.join()) && documents.every(isDocument)
}

function isDocument(document: string): boolean {
  return /^rfc\d+(?:#section-[\d.]+)?$/.test(document) || URL.canParse(document)
}

async function expectSound(text: string): Promise<void> {
  const transcript = parseTranscript(text)
  const all = await explainTranscript(transcript)
  expect(all.length).toBe(transcript.sessions.length)
  for (const [i, findings] of all.entries()) {
    expect(findings.filter((finding) => !isSound(finding, transcript.sessions[i]!))).toEqual([])
    const ids: string[] = findings.map(({ id }) => id).filter((id) => id !== 'consequence')
    expect(new Set(ids).size).toBe(ids.length)
    expect(
      findings.every(
        ({ consequenceOf, id }) => !consequenceOf || (ids.includes(consequenceOf) && id !== consequenceOf),
      ),
    ).toBe(true)
  }
  expect(JSON.parse(JSON.stringify(all))).toEqual(all)
}

test('explainTranscript: logs with lines lost, doubled, cut and mixed give findings that point to their events', async () => {
  const piece = fc.tuple(fc.constantFrom(...TEXTS), fc.nat(30), fc.nat(30), fc.nat(100))
  const mixed = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) =>
    pieces.flatMap(([text, from, count, cut]) =>
      text
        .split('\n')
        .slice(from, from + count)
        .map((line) => (cut < 20 ? line.slice(cut) : line)),
    ),
  )
  await fc.assert(
    fc.asyncProperty(mixed, (lines) => expectSound(lines.join('\n'))),
    { numRuns: 300 },
  )
})

const LINES = [
  ...[
    'S: 220 mx ESMTP',
    'C: EHLO localhost',
    'C: HELO a',
    'S: 250-mx\nS: 250-STARTTLS\nS: 250 SIZE 10',
    'S: 250 Ok',
    'C: STARTTLS',
  ],
  ...['S: 220 Go', 'C: AUTH PLAIN AGFubgBzZWNyZXQx', 'S: 235 Ok', 'S: 334 x', 'C: c2VjcmV0MQ==', 'S: 535 5.7.8 No'],
  ...[
    'C: MAIL FROM:<a@b.example> SIZE=99 BODY=8BITMIME',
    'C: RCPT TO:<c@d.example>',
    'C: DATA',
    'C: BDAT 3 LAST',
    'S: 354 Go',
  ],
  ...[
    'C: hello',
    'C: .',
    'S: 550 5.1.1 No',
    'S: 450 4.2.0 Greylisted',
    'S: 503 5.5.1 No',
    'S: 421 4.3.2 Bye',
    'S: 530 TLS first',
  ],
  ...[
    'C: RSET',
    'C: QUIT',
    'S: 221 Bye',
    '-- connection closed by server',
    '-- timed out',
    '-- TLS handshake failed',
    'S: 550 4.4.7 x',
  ],
]

test('explainTranscript: any dialogue gives findings that point to its events', async () => {
  const dialogue = fc.array(fc.constantFrom(...LINES), { maxLength: 60 }).map((lines) => lines.join('\n'))
  await fc.assert(fc.asyncProperty(dialogue, expectSound), { numRuns: 300 })
})

test('explainTranscript: nothing personal comes out', async () => {
  const planted = 'Xanthippe'
  const log = [
    `S: 220 mx.example.net ${planted}`,
    `C: EHLO ${planted}`,
    'S: 250-mx.example.net',
    'S: 250-STARTTLS',
    `S: 250 SIZE 100 ${planted}`,
    `C: AUTH LOGIN ${planted}`,
    `S: 535 5.7.8 ${planted}`,
    `C: MAIL FROM:<${planted}@example.com> SIZE=500 ${planted}=1`,
    `S: 552 5.3.4 ${planted} too big`,
    'C: MAIL FROM:<>',
    'S: 250 Ok',
    `C: RCPT TO:<${planted}@example.net> NOTIFY=NEVER`,
    `S: 550-5.1.1 <${planted}@example.net>: said: 550 5.1.1 ${planted}`,
    `S: 550 5.1.1 ${planted} blocked using bl.example.org`,
    `C: ${planted}`,
    `S: 500 ${planted}`,
    `-- connection closed by ${planted}`,
  ].join('\n')
  const all = await explainTranscript(parseTranscript(log))
  expect(all.flat().length).toBeGreaterThan(5)
  expect(JSON.stringify(all).toLowerCase()).not.toContain(planted.toLowerCase())
})

// How often an event is looked at, and how many characters
function workFor(text: string): number {
  let looks = 0
  const { sessions } = parseTranscript(text)
  const counted = sessions.map((session) => {
    const events = new Proxy(session.events, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks++
        return Reflect.get(target, key, target)
      },
    })
    return { ...session, events }
  })
  const characters = workOf(() => {
    for (const session of counted) {
      const view = viewOf(session, { secrets: [], isAcceptedLater: () => false, explanations: new Map() })
      const causes = causesOf(view)
      const { found, explainedBy } = settle(
        CHECKS.flatMap((check) => check(view) ?? []),
        causes,
      )
      const open = refusalsIn(view).filter(({ index }) => !causes.has(index))
      wordFindings({ found, refusals: explainRefusals(view, open), causes, explainedBy })
    }
  })
  return looks + characters
}

test.each<[string, (size: number) => string]>([
  [
    'recipients',
    (size) =>
      `C: MAIL FROM:<a@b.example>\nS: 250 ok\n${'C: RCPT TO:<c@d.example>\nS: 550 5.1.1 User unknown\n'.repeat(size)}`,
  ],
  ['refusals that all differ', (size) => Array.from({ length: size }, (_, i) => `C: NOOP\nS: 550 word${i}`).join('\n')],
  ['greetings', (size) => 'C: EHLO a\nS: 250-b\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 no\n'.repeat(size)],
  ['logins', (size) => 'C: AUTH PLAIN AGFubgBzZWNyZXQx\nS: 535 5.7.8 No\n'.repeat(size)],
  [
    'messages',
    (size) =>
      'C: MAIL FROM:<a@b.example>\nC: RCPT TO:<c@d.example>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC: .x\nC: .\nS: 250 ok\n'.repeat(
        size,
      ),
  ],
  ['commands without replies', (size) => 'C: RCPT TO:<c@d.example>\n'.repeat(size)],
  ['notes', (size) => `C: NOOP\n${'-- connection closed by server\n-- timed out\n'.repeat(size)}`],
  ['sessions', (size) => 'S: 220 a\nC: QUIT\nS: 221 b\n'.repeat(size)],
])('the work of explainTranscript is linear: %s', (_, textOf) => {
  const [small, large] = [400, 800].map((size) => workFor(textOf(size)))
  expect(large! / small!).toBeLessThan(2.5)
})
