import { concatBytes, decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MessageParser } from '../src/parse/message-parser.ts'
import { parseMessage } from '../src/parse/parse-message.ts'
import type { MimePart } from '../src/parse/part.ts'
import { readMessage } from '../src/parse/read-message.ts'

const codes = (text: string): string[] =>
  parseMessage(encodeLatin1(text)).defects.map(({ code, part }) => `${code} ${part}`)

/** A multipart of a type, by its parts. */
function multipart(type: string, ...parts: string[]): string {
  const head = `Content-Type: multipart/${type}; boundary=${type}\r\n\r\n`
  return `${head}${parts.map((part) => `--${type}\r\n${part}\r\n`).join('')}--${type}--\r\n`
}

const PLAIN = 'Content-Type: text/plain; charset=utf-8\r\n\r\nplain'
const HTML = 'Content-Type: text/html\r\n\r\n<p>rich</p>'
const IMAGE = 'Content-Type: image/png\r\nContent-ID: <logo@a>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw=='
const FILE = 'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="a b.pdf"\r\n\r\n%PDF'

describe('parseMessage: the flat view', () => {
  test.each([
    { name: 'text alone', text: 'Subject: a\r\n\r\nhi\r\n', expected: ['hi\n', undefined] },
    { name: 'HTML alone', text: HTML, expected: [undefined, '<p>rich</p>'] },
    { name: 'both', text: multipart('alternative', PLAIN, HTML), expected: ['plain', '<p>rich</p>'] },
    {
      name: 'a file beside the text',
      text: multipart('mixed', PLAIN, FILE),
      expected: ['plain', undefined, 'attachment application/pdf a b.pdf'],
    },
    {
      name: 'an image that the HTML shows [rfc2387]',
      text: multipart('alternative', PLAIN, multipart('related', HTML, IMAGE)),
      expected: ['plain', '<p>rich</p>', 'related image/png '],
    },
    {
      name: 'a root that stands behind what it shows [rfc2387 3.2]',
      text: multipart('related; start="<root@a>"', IMAGE, `Content-ID: <root@a>\r\n${HTML}`).replaceAll(
        /(boundary=|--)related; start="<root@a>"/g,
        '$1related',
      ),
      expected: [undefined, '<p>rich</p>', 'related image/png '],
    },
    {
      name: 'a calendar beside its texts',
      text: multipart('alternative', PLAIN, HTML, 'Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR'),
      expected: ['plain', '<p>rich</p>', 'alternative text/calendar '],
    },
    {
      name: 'texts one after the other',
      text: multipart('mixed', PLAIN, 'Content-Type: text/plain\r\n\r\nmore'),
      expected: ['plain\nmore', undefined],
    },
    {
      name: 'a text that is attached',
      text: multipart('mixed', PLAIN, 'Content-Disposition: attachment; filename=a.txt\r\n\r\nnot me'),
      expected: ['plain', undefined, 'attachment text/plain a.txt'],
    },
    {
      name: 'a message within',
      text: multipart('mixed', PLAIN, 'Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner text'),
      expected: ['plain', undefined, 'attachment message/rfc822 '],
    },
    {
      name: 'a multipart whose boundary never comes: nothing is lost',
      text: 'Content-Type: multipart/mixed; boundary=x\r\n\r\n--y\r\n\r\nall there is\r\n',
      expected: ['--y\n\nall there is\n', undefined],
    },
  ])('$name', ({ text, expected: [plain, html, ...attached] }) => {
    const message = parseMessage(text)
    expect([message.text, message.html]).toEqual([plain, html])
    expect(message.attachments.map((one) => `${one.role} ${one.mediaType} ${one.filename ?? ''}`)).toEqual(attached)
  })

  test('header fields as what they are', () => {
    const message = parseMessage(
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDate: Wed, 25 Nov 2026 20:00:00 +0100\r\nMessage-ID: <a@b.example>\r\n' +
        'From: Zoë <zoe@example.org>\r\nTo: a@b.example, Friends: c@d.example;\r\n\r\n',
    )
    expect([message.subject, message.date?.toISOString(), message.messageId]).toEqual([
      'Grüße',
      '2026-11-25T19:00:00.000Z',
      '<a@b.example>',
    ])
    expect(message.header.addresses('from')).toMatchObject([{ name: 'Zoë', address: 'zoe@example.org' }])
    expect(message.header.addresses('TO').map(({ type }) => type)).toEqual(['mailbox', 'group'])
    expect(message.header.addresses('cc')).toEqual([])
  })

  test('octets are kept: of an entity, of its body, and of its content', () => {
    const message = parseMessage(multipart('mixed', PLAIN, IMAGE))
    const image = message.find('1.2')!
    expect(decodeUtf8(message.octetsOf(image))).toBe(IMAGE)
    expect(decodeUtf8(message.bodyOf(image))).toBe('iVBORw==')
    expect(message.contentOf(image).bytes).toEqual(Uint8Array.of(0x89, 0x50, 0x4e, 0x47))
    expect(message.find('1.3')).toBeUndefined()
    expect(message.find('2')).toBeUndefined()
  })

  test.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ])('lines that end by %s', (_, end) => {
    const text = multipart('mixed', `Content-Transfer-Encoding: quoted-printable\r\n\r\na=\r\nb\r\nc`, IMAGE)
    const message = parseMessage(text.replaceAll('\r\n', end))
    expect(message.text).toBe('ab\nc')
    expect(message.contentOf(message.find('1.2')!).bytes.length).toBe(4)
    expect(message.defects.map(({ code }) => code)).toEqual(end === '\r' ? ['cr-line-ends'] : [])
    expect(decodeUtf8(message.octetsOf(message.root))).toBe(text.replaceAll('\r\n', end))
  })

  test('a binary part with bare line ends comes octet for octet', () => {
    const content = 'a\nb\rc\r\n\n\r\r\n\0é'
    const text = multipart('mixed', `Content-Transfer-Encoding: binary\r\n\r\n${content}`)
    const message = parseMessage(encodeLatin1(text))
    expect(decodeLatin1(message.contentOf(message.find('1.1')!).bytes)).toBe(content)
  })
})

