import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { leafPart } from '../src/compose/leaf.ts'
import { joinPieces } from '../src/compose/piece.ts'
import { render } from '../src/compose/render.ts'
import { type Attachment, compose, type MessageInput, part } from '../src/index.ts'
import { readPart, wireOf } from './reader.ts'

function read(attachment: Attachment, disposition: 'attachment' | 'inline' = 'attachment') {
  const { fields, content } = render(leafPart(attachment, disposition), { level: 0, stem: '=_x', digits: 1 })
  const text = decodeUtf8(joinPieces(content))
  return { ...readPart(wireOf(`${fields.join('\r\n')}\r\n\r\n${text}`)), written: fields }
}

describe('leafPart', () => {
  test('leafPart: octets are of unknown type, in Base64, and come back [rfc2046 4.5.1]', () => {
    const content = Uint8Array.from({ length: 300 }, (_, index) => index & 255)
    const made = read({ content })
    expect(made.written).toEqual([
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment',
    ])
    expect(made.bytes).toEqual(content)
  })

  test('leafPart: text is text/plain in UTF-8, with CRLF lines [rfc2046 4.1]', () => {
    const made = read({ content: 'é\n', filename: 'a.txt' })
    expect(made.written[0]).toBe('Content-Type: text/plain; charset=utf-8; name=a.txt')
    expect(decodeUtf8(made.bytes)).toBe('é\r\n')
  })

  test('leafPart: the type has no name where nobody wants it there [rfc2183 2.3]', () => {
    const fields = read({ content: 'é', filename: 'naïve.txt', nameInType: false }).written
    expect(fields[0]).toBe('Content-Type: text/plain; charset=utf-8')
    expect(fields).toContain("Content-Disposition: attachment; filename*=utf-8''na%C3%AFve.txt")
  })

  test('leafPart: text of another type comes back as it is', () => {
    const made = read({ content: '{"é":\n1}', contentType: 'application/json' })
    expect(made.written.slice(0, 2)).toEqual(['Content-Type: application/json', 'Content-Transfer-Encoding: base64'])
    expect(decodeUtf8(made.bytes)).toBe('{"é":\n1}')
  })

  test('leafPart: parameters of the type are kept [rfc6047 2.4]', () => {
    const made = read({ content: 'BEGIN:VCALENDAR', contentType: 'text/calendar; method=REQUEST; charset="UTF-8"' })
    expect(made.written[0]).toBe('Content-Type: text/calendar; method=REQUEST; charset=UTF-8')
  })

  test('leafPart: octets of a text type get no charset that nobody knows', () => {
    expect(read({ content: new Uint8Array(1), contentType: 'text/csv' }).written[0]).toBe('Content-Type: text/csv')
    const western = 'text/csv; charset=iso-8859-1'
    expect(read({ content: new Uint8Array(1), contentType: western }).written[0]).toBe(`Content-Type: ${western}`)
  })

  test('leafPart: the file name is filename by RFC 2231, and name in the way of old readers [rfc2183 2.3]', () => {
    const made = read({
      content: new Uint8Array(0),
      filename: 'naïve résumé.pdf',
      contentType: 'application/pdf; name=x',
    })
    expect(made.written).toEqual([
      'Content-Type: application/pdf;\r\n name="=?utf-8?B?bmHDr3ZlIHLDqXN1bcOpLnBkZg==?="',
      'Content-Transfer-Encoding: base64',
      "Content-Disposition: attachment;\r\n filename*=utf-8''na%C3%AFve%20r%C3%A9sum%C3%A9.pdf",
    ])
    expect(made.disposition.parameters).toEqual({ filename: 'naïve résumé.pdf' })
  })

  test('leafPart: a plain file name is written plainly', () => {
    expect(read({ content: '', filename: 'my notes.txt' }).written[2]).toBe(
      'Content-Disposition: attachment; filename="my notes.txt"',
    )
  })

  test('leafPart: an inline part has its identifier in angle brackets [rfc2392 2]', () => {
    const made = read({ content: new Uint8Array(1), contentType: 'image/png', contentId: 'logo@x.example' }, 'inline')
    expect(made.written.slice(2)).toEqual(['Content-Disposition: inline', 'Content-ID: <logo@x.example>'])
  })

  test('leafPart: a message within is not encoded [rfc2045 6.4]', () => {
    const content = 'Subject: a\r\n\r\n=E9\r\n'
    for (const one of [content, content.replaceAll('\r\n', '\n'), encodeUtf8(content)]) {
      const made = read({ content: one, contentType: 'message/rfc822' })
      expect(made.written.slice(0, 2)).toEqual(['Content-Type: message/rfc822', 'Content-Transfer-Encoding: 7bit'])
      expect(decodeUtf8(made.bytes)).toBe(content)
    }
  })

  test.each([
    ['a message within that is a stream', { content: () => new Uint8Array(1), contentType: 'message/rfc822' }],
    ['a stream that must not be encoded', { content: () => new Uint8Array(1), opaque: true }],
    ['a multipart', { content: '', contentType: 'multipart/mixed; boundary=a' }],
    ['a multipart in upper case', { content: '', contentType: 'MULTIPART/mixed' }],
    ['text in a charset that it is not in', { content: 'é', contentType: 'text/plain; charset=iso-8859-1' }],
    ['a type that is none', { content: '', contentType: 'text' }],
    ['CR LF in the type', { content: '', contentType: 'text/plain\r\nBcc: b@x.example' }],
  ])('leafPart: refuses %s', (_, attachment) => {
    expect(failureOf(() => leafPart(attachment, 'attachment'))).toBe('MIME_BAD_TYPE')
  })

  test.each(['\r\nBcc: b', '\0', '\n', '\u2028', '"\r\n'])('leafPart: refuses %j in a file name [security]', (text) => {
    expect(failureOf(() => leafPart({ content: '', filename: `a${text}` }, 'attachment'))).toBe('MIME_BAD_PARAMETER')
    expect(failureOf(() => leafPart({ content: '', filename: `é${text}` }, 'attachment'))).toBe('MIME_BAD_PARAMETER')
  })

  test('leafPart: refuses a disposition that is none [security]', () => {
    const bad = 'inline\r\nBcc: b' as 'inline'
    expect(failureOf(() => leafPart({ content: '' }, bad))).toBe('MIME_BAD_HEADER')
  })
})

