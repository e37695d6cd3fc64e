import { encodeLatin1 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  compose,
  MessageParser,
  multipart,
  type ParsedMessage,
  type ParseOptions,
  parseMessage,
  part,
  readContentType,
  readDisposition,
  readMessage,
  readText,
} from '../src/index.ts'

// Messages that stop, or blow up, parsers that are not careful. Each is so long that work which grows with the square of it
// would not end, and each is read to its end within limits, which are told where something was left out.

const mixed = (body: string): string => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${body}`
const nested = (depth: number): string =>
  Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join(
    '',
  )

/** Looks at all that a message has. */
function readAll(message: ParsedMessage): void {
  void [message.subject, message.date, message.messageId, message.text, message.html, message.attachments]
  for (const name of ['from', 'to', 'cc']) message.header.addresses(name)
  message.header.ids('references')
}

interface Hostile {
  readonly name: string
  readonly text: () => string
  /** What is told. */
  readonly code?: string
  /** What is read. */
  readonly reads?: (message: ParsedMessage) => unknown
  readonly expected?: unknown
}

const OF_STRUCTURE: readonly Hostile[] = [
  { name: '5,000 nested multiparts', text: () => nested(5000), code: 'too-deep' },
  {
    name: '5,000 nested multiparts that end',
    text: () => nested(5000) + Array.from({ length: 5000 }, (_, at) => `\r\n--b${4999 - at}--\r\n`).join(''),
    code: 'too-deep',
  },
  {
    name: '2,000 nested messages',
    text: () => 'Content-Type: message/rfc822\r\n\r\n'.repeat(2000),
    code: 'too-deep',
    reads: ({ attachments }) => attachments.length,
    expected: 1,
  },
  {
    name: '100,000 empty parts',
    text: () => mixed('--b\r\n\r\n'.repeat(100_000)),
    code: 'too-many-parts',
    reads: ({ root }) => root.parts.length,
    expected: 1000,
  },
  {
    name: '100,000 delimiters of multiparts within each other',
    text: () => `${nested(90)}\r\n${Array.from({ length: 100_000 }, (_, at) => `--b${at % 90}\r\n`).join('')}`,
    code: 'missing-close-delimiter',
  },
  {
    name: '200,000 close delimiters',
    text: () => mixed(`--b\r\n\r\nx\r\n${'--b--\r\n'.repeat(200_000)}`),
    code: 'epilogue-content',
    reads: ({ text }) => text,
    expected: 'x',
  },
  {
    name: '500,000 lines that begin like a delimiter',
    text: () => mixed('--c\n'.repeat(500_000)),
    code: 'missing-delimiter',
    reads: ({ text }) => text?.length,
    expected: 2_000_000,
  },
  {
    name: '100,000 lines that begin with a long boundary',
    text: () =>
      `Content-Type: multipart/mixed; boundary=${'b'.repeat(70)}\r\n\r\n${`--${'b'.repeat(70)}c\n`.repeat(100_000)}`,
    code: 'missing-delimiter',
  },
  { name: '2 MB of dashes', text: () => mixed('-'.repeat(2_000_000)), code: 'missing-delimiter' },
  { name: '1 MB of lines of a dash', text: () => mixed('-\n'.repeat(500_000)), code: 'missing-delimiter' },
  {
    name: '2 MB of blanks behind a delimiter',
    text: () => mixed(`--b${' '.repeat(2_000_000)}`),
    code: 'long-delimiter',
  },
  {
    name: 'a boundary of 300,000 blanks before its end',
    text: () => `Content-Type: multipart/mixed; boundary="a${' '.repeat(300_000)}b"\r\n\r\nx`,
    code: 'bad-boundary',
  },
  {
    name: 'a boundary of 100 KB',
    text: () => `Content-Type: multipart/mixed; boundary=${'b'.repeat(100_000)}\r\n\r\n--${'b'.repeat(100_000)}`,
    code: 'missing-delimiter',
  },
  { name: '500,000 lines without a colon', text: () => `${'a\n'.repeat(500_000)}\nx`, code: 'no-field' },
  { name: '100,000 fields', text: () => `${'A: b\r\n'.repeat(100_000)}\r\nx`, code: 'too-many-fields' },
  { name: '200,000 lines that are no field', text: () => `${'a\r\n'.repeat(200_000)}\r\nx`, code: 'defect-limit' },
  { name: '100,000 fields of one name', text: () => `${'To: b\r\n'.repeat(100_000)}\r\nx`, code: 'too-many-fields' },
  {
    name: '1,000 parts of 100 fields, each told of',
    text: () => mixed(`--b\r\n${'A : b\r\n'.repeat(100)}\r\n`.repeat(1000)),
    code: 'defect-limit',
  },
  {
    name: '1 MB of folds',
    text: () => `Subject: a${'\r\n '.repeat(300_000)}b\r\n\r\nx`,
    reads: ({ text }) => text,
    expected: 'x',
  },
  { name: '1 MB of CR', text: () => `A: b\r\n${'\r'.repeat(1_000_000)}\n\r\nx`, code: undefined },
  { name: '1 MB of CR in a body', text: () => mixed(`--b\r\n\r\n${'\r'.repeat(1_000_000)}\n--b--`), code: undefined },
  {
    name: 'one line of 20 MB',
    text: () => `A: b\r\n\r\n${'x'.repeat(20_000_000)}`,
    reads: ({ text }) => text?.length,
    expected: 20_000_000,
  },
]

const header = (name: string, value: string) => (): string => `${name}: ${value}\r\n\r\nx`

const OF_VALUES: readonly Hostile[] = [
  { name: 'a subject of 5 MB', text: header('Subject', 'x'.repeat(5_000_000)), code: 'header-too-long' },
  {
    name: 'a subject of 1 MB',
    text: header('Subject', 'x'.repeat(1_000_000)),
    reads: ({ subject }) => subject?.length,
    expected: 1_000_000,
  },
  {
    name: '60,000 encoded words',
    text: header('Subject', '=?utf-8?Q?a?= '.repeat(60_000)),
    reads: ({ subject }) => subject?.length,
    expected: 60_000,
  },
  { name: '300,000 beginnings of a word', text: header('Subject', '=?'.repeat(300_000)) },
  {
    name: '30,000 addresses, of which 10,000 are read',
    text: header('To', 'J <j@x.example>, '.repeat(30_000)),
    reads: ({ header: { addresses } }) => typeof addresses,
    expected: 'function',
  },
  {
    name: '30,000 addresses',
    text: header('To', 'J <j@x.example>, '.repeat(30_000)),
    reads: (message) => message.header.addresses('to').length,
    expected: 10_000,
  },
  {
    name: '500,000 names of groups',
    text: header('To', 'a:'.repeat(500_000)),
    reads: (message) => message.header.addresses('to'),
    expected: [{ type: 'group', name: 'a', members: [] }],
  },
  ...[',', '(', '"', '<', ':', '@', '[', '\\', '()', '(a', '<a@b'].map((piece) => ({
    name: `1 MB of ${JSON.stringify(piece)} in To`,
    text: header('To', piece.repeat(1_000_000 / piece.length)),
    reads: (message: ParsedMessage) => message.header.addresses('to').length <= 10_000,
    expected: true,
  })),
  { name: '200,000 parameters', text: header('Content-Type', `a/b${';x=1'.repeat(200_000)}`), code: 'parameter-limit' },
  { name: '200,000 semicolons', text: header('Content-Type', `a/b${';'.repeat(200_000)}`), code: 'empty-parameter' },
  {
    name: '50,000 sections of a name',
    text: header(
      'Content-Disposition',
      `attachment${Array.from({ length: 50_000 }, (_, at) => `;filename*${at}=a`).join('')}`,
    ),
    code: 'section-limit',
    reads: ({ attachments }) => attachments[0]?.filename,
    expected: 'a'.repeat(100),
  },
  {
    name: 'sections of huge numbers',
    text: header(
      'Content-Disposition',
      `attachment; filename*0=a; filename*${'9'.repeat(400)}=b; filename*2147483648=c; filename*-1=d; filename*1e9=e`,
    ),
    reads: ({ attachments }) => attachments[0]?.filename,
    expected: 'a',
    code: 'bad-parameter-name',
  },
  { name: '1 MB of comments within each other', text: header('Content-Type', `a/b; c=${'('.repeat(1_000_000)}`) },
  { name: 'the same in a date', text: header('Date', '('.repeat(1_000_000)), reads: ({ date }) => date },
  {
    name: 'the same in an encoding',
    text: header('Content-Transfer-Encoding', '('.repeat(1_000_000)),
    code: 'bad-encoding',
  },
  {
    name: '200,000 identifiers, of which 1,000 are read',
    text: header('References', '<a@b>'.repeat(200_000)),
    reads: (message) => message.header.ids('references').length,
    expected: 1000,
  },
]

const flowed = (body: string) => (): string => `Content-Type: text/plain; format=flowed\r\n\r\n${body}`
const encoded = (encoding: string, body: string) => (): string =>
  `Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`
const length = ({ text }: ParsedMessage) => text?.length

const OF_CONTENT: readonly Hostile[] = [
  { name: '200,000 lines that flow', text: flowed('abc \r\n'.repeat(200_000)), reads: length, expected: 800_001 },
  { name: '200,000 lines that are quoted', text: flowed('> a \r\n'.repeat(200_000)), reads: length, expected: 400_003 },
  { name: '1 MB of quotes', text: flowed('>'.repeat(1_000_000)), reads: length, expected: 1_000_002 },
  { name: '200,000 depths of quotes', text: flowed('> a \r\n>> b \r\n'.repeat(100_000)) },
  { name: '1 MB of equals signs', text: encoded('quoted-printable', '='.repeat(1_000_000)) },
  {
    name: '1 MB of blanks, which is no padding',
    text: encoded('quoted-printable', `${' '.repeat(1_000_000)}\r\nx`),
    reads: length,
    expected: 1_000_002,
  },
  {
    name: '300,000 soft line breaks',
    text: encoded('quoted-printable', '=\r\n'.repeat(300_000)),
    reads: length,
    expected: 0,
  },
  { name: '1 MB of padding', text: encoded('base64', '='.repeat(1_000_000)), reads: length, expected: 0 },
  {
    name: '250,000 groups, each padded',
    text: encoded('base64', 'YQ=='.repeat(250_000)),
    reads: length,
    expected: 250_000,
  },
  { name: '1 MB that is no Base64', text: encoded('base64', '*'.repeat(1_000_000)), reads: length, expected: 0 },
  {
    name: '300,000 shifts of ISO-2022-JP',
    text: () => `Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${'\x1b$B\x1b(B'.repeat(150_000)}`,
  },
  {
    name: '1 MB of octets that are no UTF-8',
    text: () => `Content-Type: text/plain; charset=utf-8\r\n\r\n${'\xff'.repeat(1_000_000)}`,
    reads: length,
    expected: 1_000_000,
  },
]

describe.each([
  ['parts', OF_STRUCTURE],
  ['values', OF_VALUES],
  ['content', OF_CONTENT],
] as const)('parseMessage: hostile %s', (_, inputs) => {
  test.each(inputs)('$name', ({ text, code, reads, expected }) => {
    const message = parseMessage(encodeLatin1(text()))
    readAll(message)
    if (code !== undefined) expect(message.defects.map((one) => one.code)).toContain(code)
    expect(message.defects.length).toBeLessThanOrEqual(1001)
    if (reads) expect(reads(message)).toEqual(expected)
  })
})

// What no header of the limit can hold.
describe('readers: a million of each', () => {
  test('readContentType: 1,000,000 parameters, of which 200 are read', () => {
    const { parameters, defects } = readContentType(`a/b${';x=1'.repeat(1_000_000)}`)
    expect([parameters.length, defects.some(({ code }) => code === 'parameter-limit')]).toEqual([1, true])
    const many = Array.from({ length: 300_000 }, (_, at) => `;x${at}=1`).join('')
    expect(readContentType(`a/b${many}`).parameters.length).toBe(200)
  })

  test('readText: 1,000,000 encoded words, of which 100,000 are decoded', () => {
    const { text, defects } = readText('=?utf-8?Q?a?= '.repeat(1_000_000))
    expect([text.slice(0, 100_000), defects.at(-1)?.code]).toEqual(['a'.repeat(100_000), 'word-limit'])
  })

  test('readDisposition: 200,000 sections of one name, of which 100 are read', () => {
    const sections = Array.from({ length: 200_000 }, (_, at) => `;filename*${at}*=${at === 0 ? "utf-8''" : ''}%61`)
    const { filename, defects } = readDisposition(`attachment${sections.join('')}`)
    expect([filename, defects.some(({ code }) => code === 'section-limit')]).toEqual(['a'.repeat(100), true])
  })
})

describe('parseMessage: limits that are set high', () => {
  const read = (text: string, options: ParseOptions): ParsedMessage => {
    const message = parseMessage(encodeLatin1(text), options)
    readAll(message)
    return message
  }

  test('150,000 parts', () => {
    const { root, text } = read(mixed('--b\r\n\r\n'.repeat(150_000)), { maxParts: 1e6 })
    expect([root.parts.length, text?.length]).toEqual([150_000, 149_999])
  })

  test('2,000 entities within each other', () => {
    const { attachments } = read(`${nested(2000)}\r\nx`, { maxDepth: 1e6 })
    expect(attachments).toEqual([])
  })

  test('300,000 fields', () => {
    expect(
      read(`${'A: b\r\n'.repeat(300_000)}\r\nx`, { maxFields: 1e6, maxHeaderLength: 1e7 }).root.fields.length,
    ).toBe(300_000)
  })
})

describe('MessageParser: hostile pieces', () => {
  test.each([
    ['a header of 500,000 octets', `Subject: ${'x'.repeat(500_000)}\r\n\r\nx`],
    ['a line of 500,000 octets', mixed(`--b\r\n\r\n${'x'.repeat(500_000)}`)],
    ['500,000 dashes', mixed('-'.repeat(500_000))],
    ['100,000 delimiters', mixed('--b\r\n\r\n'.repeat(100_000))],
    ['Base64', encoded('base64', 'YWJj'.repeat(100_000))()],
  ])('%s, one octet at a time', (_name, text) => {
    const octets = encodeLatin1(text)
    const parser = new MessageParser()
    let [events, content] = [0, 0]
    const drain = (): void => {
      for (let event = parser.nextEvent(); event; event = parser.nextEvent()) {
        events++
        if (event.type === 'content') content += event.bytes.length
      }
    }
    for (let at = 0; at < octets.length; at++) {
      parser.push(octets.subarray(at, at + 1))
      drain()
    }
    parser.end()
    drain()
    expect(events).toBeLessThan(octets.length + 10)
    expect(content).toBeLessThan(octets.length)
  })

  test.each([1000, 40_000, 65_536, 65_537, 100_000])(
    'lines that end late are read alike, %i octets at a time',
    (size) => {
      for (const late of [65_534, 65_535, 65_536, 70_000]) {
        const octets = encodeLatin1(`A: ${'b\r'.repeat(late).slice(0, late - 3)}\nSubject: c\n\nx`)
        const parser = new MessageParser()
        for (let start = 0; start < octets.length; start += size) parser.push(octets.slice(start, start + size))
        parser.end()
        const { root, defects } = parseMessage(octets)
        expect([late, parser.root?.fields.length, parser.defects.map(({ code }) => code)]).toEqual([
          late,
          root.fields.length,
          defects.map(({ code }) => code),
        ])
      }
    },
  )

  test('readMessage: a header that comes in 100,000 pieces and never ends', async () => {
    async function* drops(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 100_000; at++) yield Uint8Array.of(120)
    }
    let length = 0
    for await (const { content } of readMessage(drops())) for await (const chunk of content) length += chunk.length
    expect(length).toBe(0)
  })
})

describe('compose: what is long', () => {
  const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
  const input = { from: 'ada@example.org', to: 'b@example.net' }
  const NAME = 'é'.repeat(800_000)

  test('a file name of 800,000 characters', () => {
    const message = compose({ ...input, attachments: [{ filename: NAME, content: '' }] }, context)
    expect(message.size).toBeGreaterThan(4_800_000)
  })

  test('a subject of 800,000 characters is read back', () => {
    const bytes = compose({ ...input, subject: NAME, text: '' }, context).bytes()
    expect(parseMessage(bytes, { maxHeaderLength: 1e8 }).header.value('subject')?.length).toBeGreaterThan(2_000_000)
  })

  test('100,000 recipients', () => {
    const to = Array.from({ length: 100_000 }, (_, at) => `a${at}@example.net`)
    expect(compose({ ...input, to, text: '' }, context).envelope.forwardPaths.length).toBe(100_000)
  })

  test('100,000 fields, and 10,000 files', () => {
    const headers = Array.from({ length: 100_000 }, () => ({ name: 'X-A', value: 'a' }))
    const attachments = Array.from({ length: 10_000 }, () => ({ content: 'a' }))
    const { bytes } = compose({ ...input, headers, attachments }, context)
    const { root } = parseMessage(bytes(), { maxFields: 1e6, maxHeaderLength: 1e7, maxParts: 1e5 })
    expect([root.fields.length > 100_000, root.parts.length]).toEqual([true, 10_000])
  })

  test('a part within 99 others is taken apart, and one within more is refused', () => {
    let body = part({ content: 'x' })
    for (let depth = 0; depth < 99; depth++) body = multipart('mixed', [body])
    expect(parseMessage(compose({ ...input, body }, context).bytes()).defects).toEqual([])
    expect(failureOf(() => multipart('mixed', [body]))).toBe('MIME_BAD_CONTENT')
  })

  test('a text of 10,000,000 characters that have no line', () => {
    expect(compose({ ...input, text: 'é'.repeat(10_000_000) }, context).size).toBeGreaterThan(20_000_000)
  })
})
