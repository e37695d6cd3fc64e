import { encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeReply,
  type Reply,
  type ReplyAnomaly,
  type ReplyEvent,
  ReplyParser,
  type ReplyParserOptions,
} from '../src/index.ts'

const SIZES = [1, 3, Number.POSITIVE_INFINITY]
const EVERY_ANOMALY: readonly ReplyAnomaly[] = [
  'bare-lf',
  'blank-line',
  'code-mismatch',
  'control',
  'eight-bit',
  'extra-cr',
  'missing-code',
  'missing-separator',
  'missing-text',
  'unknown-class',
  'unknown-code',
]

type Found = Reply | { readonly error: string }

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const reply = (code: number, ...lines: string[]): Reply => ({ code, lines })
const failure = (error: string): Found => ({ error })

function found(event: ReplyEvent): Found {
  return event.type === 'reply' ? event.reply : { error: event.error.code }
}

function pull(parser: ReplyParser): Found[] {
  const all: Found[] = []
  for (let event = parser.next(); event; event = parser.next()) all.push(found(event))
  return all
}

function drive(parser: ReplyParser, chunks: Iterable<Uint8Array>): Found[] {
  const all: Found[] = []
  for (const chunk of chunks) {
    parser.push(chunk)
    all.push(...pull(parser))
  }
  return all
}

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

interface Vector {
  readonly name: string
  readonly spec: string
  readonly input: string
  readonly expected: readonly Found[]
  readonly options: ReplyParserOptions
}

function vector(
  name: string,
  spec: string,
  input: string,
  expected: Found | readonly Found[],
  options: ReplyParserOptions = {},
): Vector {
  return { name, spec, input, expected: [expected].flat() as Found[], options }
}

const tolerate = (...anomalies: ReplyAnomaly[]): ReplyParserOptions => ({ tolerate: anomalies })
const STATUS = { class: 5, subject: 1, detail: 1 } as const
const noUser = (...lines: string[]): Reply => ({ code: 550, lines, enhanced: STATUS })
const odd = (anomalies: ReplyAnomaly[], code: number, ...lines: string[]): Reply => ({ code, lines, anomalies })
const ok = reply(250, 'ok')