describe('parseMessage: what is doubtful', () => {
  test.each([
    {
      name: 'a line without colon is left out',
      text: 'A: b\r\nno field\r\nSubject: c\r\n\r\nx',
      expected: ['no-field 1'],
    },
    { name: 'a mailbox line', text: 'From a@b Wed Nov 25\r\nSubject: c\r\n\r\nx', expected: ['mbox-line 1'] },
    { name: 'a blank before the colon', text: 'Subject : c\r\n\r\nx', expected: ['blank-before-colon 1'] },
    { name: 'a bare CR in a field', text: 'Subject: c\rX: y\r\n\r\nx\n', expected: ['bare-cr 1'] },
    { name: 'octets above 127', text: 'Subject: \xe9\r\n\r\nx', expected: ['eight-bit 1'] },
    {
      name: 'two fields that make the part',
      text: 'Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx',
      expected: ['duplicate-field 1'],
    },
    {
      name: 'a multipart without boundary',
      text: 'Content-Type: multipart/mixed\r\n\r\n--a\r\n\r\nx',
      expected: ['missing-boundary 1'],
    },
    {
      name: 'a boundary that never comes',
      text: 'Content-Type: multipart/mixed; boundary=a\r\n\r\nx',
      expected: ['missing-delimiter 1'],
    },
    {
      name: 'no last delimiter',
      text: 'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nx\r\n',
      expected: ['missing-close-delimiter 1'],
    },
    {
      name: 'text behind the last part',
      text: `${multipart('mixed', PLAIN)}hidden`,
      expected: ['epilogue-content 1'],
    },
    {
      name: 'a multipart that says it is encoded',
      text: `Content-Transfer-Encoding: base64\r\n${multipart('mixed', PLAIN)}`,
      expected: ['encoded-container 1'],
    },
    {
      name: 'a boundary within itself',
      text: multipart('mixed', multipart('mixed', PLAIN)),
      expected: ['boundary-reused 1.1'],
    },
    {
      name: 'a part that ends in its header',
      text: 'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nX: y\r\n--a--\r\n',
      expected: ['unended-header 1.1'],
    },
    { name: 'nothing', text: multipart('mixed', PLAIN, IMAGE), expected: [] },
  ])('$name', ({ text, expected }) => {
    expect(codes(text)).toEqual(expected)
  })

  test('a field keeps its reading where another is told of', () => {
    const message = parseMessage('Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\nx')
    expect([message.html, message.defects[0]?.other]).toEqual(['x', 'text/plain'])
  })
})

