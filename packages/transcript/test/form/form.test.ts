import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workOf } from '../../../../test/work.ts'
import { parseTranscript, redact, type TranscriptSession } from '../../src/index.ts'
import { formatMarkdown, formatSwaks, formatTranscript } from '../../src/write.ts'
import { LOGGERS, REPEATED_LOGIN, SECRETS, UNKNOWN_LOGGERS, write } from '../loggers.ts'
import { bare } from '../same-session.ts'
import { SAMPLES } from '../samples.ts'

const LOGS = { ...LOGGERS, ...UNKNOWN_LOGGERS }
const TEXTS: readonly (readonly [string, string])[] = [
  ...Object.entries(LOGS).map(([name, logger]) => [name, write(logger)] as const),
  ...SAMPLES.map(({ format, text }) => [`a sample of ${format}`, text] as const),
]

function only(text: string): TranscriptSession {
  const { sessions } = parseTranscript(text)
  expect(sessions).toHaveLength(1)
  return sessions[0]!
}

describe.each(TEXTS)('%s', (_, text) => {
  test('formatTranscript: what is written reads back as it was, more than once', () => {
    for (const session of parseTranscript(text).sessions) {
      const once = only(formatTranscript(session))
      expect(bare(once)).toEqual(bare(session))
      expect(formatTranscript(once)).toBe(formatTranscript(session))
    }
  })

  test('formatTranscript, formatSwaks: no secret', () => {
    const all = parseTranscript(text).sessions.flatMap((session) => [formatTranscript(session), formatSwaks(session)])
    expect(SECRETS.filter((secret) => all.join('').includes(secret))).toEqual([])
  })
})

describe.each(Object.entries(LOGGERS))('credentials of several steps in the log of %s', (_, logger) => {
  const turns = [
    ...REPEATED_LOGIN,
    ['client', 'MAIL FROM:<correcthorse@a.example>'],
    ['server', '530 5.7.0 correcthorse'],
  ] as const
  const text = write(
    logger,
    turns.map(([side, said]) => ({ side, text: said })),
  )

  test('formatTranscript, formatSwaks, formatMarkdown: no response, no challenge, and no echo [rfc4954 4]', () => {
    const { sessions } = parseTranscript(text)
    const finding = (session: TranscriptSession) => [{ severity: 'info', what: JSON.stringify(session) }]
    const written = sessions.flatMap((session) => [
      formatTranscript(session),
      formatSwaks(session),
      formatMarkdown(session, { findings: finding(session) }),
      formatMarkdown(session, { anonymize: true }),
    ])
    expect(written.join('')).not.toMatch(
      /Y29ycmVjdGhvcnNl|correcthorse|c29tZWJvZHk|somebody|VXNlcm5hbWU6|UGFzc3dvcmQ6/i,
    )
    expect(written.length).toBeGreaterThan(0)
  })
})

test('formatTranscript: any text of lines and marks reads back as it was', () => {
  const line = fc.constantFrom(
    ...['S: 220 mx.example ESMTP', 'C: EHLO a.example', 'S: 250-mx', 'S: 250 STARTTLS', 'C: STARTTLS', 'S: 220 Ready'],
    ...['-- TLS TLSv1.3 TLS_AES_256_GCM_SHA384', 'C: AUTH LOGIN', 'S: 334 VXNlcm5hbWU6', 'C: dXNlcg==', 'S: 235 ok'],
    ...[
      'C: MAIL FROM:<a@b.example>',
      'C: RCPT TO:<c@d.example>',
      'S: 250 2.1.5 ok',
      'S: 550-5.1.1 no',
      'S: 550 5.1.1 no',
    ],
    ...['C: DATA', 'S: 354 go', 'C: x', 'C: .', 'S: 421 bye', 'C: BDAT 3 LAST', 'S: 353 each', 'C: QUIT', 'S: 221 bye'],
    ...['C: LHLO a', '-- connection closed', '-- connection timed out', 'C: what', 'S: 503 5.5.1 no', '*** Error'],
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const { sessions } = parseTranscript(lines.join('\n'))
      const written = sessions.map((session, i) => formatTranscript(session, { session: `k${i}` }))
      const read = parseTranscript(written.join('')).sessions
      expect(read.map((one) => bare(one))).toEqual(sessions.map((one) => bare(one)))
    }),
    { numRuns: 500 },
  )
})

const HEADER = '{"transcript":"posthorn","version":1,"perspective":"client","protocol":"smtp","client":{},"server":{}}'
const EVENTS = [
  '{"n":0,"type":"reply","code":220,"lines":["mx.example"]}',
  '{"n":1,"type":"command","text":"QUIT"}',
  '{"n":2,"type":"reply","code":221,"enhanced":"2.0.0","lines":["bye"],"answers":1}',
]
const TEXT = [HEADER, ...EVENTS].join('\n')