const ACCEPTED: readonly Vector[] = [
  vector('one line', 'rfc5321 4.2', '220 mx.example\r\n', reply(220, 'mx.example')),
  vector('a code alone', 'rfc5321 4.2', '250\r\n', reply(250, '')),
  vector('a code and a space', 'rfc5321 4.2', '250 \r\n', reply(250, '')),
  vector('two lines', 'rfc5321 4.2.1', '220-a\r\n220 b\r\n', reply(220, 'a', 'b')),
  vector('lines without text', 'rfc5321 4.2.1', '250-\r\n250\r\n', reply(250, '', '')),
  vector('a last line without text', 'rfc5321 4.2.1', '250-a\r\n250 \r\n', reply(250, 'a', '')),
  vector('two replies at once', 'rfc2920 3.1', '250 ok\r\n354 go\r\n', [ok, reply(354, 'go')]),
  vector('the lowest and the highest code', 'rfc5321 4.2', '200 a\r\n559 b\r\n', [reply(200, 'a'), reply(559, 'b')]),
  vector('blanks and TABs kept', 'rfc5321 4.2', '250  a\tb \r\n', reply(250, ' a\tb ')),
  vector('a hyphen in the text', 'rfc5321 4.2', '250 -a\r\n', reply(250, '-a')),
  vector('a part of a reply', 'rfc5321 4.2', '250-a\r\n250 b', []),
  vector('a status code', 'rfc2034 4', '550 5.1.1 No\r\n', noUser('No')),
  vector('a status code on each line', 'rfc2034 4', '550-5.1.1 No\r\n550 5.1.1 Bye\r\n', noUser('No', 'Bye')),
  vector('a status code on the first line alone', 'rfc2034 4', '550-5.1.1 No\r\n550 Bye\r\n', noUser('No', 'Bye')),
  vector(
    'another status code on the second line',
    'rfc2034 4',
    '550-5.1.1 a\r\n550 5.7.1 b\r\n',
    noUser('a', '5.7.1 b'),
  ),
  vector('a status code that begins another', 'rfc2034 4', '550-5.1.1 a\r\n550 5.1.10 b\r\n', noUser('a', '5.1.10 b')),
  vector('a status code on the second line alone', 'rfc2034 4', '550-a\r\n550 5.1.1 b\r\n', reply(550, 'a', '5.1.1 b')),
  vector('a status code without text', 'rfc2034 4', '550 5.1.1\r\n', noUser('')),
  vector('a status code and two spaces', 'rfc2034 4', '550 5.1.1  No\r\n', noUser(' No')),
  vector('a status code of another class', 'rfc2034 4', '550 4.1.1 No\r\n', reply(550, '4.1.1 No')),
  vector('a status code of class 2 in a 3xx reply', 'rfc2034 4', '354 2.0.0 Go\r\n', reply(354, '2.0.0 Go')),
  vector('a status code of three digits each', 'rfc3463 2', '450 4.123.999 x\r\n', {
    ...reply(450, 'x'),
    enhanced: { class: 4, subject: 123, detail: 999 },
  }),
  vector('a status code of four digits', 'rfc3463 2', '550 5.1.1000 x\r\n', reply(550, '5.1.1000 x')),
  vector('a status code with a leading zero', 'rfc3463 2', '550 5.01.1 x\r\n', reply(550, '5.01.1 x')),
  vector('a status code inside the text', 'rfc2034 4', '550 see 5.1.1 x\r\n', reply(550, 'see 5.1.1 x')),
  vector('a version that looks like a status code', 'rfc2034 4', '220 2.1.0-beta\r\n', reply(220, '2.1.0-beta')),
]

const REFUSED: readonly Vector[] = [
  vector('codes that differ', 'rfc5321 4.2.1', '250-a\r\n550 b\r\n', failure('REPLY_CODE_MISMATCH')),
  vector(
    'codes that differ in a later line',
    'rfc5321 4.2.1',
    '250-a\r\n250-b\r\n251-c\r\n',
    failure('REPLY_CODE_MISMATCH'),
  ),
  vector('code 000', 'rfc5321 4.2', '000 a\r\n', failure('REPLY_BAD_CODE')),
  vector('code 600', 'rfc5321 4.2', '600 a\r\n', failure('REPLY_BAD_CODE')),
  vector('code 199, of a class that is not used', 'rfc5321 4.2.1', '199 a\r\n', failure('REPLY_BAD_CODE')),
  vector('code 150, of a class that is not used', 'rfc5321 4.2.1', '150 a\r\n', failure('REPLY_BAD_CODE')),
  vector('a second digit over 5', 'rfc5321 4.2', '260 a\r\n', failure('REPLY_BAD_CODE')),
  vector('letters for digits', 'rfc5321 4.2', '2a0 a\r\n', failure('REPLY_BAD_CODE')),
  vector('what follows the digits in US-ASCII', 'rfc5321 4.2', '25: a\r\n', failure('REPLY_BAD_CODE')),
  vector('what precedes the digits in US-ASCII', 'rfc5321 4.2', '25/ a\r\n', failure('REPLY_BAD_CODE')),
  vector('four digits', 'rfc5321 4.2', '2500 a\r\n', failure('REPLY_BAD_LINE')),
  vector('four digits and a space', 'rfc5321 4.2', '2500 \r\n', failure('REPLY_BAD_LINE')),
  vector('a TAB behind the code', 'rfc5321 4.2', '250\ta\r\n', failure('REPLY_BAD_LINE')),
  vector('two digits', 'rfc5321 4.2', '25\r\n', failure('REPLY_BAD_LINE')),
  vector('an empty line', 'rfc5321 4.2', '\r\n', failure('REPLY_BAD_LINE')),
  vector('a line of another protocol', 'rfc5321 4.2', 'HTTP/1.1 400 Bad Request\r\n', failure('REPLY_BAD_LINE')),
  vector('an empty line inside a reply', 'rfc5321 4.2.1', '250-a\r\n\r\n', failure('REPLY_BAD_LINE')),
  vector('a NUL', 'rfc5321 4.2', '250 a\0b\r\n', failure('REPLY_BAD_TEXT')),
  vector('a NUL for a space', 'rfc5321 4.2', '250\0a\r\n', failure('REPLY_BAD_LINE')),
  vector('a bare CR', 'rfc5321 2.3.8', '250 a\rb\r\n', failure('REPLY_BAD_TEXT')),
  vector('two CRs', 'rfc5321 2.3.8', '250 a\r\r\n', failure('REPLY_BAD_TEXT')),
  vector('an escape', 'rfc5321 4.2', '250 \u001b[2J\r\n', failure('REPLY_BAD_TEXT')),
  vector('a DEL', 'rfc5321 4.2', '250 \u007f\r\n', failure('REPLY_BAD_TEXT')),
  vector('a bare LF', 'rfc5321 2.3.8', '250 a\n', failure('REPLY_BARE_LF')),
  vector('a bare LF inside a reply', 'rfc5321 2.3.8', '250-a\n250 b\r\n', failure('REPLY_BARE_LF')),
  vector('the lowest octet that is not US-ASCII', 'rfc5321 4.2', '250 \u0080\r\n', failure('REPLY_EIGHT_BIT')),
  vector('8-bit text', 'rfc5321 4.2', '250 \u00c3\u00a9\r\n', failure('REPLY_EIGHT_BIT')),
]