// Inputs that stop, or blow up, parsers that are not careful.
describe('parseMessage: hostile input is taken apart within limits', () => {
  const nest = (depth: number): string =>
    Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join(
      '',
    )
  test.each([
    { name: '5,000 nested multiparts', text: nest(5000), code: 'too-deep' },
    { name: '2,000 nested messages', text: 'Content-Type: message/rfc822\r\n\r\n'.repeat(2000), code: 'too-deep' },
    {
      name: '100,000 empty parts',
      text: `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(100_000)}`,
      code: 'too-many-parts',
    },
    { name: 'a subject of 5 MB', text: `Subject: ${'x'.repeat(5_000_000)}\r\n\r\nx`, code: 'header-too-long' },
    { name: '100,000 fields', text: `${'A: b\r\n'.repeat(100_000)}\r\nx`, code: 'too-many-fields' },
    { name: '500,000 lines without colon', text: `${'x\n'.repeat(500_000)}\nx`, code: 'no-field' },
    { name: 'one line of 20 MB', text: `A: b\r\n\r\n${'x'.repeat(20_000_000)}`, code: undefined },
    {
      name: '2 MB of dashes',
      text: `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'-'.repeat(2_000_000)}`,
      code: 'missing-delimiter',
    },
    {
      name: '500,000 lines that begin like a delimiter',
      text: `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--c\n'.repeat(500_000)}`,
      code: 'missing-delimiter',
    },
    {
      name: 'a boundary of 100 KB',
      text: `Content-Type: multipart/mixed; boundary=${'b'.repeat(100_000)}\r\n\r\n--${'b'.repeat(100_000)}`,
      code: 'missing-delimiter',
    },
  ])('$name', ({ text, code }) => {
    const message = parseMessage(encodeLatin1(text))
    const found = new Set(message.defects.map((one) => one.code))
    if (code) expect(found).toContain(code)
    expect(message.defects.length).toBeLessThanOrEqual(1000)
    void message.text
    void message.attachments
  })
})

/** The tree as plain values. */
function shape({ path, fields, header, body, parts }: MimePart): unknown {
  return { path, fields, header, body, parts: parts.map(shape) }
}

/** A message parsed in pieces: its events, content joined. */
function events(octets: Uint8Array, size: number) {
  const parser = new MessageParser()
  const contents = new Map<string, Uint8Array[]>()
  const ends: string[] = []
  const drain = (): void => {
    for (let event = parser.nextEvent(); event; event = parser.nextEvent()) {
      if (event.type === 'content')
        contents.set(event.part.path, [...(contents.get(event.part.path) ?? []), event.bytes.slice()])
      else ends.push(`${event.type} ${event.part.path}`)
    }
  }
  for (let start = 0; start < octets.length; start += size) {
    parser.push(octets.slice(start, start + size))
    drain()
  }
  parser.end()
  drain()
  const content = Object.fromEntries(
    Array.from(contents, ([path, chunks]) => [path, decodeLatin1(concatBytes(chunks))]),
  )
  return { tree: shape(parser.root!), defects: parser.defects, content, ends }
}

test('MessageParser: in whatever pieces a message comes, it is what parseMessage finds', () => {
  const piece = fc.constantFrom(
    PLAIN,
    HTML,
    IMAGE,
    FILE,
    '\r\n',
    '\n',
    '--mixed\r\n',
    '--mixed--\r\n',
    '--related\r\n',
    'Content-Type: multipart/related; boundary=related\r\n\r\n',
    'Content-Type: multipart/mixed; boundary=mixed\r\n\r\n',
    'Content-Type: message/rfc822\r\n\r\n',
    'x',
    ':',
    '\r',
    '=',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (pieces, size) => {
      const octets = encodeLatin1(pieces.join(''))
      const message = parseMessage(octets)
      const { tree, defects, content } = events(octets, size)
      expect(tree).toEqual(shape(message.root))
      // Content comes as it is found, so a place is known when it is seen.
      expect(defects.map(({ code, part }) => `${code} ${part}`)).toEqual(
        message.defects.map(({ code, part }) => `${code} ${part}`),
      )
      for (const [path, text] of Object.entries(content)) {
        const part = message.find(path)!
        if (part.contentType.type !== 'multipart') expect(text).toBe(decodeLatin1(message.contentOf(part).bytes))
      }
    }),
    { numRuns: 500 },
  )
})

describe('readMessage', () => {
  const message = encodeUtf8(multipart('mixed', PLAIN, IMAGE, FILE))

  test('gives parts in order, and skips what is not read', async () => {
    const seen: string[] = []
    for await (const { part, content } of readMessage([message.subarray(0, 50), message.subarray(50)])) {
      seen.push(part.path)
      if (part.path !== '1.2') continue
      for await (const chunk of content) seen.push(`${chunk.length} octets`)
    }
    expect(seen).toEqual(['1', '1.1', '1.2', '4 octets', '1.3'])
  })

  test('takes no more from a stream than is asked for, and lets go of it', async () => {
    let [pulled, cancelled] = [0, false]
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          controller.enqueue(message.subarray(pulled * 20, (pulled + 1) * 20))
          pulled++
        },
        cancel() {
          cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    for await (const { part } of readMessage(source)) {
      if (part.path === '1.1') break
    }
    expect([pulled < 12, cancelled]).toEqual([true, true])
  })

  test('a source that fails fails the reading', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield message.subarray(0, 80)
      throw new Error('the disk is gone')
    }
    const read = async (): Promise<void> => {
      for await (const { content } of readMessage(failing())) for await (const _ of content);
    }
    await expect(read()).rejects.toThrow('the disk is gone')
  })
})