describe('parseTranscript: our own form', () => {
  test('says what it is, and where each line stands', () => {
    const session = only(TEXT)
    expect(session).toMatchObject({ format: 'posthorn', perspective: 'client', confidence: 1, close: 'quit' })
    expect(session.events[2]).toMatchObject({ answers: 1, source: { line: 4, lastLine: 4 } })
    expect(session.events[1]).toMatchObject({ answeredBy: 2 })
  })

  test('unknown members and unknown events are passed over, and those events are told', () => {
    const more = [
      HEADER.replace('{', '{').replace('"protocol"', '"mood":"good","protocol"'),
      EVENTS[0],
      '{"n":9,"type":"sigh"}',
      EVENTS[1]?.replace('{', '{"mood":1,'),
      EVENTS[2],
    ]
    const { sessions, unexplained } = parseTranscript(more.join('\n'))
    expect(bare(sessions[0]!)).toEqual(bare(only(TEXT)))
    expect(unexplained.map(({ line }) => line)).toEqual([3])
    expect(sessions[0]?.confidence).toBe(0.75)
  })

  test('of a higher version as much is read as is understood, and its header is told', () => {
    const { sessions, unexplained } = parseTranscript(TEXT.replace('"version":1', '"version":2'))
    expect(bare(sessions[0]!)).toEqual(bare(only(TEXT)))
    expect(unexplained.map(({ line }) => line)).toEqual([1])
  })

  test.each([
    ['quoted', TEXT.replace(/^/gm, '> ')],
    ['with CRLF', TEXT.replaceAll('\n', '\r\n')],
    ['with a part cut off', `${TEXT}\n{"n":3,"type":"rep`],
    ['in a fence', `\`\`\`json\n${TEXT}\n\`\`\``],
  ])('%s', (_, text) => {
    expect(bare(only(text))).toEqual(bare(only(TEXT)))
  })

  test.each([
    ['no object', '[1]'],
    ['no type', '{"n":0}'],
    ['a reply without a code', '{"n":0,"type":"reply","lines":["x"]}'],
    ['a reply with a code that is none', '{"n":0,"type":"reply","code":99,"lines":[]}'],
    ['a reply without lines', '{"n":0,"type":"reply","code":250}'],
    ['a command without text', '{"n":0,"type":"command"}'],
  ])('what is malformed is told: %s', (_, line) => {
    expect(parseTranscript(`${TEXT}\n${line}`).unexplained).toMatchObject([{ line: 5 }])
  })

  test('a password that somebody wrote into it is not given, and where it stands is told [rfc4954 4]', () => {
    const line = '{"n":0,"type":"command","text":"AUTH PLAIN AHVzZXIAaHVudGVyMjI="}'
    const text = `${HEADER}\n${line}\n{"n":1,"type":"reply","code":535,"lines":["hunter22 is wrong"],"answers":0}`
    const { sessions, secrets } = parseTranscript(text)
    expect(JSON.stringify(sessions)).not.toMatch(/hunter22|AHVz/)
    expect(secrets.map(({ start, end }) => text.slice(start, end))).toEqual(['AHVzZXIAaHVudGVyMjI='])
    expect(redact(text).text).not.toMatch(/hunter22|AHVz/)
  })

  test('what an answer points to has to stand before it', () => {
    const text = `${HEADER}\n{"n":0,"type":"reply","code":250,"lines":[],"answers":1}\n{"n":1,"type":"command","text":"NOOP"}`
    expect(only(text).events[0]).not.toHaveProperty('answers')
  })

  test('any JSON gives a session that JSON can hold, and never throws', () => {
    const odd = { toString: 1, valueOf: 2 }
    const value = fc.oneof(
      fc.constantFrom(odd, [odd], { text: odd }),
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('command', 'reply', 'message', 'tls', 'note', 'close', 'AUTH PLAIN x', 250, 0, true),
    )
    const keys = fc.constantFrom(
      'n',
      'type',
      'text',
      'code',
      'lines',
      'answers',
      'octets',
      'reason',
      'kind',
      'at',
      'transcript',
      'session',
      '__proto__',
      'fromDomains',
      'version',
      'verb',
      'tls',
    )
    const object = fc.array(fc.tuple(keys, value)).map((entries) => JSON.stringify(Object.fromEntries(entries)))
    fc.assert(
      fc.property(fc.array(object, { maxLength: 8 }), (lines) => {
        const transcript = parseTranscript([HEADER, ...lines].join('\n'))
        expect(JSON.stringify(JSON.parse(JSON.stringify(transcript)))).toBe(JSON.stringify(transcript))
        for (const { events } of transcript.sessions) {
          for (const [i, event] of events.entries()) {
            expect(event.index).toBe(i)
            if (event.type === 'reply') expect(event.answers ?? -1).toBeLessThan(i)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

test.each<[string, (size: number) => string]>([
  ['events', (size) => `${HEADER}\n${`${EVENTS[1]}\n`.repeat(size / 40)}`],
  ['headers', (size) => `${HEADER}\n`.repeat(size / HEADER.length)],
  ['a long command', (size) => `${HEADER}\n{"n":0,"type":"command","text":"${'a'.repeat(size)}"}`],
  ['escapes', (size) => `${HEADER}\n{"n":0,"type":"command","text":"${'\\"'.repeat(size / 2)}"}`],
  ['replies to one command', (size) => `${HEADER}\n${EVENTS[1]}\n${`${EVENTS[2]}\n`.repeat(size / 80)}`],
  ['quote marks', (size) => `${HEADER}\n${'> '.repeat(size / 2)}`],
])('the work of parseTranscript is linear in our own form: %s', (_, textOf) => {
  const [small, large] = [20_000, 40_000].map((size) => workOf(() => parseTranscript(textOf(size))))
  expect(large! / small!).toBeLessThan(2.5)
})