const TOLERATED: readonly Vector[] = [
  vector(
    'bare LFs',
    'rfc5321 2.3.8',
    '250-a\n250 b\r\n250 c\r\n',
    [odd(['bare-lf'], 250, 'a', 'b'), reply(250, 'c')],
    tolerate('bare-lf'),
  ),
  vector('UTF-8', 'rfc6531 3.7.4.2', '250 \u00c3\u00a9\r\n', odd(['eight-bit'], 250, 'é'), tolerate('eight-bit')),
  vector(
    'UTF-8 of four octets',
    'rfc6531 3.7.4.2',
    '250 \u00f0\u009f\u0098\u0080\r\n',
    odd(['eight-bit'], 250, '😀'),
    tolerate('eight-bit'),
  ),
  vector('Latin-1', 'rfc5321 4.2', '250 \u00e9\r\n', odd(['eight-bit'], 250, '\ufffd'), tolerate('eight-bit')),
  vector(
    'controls of C1 and a line separator',
    'rfc5321 4.2',
    '250 a\u00c2\u009bb\u00e2\u0080\u00a8c\r\n',
    odd(['eight-bit'], 250, 'a\ufffdb\ufffdc'),
    tolerate('eight-bit'),
  ),
  vector(
    'a NUL in 8-bit text',
    'rfc5321 4.2',
    '250 \u00c3\u00a9\0\r\n',
    failure('REPLY_BAD_TEXT'),
    tolerate('eight-bit'),
  ),
  vector(
    'a second digit over 5',
    'rfc5321 4.2',
    '298 a\r\n',
    odd(['unknown-code'], 298, 'a'),
    tolerate('unknown-code'),
  ),
  vector(
    'a second digit that is none',
    'rfc5321 4.2',
    '2:0 a\r\n',
    failure('REPLY_BAD_CODE'),
    tolerate('unknown-code'),
  ),
  vector('another that is none', 'rfc5321 4.2', '2/0 a\r\n', failure('REPLY_BAD_CODE'), tolerate('unknown-code')),
  vector('a first digit under 2', 'rfc5321 4.2', '150 a\r\n', failure('REPLY_BAD_CODE'), tolerate('unknown-code')),
  vector('a first digit over 5', 'rfc5321 4.2', '600 a\r\n', failure('REPLY_BAD_CODE'), tolerate('unknown-code')),
  vector(
    'two anomalies, each told once',
    'rfc5321 4.2',
    '298-a\n298 b\n',
    odd(['bare-lf', 'unknown-code'], 298, 'a', 'b'),
    { tolerate: EVERY_ANOMALY },
  ),
  vector('one anomaly and not another', 'rfc5321 4.2', '298 a\n', failure('REPLY_BARE_LF'), tolerate('unknown-code')),
  vector('nothing, where there is nothing to take', 'rfc5321 4.2', '250 ok\r\n', ok, { tolerate: EVERY_ANOMALY }),
]