describe('part', () => {
  const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
  const messageOf = (body: Partial<MessageInput>) => compose({ from: 'a@x.example', ...body }, context)

  test('part: octets of a text type take the least of three encodings, and come back [rfc2045 6]', () => {
    const cases: [string, string][] = [
      ['a,b\r\n', '7bit'],
      ['a,b\n', 'quoted-printable'],
      ['a,b', 'quoted-printable'],
      ['Grüße aus Köln und aus allen anderen Orten\r\n', 'quoted-printable'],
      ['Привет', 'base64'],
      [`${'a'.repeat(999)}\r\n`, 'quoted-printable'],
    ]
    for (const [content, encoding] of cases) {
      const made = read({ content: encodeUtf8(content), contentType: 'text/csv' })
      expect(made.written[1]).toBe(`Content-Transfer-Encoding: ${encoding}`)
      expect(decodeUtf8(made.bytes)).toBe(content)
    }
  })

  test('part: a name makes it an attachment, and without one nothing says how it is shown [rfc2183 2]', () => {
    const fields = (input: Parameters<typeof part>[0]) => decodeUtf8(messageOf({ body: part(input) }).bytes())
    expect(fields({ content: '', filename: 'a' })).toContain('Content-Disposition: attachment; filename=a\r\n')
    expect(fields({ content: '' })).not.toContain('Disposition')
  })

  test('part: further fields are those of a part alone [rfc2045 3]', () => {
    const withHeader = (name: string) => () => part({ content: '', headers: [{ name, value: 'de' }] })
    expect(decodeUtf8(messageOf({ body: withHeader('Content-Language')() }).bytes())).toContain(
      'Content-Language: de\r\n',
    )
    for (const name of ['X-A', 'Bcc', 'Content-Type', 'content-transfer-encoding', 'Content-ID', 'Content-A\r\nB']) {
      expect(failureOf(withHeader(name))).toBe('MIME_BAD_HEADER')
    }
  })

  test('part: what is opaque is not touched, and what it needs is told [rfc2045 6.4]', () => {
    const cases: [string, string, object][] = [
      ['a\r\n', '7bit', { eightBit: false, binary: false }],
      ['é\r\n', '8bit', { eightBit: true, binary: false }],
      ['a\nb', 'binary', { eightBit: true, binary: true }],
      ['a\0', 'binary', { eightBit: true, binary: true }],
    ]
    for (const [content, label, needs] of cases) {
      const message = messageOf({ text: 'a', attachments: [{ content, opaque: true, contentType: 'text/x' }] })
      expect(message.needs).toMatchObject(needs)
      const text = decodeUtf8(message.bytes())
      expect(text).toContain(`Content-Type: text/x\r\nContent-Transfer-Encoding: ${label}\r\n`)
      expect(text).toContain(`\r\n\r\n${content}\r\n--`)
      expect(failureOf(() => message.serialize())).toBe(
        { '7bit': 'none', '8bit': 'MIME_NEEDS_8BITMIME', binary: 'MIME_NEEDS_BINARYMIME' }[label],
      )
    }
  })
})