const LONG_LINE = `250-${'a'.repeat(4090)}\r\n`
const LONG_TEXTS = [...Array<string>(15).fill('a'.repeat(4090)), 'b'.repeat(4084)]

// Fifteen lines of 4,096 octets, one that fills up, and one of six.
function longReply(length: number): string {
  return `${LONG_LINE.repeat(15)}250-${'b'.repeat(length - 15 * 4096 - 12)}\r\n250 \r\n`
}

const LIMITED: readonly Vector[] = [
  vector('a line as long as it may be', 'rfc5321 4.5.3.1.5', '250 1234\r\n', reply(250, '1234'), { maxLineLength: 10 }),
  vector('a line one octet too long', 'rfc5321 4.5.3.1.5', '250 12345\r\n', failure('REPLY_LINE_TOO_LONG'), {
    maxLineLength: 10,
  }),
  vector('a line without end', 'rfc5321 4.5.3.1.5', `250 ${'a'.repeat(9000)}`, failure('REPLY_LINE_TOO_LONG')),
  vector(
    'a line of 4,096 octets, the default limit',
    'rfc5321 4.5.3.1.5',
    `250 ${'a'.repeat(4090)}\r\n`,
    reply(250, 'a'.repeat(4090)),
  ),
  vector('a line of 4,097 octets', 'rfc5321 4.5.3.1.5', `250 ${'a'.repeat(4091)}\r\n`, failure('REPLY_LINE_TOO_LONG')),
  vector('as many lines as there may be', 'rfc5321 4.2.1', '250-a\r\n250 b\r\n', reply(250, 'a', 'b'), { maxLines: 2 }),
  vector('one line too many', 'rfc5321 4.2.1', '250-a\r\n250-b\r\n250 c\r\n', failure('REPLY_TOO_MANY_LINES'), {
    maxLines: 2,
  }),
  vector(
    '128 lines, the default limit',
    'rfc5321 4.2.1',
    `${'250-a\r\n'.repeat(127)}250 a\r\n`,
    reply(250, ...Array<string>(128).fill('a')),
  ),
  vector('129 lines', 'rfc5321 4.2.1', `${'250-a\r\n'.repeat(128)}250 a\r\n`, failure('REPLY_TOO_MANY_LINES')),
  vector('lines without end', 'rfc5321 4.2.1', '250-a\r\n'.repeat(500), failure('REPLY_TOO_MANY_LINES')),
  vector('as many octets as there may be', 'rfc5321 4.2.1', '250-a\r\n250 b\r\n', reply(250, 'a', 'b'), {
    maxReplyLength: 14,
  }),
  vector('one octet too many', 'rfc5321 4.2.1', '250-a\r\n250 bc\r\n', failure('REPLY_TOO_LONG'), {
    maxReplyLength: 14,
  }),
  vector('65,536 octets, the default limit', 'rfc5321 4.2.1', longReply(65_536), reply(250, ...LONG_TEXTS, '')),
  vector('65,537 octets', 'rfc5321 4.2.1', longReply(65_537), failure('REPLY_TOO_LONG')),
  vector('octets without end', 'rfc5321 4.2.1', LONG_LINE.repeat(100), failure('REPLY_TOO_LONG')),
  vector(
    'each reply on its own, not all of them together',
    'rfc5321 4.2.1',
    '250-a\r\n250 b\r\n'.repeat(3),
    Array<Reply>(3).fill(reply(250, 'a', 'b')),
    { maxLines: 2, maxReplyLength: 14 },
  ),
]

describe.each(SIZES)('ReplyParser fed %s octet(s) at a time', (size) => {
  const check = ({ input, expected, options }: Vector): void => {
    expect(drive(new ReplyParser(options), chunksOf(octets(input), size))).toEqual(expected)
  }
  test.each(ACCEPTED)('ReplyParser: takes $name [$spec]', check)
  test.each(REFUSED)('ReplyParser: refuses $name [$spec]', check)
  test.each(TOLERATED)('ReplyParser: tolerates $name [$spec]', check)
  test.each(LIMITED)('ReplyParser: limits: $name [$spec]', check)

  test.each(REFUSED)('ReplyParser: after $name nothing more comes [$spec]', ({ input, expected }) => {
    expect(drive(new ReplyParser(), chunksOf(octets(`${input}250 ok\r\n`), size))).toEqual(expected)
  })

  test.each(REFUSED)('ReplyParser: before $name all is given out [$spec]', ({ input, expected }) => {
    expect(drive(new ReplyParser(), chunksOf(octets(`250 ok\r\n${input}`), size))).toEqual([ok, ...expected])
  })
})

test('ReplyParser: an EHLO reply keeps its capabilities wherever it is split [rfc5321 4.1.1.1]', () => {
  const lines = ['mx.example greets you', 'PIPELINING', 'SIZE 36700160', 'AUTH PLAIN SCRAM-SHA-256', '8BITMIME', 'DSN']
  const bytes = encodeReply(reply(250, ...lines))
  for (let first = 0; first <= bytes.length; first++) {
    for (const second of [first, Math.min(first + 2, bytes.length)]) {
      const chunks = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
      expect(drive(new ReplyParser(), chunks)).toEqual([reply(250, ...lines)])
    }
  }
})

const LINE_TEXT = fc.stringMatching(/^[\t -~]{0,40}$/)
const ANY_REPLY: fc.Arbitrary<Reply> = fc
  .record({
    code: fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 0, max: 59 })).map(([a, b]) => a * 100 + b),
    lines: fc.array(LINE_TEXT, { minLength: 1, maxLength: 6 }),
    status: fc.option(fc.tuple(fc.nat(999), fc.nat(999)), { nil: undefined }),
  })
  .map(({ code, lines, status }): Reply => {
    const first = Math.floor(code / 100)
    if (!status || first === 3) return { code, lines }
    return { code, lines, enhanced: { class: first as 2 | 4 | 5, subject: status[0], detail: status[1] } }
  })
  .filter(({ lines, enhanced }) => enhanced !== undefined || !/^[245]\.\d/.test(lines[0]!))

test('ReplyParser: gives back what encodeReply writes, in any chunks', () => {
  fc.assert(
    fc.property(fc.array(ANY_REPLY, { maxLength: 4 }), fc.integer({ min: 1, max: 20 }), (replies, size) => {
      const wire = replies.flatMap((one) => [...encodeReply(one)])
      expect(drive(new ReplyParser(), chunksOf(Uint8Array.from(wire), size))).toEqual(replies)
    }),
    { numRuns: 500 },
  )
})

test('ReplyParser: what it takes, encodeReply writes again', () => {
  const piece = fc.constantFrom(
    '250',
    '-',
    ' ',
    '550',
    '5.1.1',
    '\r\n',
    '\n',
    'a',
    '\u00c3\u00a9',
    '\u00c2\u0085',
    '\t',
    '\r',
    '\0',
    '650 ',
    '298',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20, size: 'max' }), (pieces) => {
      const parser = new ReplyParser({ tolerate: EVERY_ANOMALY })
      for (const one of drive(parser, [octets(pieces.join(''))])) {
        // What was taken with a code that is none cannot be sent.
        if ('error' in one || one.code < 200 || one.code > 599) continue
        const { anomalies: _, ...meant } = one
        const again = drive(new ReplyParser(tolerate('eight-bit', 'unknown-code')), [encodeReply(meant)])
        expect(again).toMatchObject([meant])
      }
    }),
    { numRuns: 3000 },
  )
})

test('ReplyParser: any octets in any chunks give the same events, and throw nothing', () => {
  const octet = fc.oneof(fc.constantFrom(...encodeUtf8('250- \r\n5.1')), fc.integer({ min: 0, max: 255 }))
  fc.assert(
    fc.property(
      fc.array(octet, { maxLength: 80, size: 'max' }),
      fc.subarray([...EVERY_ANOMALY]),
      (values, tolerate) => {
        const bytes = Uint8Array.from(values)
        const whole = drive(new ReplyParser({ tolerate }), [bytes])
        for (const size of [1, 2, 3, 7])
          expect(drive(new ReplyParser({ tolerate }), chunksOf(bytes, size))).toEqual(whole)
        expect(whole.filter((one) => 'error' in one).length).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: 1000 },
  )
})

describe('ReplyParser.pending', () => {
  test('ReplyParser: pending tells whether anything waits', () => {
    const parser = new ReplyParser()
    expect(parser.pending).toBe(false)
    parser.push(octets('2'))
    expect(parser.pending).toBe(true)
    parser.push(octets('50-a\r\n'))
    expect(pull(parser)).toEqual([])
    expect(parser.pending).toBe(true)
    parser.push(octets('250 b\r\n250 c\r\n'))
    expect(found(parser.next()!)).toEqual(reply(250, 'a', 'b'))
    expect(parser.pending).toBe(true)
    expect(found(parser.next()!)).toEqual(reply(250, 'c'))
    expect(parser.pending).toBe(false)
  })
})

test('ReplyParser: the error names the rule and shows the line, its controls escaped', () => {
  const parser = new ReplyParser()
  parser.push(octets('2500 \u0007ok\r\n'))
  expect(parser.next()).toMatchObject({
    type: 'error',
    error: { name: 'MailError', spec: 'rfc5321#section-4.2', message: 'Cannot read reply line "2500 \\x07ok"' },
  })
})

describe.each([1, 3, Number.POSITIVE_INFINITY])('tolerances, fed %s octet(s) at a time', (size) => {
  interface Row {
    readonly anomaly: ReplyAnomaly
    readonly spec: string
    readonly input: string
    readonly reply: Reply
    readonly code: string
  }

  test.each<Row>([
    {
      anomaly: 'code-mismatch',
      spec: 'rfc5321 4.2.1',
      input: '250-done\r\n550 or not\r\n',
      reply: { code: 550, lines: ['done', 'or not'] },
      code: 'REPLY_CODE_MISMATCH',
    },
    {
      anomaly: 'unknown-class',
      spec: 'rfc5321 4.2.1',
      input: '650 hm\r\n',
      reply: { code: 650, lines: ['hm'] },
      code: 'REPLY_BAD_CODE',
    },
    {
      anomaly: 'unknown-class',
      spec: 'rfc5321 4.2.1',
      input: '150 wait\r\n',
      reply: { code: 150, lines: ['wait'] },
      code: 'REPLY_BAD_CODE',
    },
    {
      anomaly: 'control',
      spec: 'rfc5321 4.2',
      input: '250 a\0b\u001b[2J\rc\r\n',
      reply: { code: 250, lines: ['a\ufffdb\ufffd[2J\ufffdc'] },
      code: 'REPLY_BAD_TEXT',
    },
  ])('ReplyParser: $anomaly in $input is told where it is tolerated, and refused elsewhere [$spec]', (row) => {
    const told = { ...row.reply, anomalies: [row.anomaly] }
    expect(readAll(row.input, size, { tolerate: [row.anomaly] })).toEqual([{ type: 'reply', reply: told }])
    expect(readAll(row.input, size, { tolerate: 'all' })).toEqual([{ type: 'reply', reply: told }])
    expect(readAll(row.input, size)).toMatchObject([{ type: 'error', error: { code: row.code } }])
  })

  test.each<Row>([
    {
      anomaly: 'blank-line',
      spec: 'rfc5321 4.2',
      input: '\r\n\r\n220 mx\r\n',
      reply: { code: 220, lines: ['mx'] },
      code: 'REPLY_BAD_LINE',
    },
    {
      anomaly: 'blank-line',
      spec: 'rfc5321 4.2.1',
      input: '250-a\r\n\r\n250 b\r\n',
      reply: { code: 250, lines: ['a', 'b'] },
      code: 'REPLY_BAD_LINE',
    },
    {
      anomaly: 'extra-cr',
      spec: 'rfc5321 2.3.8',
      input: '250-2.1.0 a\r\r\n250 2.1.0 b\r\r\r\n',
      reply: { code: 250, lines: ['a', 'b'], enhanced: { class: 2, subject: 1, detail: 0 } },
      code: 'REPLY_BAD_TEXT',
    },
    {
      anomaly: 'missing-separator',
      spec: 'rfc5321 4.2',
      input: '250ok\r\n',
      reply: { code: 250, lines: ['ok'] },
      code: 'REPLY_BAD_LINE',
    },
    {
      anomaly: 'missing-separator',
      spec: 'rfc5321 4.2',
      input: '550-5.1.1 No\r\n550\tBye\r\n',
      reply: { code: 550, lines: ['No', '\tBye'], enhanced: STATUS },
      code: 'REPLY_BAD_LINE',
    },
    {
      anomaly: 'missing-code',
      spec: 'rfc5321 4.2.1',
      input: '220-mx\r\nwelcome\r\n22 -\r\n2200 more\r\n220 ready\r\n',
      reply: { code: 220, lines: ['mx', 'welcome', '22 -', '2200 more', 'ready'] },
      code: 'REPLY_BAD_LINE',
    },
    {
      anomaly: 'code-mismatch',
      spec: 'rfc2034 4',
      input: '250-2.1.0 a\r\n550-5.1.1 b\r\n550 5.1.1 c\r\n',
      reply: { code: 550, lines: ['2.1.0 a', 'b', 'c'], enhanced: STATUS },
      code: 'REPLY_CODE_MISMATCH',
    },
    {
      anomaly: 'code-mismatch',
      spec: 'rfc2034 4',
      input: '550-5.1.1\r\n250 b\r\n',
      reply: { code: 250, lines: ['5.1.1', 'b'] },
      code: 'REPLY_CODE_MISMATCH',
    },
  ])('ReplyParser: $anomaly in $input is told too where it is tolerated, and refused elsewhere [$spec]', (row) => {
    const told = { ...row.reply, anomalies: [row.anomaly] }
    expect(readAll(row.input, size, { tolerate: [row.anomaly] })).toEqual([{ type: 'reply', reply: told }])
    expect(readAll(row.input, size, { tolerate: 'all' })).toEqual([{ type: 'reply', reply: told }])
    expect(readAll(row.input, size)).toMatchObject([{ type: 'error', error: { code: row.code } }])
    const others = EVERY_ANOMALY.filter((one) => one !== row.anomaly && one !== 'control')
    expect(readAll(row.input, size, { tolerate: others })).toMatchObject([{ type: 'error' }])
  })

  test.each(['2500 ok\r\n', 'welcome\r\n', '25\r\n', ' 250 ok\r\n', '2x0 b\r\n'])(
    'ReplyParser: nothing makes a reply of %j [rfc5321 4.2]',
    (input) => {
      expect(readAll(input, size, { tolerate: 'all' })).toMatchObject([{ type: 'error' }])
    },
  )

  test('ReplyParser: blank lines without end are too long [rfc5321 4.2.1]', () => {
    const parser = new ReplyParser({ tolerate: 'all', maxReplyLength: 10 })
    expect(drive(parser, chunksOf(octets('\r\n'.repeat(6)), size))).toEqual([failure('REPLY_TOO_LONG')])
  })

  test('ReplyParser: a blank line that no reply has told of waits', () => {
    const parser = new ReplyParser({ tolerate: 'all' })
    expect(drive(parser, chunksOf(octets('250 a\r\n\r\n'), size))).toEqual([reply(250, 'a')])
    expect(parser.pending).toBe(true)
    expect(drive(parser, chunksOf(octets('250 b\r\n'), size))).toEqual([odd(['blank-line'], 250, 'b')])
    expect(parser.pending).toBe(false)
  })

  test.each(['250\r\n', '250 \r\n'])(
    'ReplyParser: %j is well-formed, and told where that is asked for [rfc5321 4.2]',
    (input) => {
      const reply = { code: 250, lines: [''] }
      expect(readAll(input, size)).toEqual([{ type: 'reply', reply }])
      expect(readAll(input, size, { tolerate: 'all' })).toEqual([
        { type: 'reply', reply: { ...reply, anomalies: ['missing-text'] } },
      ])
    },
  )

  test('ReplyParser: each deviation is told once', () => {
    expect(readAll('250-a\n251-\xe9\n650\n', size, { tolerate: 'all' })).toMatchObject([
      {
        type: 'reply',
        reply: { code: 650, anomalies: ['bare-lf', 'code-mismatch', 'eight-bit', 'unknown-class', 'missing-text'] },
      },
    ])
  })
})

function readAll(text: string, size: number, options?: ReplyParserOptions): ReplyEvent[] {
  const parser = new ReplyParser(options)
  const events: ReplyEvent[] = []
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) {
    parser.push(bytes.subarray(at, at + size))
    for (let event = parser.next(); event; event = parser.next()) events.push(event)
  }
  return events
}

test('ReplyParser: mutated replies give events and nothing else, the same however they are split', () => {
  const line = fc.constantFrom(
    ...['220 mx.example ESMTP\r\n', '250-mx.example\r\n250-SIZE 1000\r\n250 DSN\r\n', '250 2.1.0 Ok\r\n', '354 Go\r\n'],
    ...['550-5.1.1 No such\r\n550 5.1.1 user\r\n', '421 4.7.0 Later\r\n', '250\r\n', '334 AAAA\r\n', '250 2.0\r\n'],
  )
  const mutation = fc.record({
    at: fc.nat(200),
    drop: fc.nat(4),
    insert: fc.constantFrom(
      '',
      '\r',
      '\n',
      '\0',
      '-',
      ' ',
      '2',
      '9',
      '.',
      '\xff',
      '\xc3\xa9',
      '\x85',
      '5.1.1',
      '250-',
      '\r\n',
    ),
  })
  const input = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 5 }), fc.array(mutation, { maxLength: 4 }))
    .map(([lines, mutations]) =>
      mutations.reduce(
        (text, { at, drop, insert }) => text.slice(0, at) + insert + text.slice(at + drop),
        lines.join(''),
      ),
    )
  fc.assert(
    fc.property(
      input,
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom<ReplyParserOptions>({}, { tolerate: ['eight-bit', 'unknown-code'] }, { tolerate: 'all' }),
      (text, size, options) => {
        const whole = readAll(text, text.length || 1, options)
        const comparable = (events: ReplyEvent[]): unknown[] =>
          events.map((event) => (event.type === 'reply' ? event : [event.error.code, event.error.message]))
        expect(comparable(readAll(text, size, options))).toEqual(comparable(whole))
        for (const event of whole.slice(0, -1)) expect(event.type).toBe('reply')
      },
    ),
    { numRuns: 4000 },
  )
})
