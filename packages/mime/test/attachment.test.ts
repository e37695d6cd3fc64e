import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { attachmentPart } from '../src/compose/attachment.ts'
import type { Attachment } from '../src/index.ts'
import { readPart, wireOf } from './reader.ts'

function read(attachment: Attachment, disposition: 'attachment' | 'inline' = 'attachment') {
  const { fields, content } = attachmentPart(attachment, disposition)
  const text = content.map((piece) => (typeof piece === 'string' ? piece : decodeUtf8(piece))).join('')
  return { ...readPart(wireOf(`${fields.join('\r\n')}\r\n\r\n${text}`)), written: fields }
}

describe('attachmentPart', () => {
  test('attachmentPart: octets are of unknown type, in Base64, and come back [rfc2046 4.5.1]', () => {
    const content = Uint8Array.from({ length: 300 }, (_, index) => index & 255)
    const part = read({ content })
    expect(part.written).toEqual([
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment',
    ])
    expect(part.bytes).toEqual(content)
  })

  test('attachmentPart: text is text/plain in UTF-8, with CRLF lines [rfc2046 4.1]', () => {
    const part = read({ content: 'é\n', filename: 'a.txt' })
    expect(part.written[0]).toBe('Content-Type: text/plain; charset=utf-8; name=a.txt')
    expect(decodeUtf8(part.bytes)).toBe('é\r\n')
  })

  test('attachmentPart: text of another type comes back as it is', () => {
    const part = read({ content: '{"é":\n1}', contentType: 'application/json' })
    expect(part.written.slice(0, 2)).toEqual(['Content-Type: application/json', 'Content-Transfer-Encoding: base64'])
    expect(decodeUtf8(part.bytes)).toBe('{"é":\n1}')
  })

  test('attachmentPart: parameters of the type are kept [rfc6047 2.4]', () => {
    const part = read({ content: 'BEGIN:VCALENDAR', contentType: 'text/calendar; method=REQUEST; charset="UTF-8"' })
    expect(part.written[0]).toBe('Content-Type: text/calendar; method=REQUEST; charset=UTF-8')
  })

  test('attachmentPart: octets of a text type get no charset that nobody knows', () => {
    expect(read({ content: new Uint8Array(1), contentType: 'text/csv' }).written[0]).toBe('Content-Type: text/csv')
    const western = 'text/csv; charset=iso-8859-1'
    expect(read({ content: new Uint8Array(1), contentType: western }).written[0]).toBe(`Content-Type: ${western}`)
  })

  test('attachmentPart: the file name is filename by RFC 2231, and name in the way of old readers [rfc2183 2.3]', () => {
    const part = read({
      content: new Uint8Array(0),
      filename: 'naïve résumé.pdf',
      contentType: 'application/pdf; name=x',
    })
    expect(part.written).toEqual([
      'Content-Type: application/pdf;\r\n name="=?utf-8?B?bmHDr3ZlIHLDqXN1bcOpLnBkZg==?="',
      'Content-Transfer-Encoding: base64',
      "Content-Disposition: attachment;\r\n filename*=utf-8''na%C3%AFve%20r%C3%A9sum%C3%A9.pdf",
    ])
    expect(part.disposition.parameters).toEqual({ filename: 'naïve résumé.pdf' })
  })

  test('attachmentPart: a plain file name is written plainly', () => {
    expect(read({ content: '', filename: 'my notes.txt' }).written[2]).toBe(
      'Content-Disposition: attachment; filename="my notes.txt"',
    )
  })

  test('attachmentPart: an inline part has its identifier in angle brackets [rfc2392 2]', () => {
    const part = read({ content: new Uint8Array(1), contentType: 'image/png', contentId: 'logo@x.example' }, 'inline')
    expect(part.written.slice(2)).toEqual(['Content-Disposition: inline', 'Content-ID: <logo@x.example>'])
  })

  test('attachmentPart: a message within is not encoded [rfc2045 6.4]', () => {
    const content = 'Subject: a\r\n\r\n=E9\r\n'
    for (const one of [content, content.replaceAll('\r\n', '\n'), encodeUtf8(content)]) {
      const part = read({ content: one, contentType: 'message/rfc822' })
      expect(part.written.slice(0, 2)).toEqual(['Content-Type: message/rfc822', 'Content-Transfer-Encoding: 7bit'])
      expect(decodeUtf8(part.bytes)).toBe(content)
    }
  })

  test.each([
    ['a message within that is not 7-bit', { content: 'Subject: é\r\n\r\n', contentType: 'message/rfc822' }],
    ['octets of such a message', { content: encodeUtf8('Subject: é\r\n\r\n'), contentType: 'Message/RFC822' }],
    ['a message within with long lines', { content: 'a'.repeat(999), contentType: 'message/rfc822' }],
    ['a multipart', { content: '', contentType: 'multipart/mixed; boundary=a' }],
    ['a multipart in upper case', { content: '', contentType: 'MULTIPART/mixed' }],
    ['text in a charset that it is not in', { content: 'é', contentType: 'text/plain; charset=iso-8859-1' }],
    ['a type that is none', { content: '', contentType: 'text' }],
    ['CR LF in the type', { content: '', contentType: 'text/plain\r\nBcc: b@x.example' }],
  ])('attachmentPart: refuses %s', (_, attachment) => {
    expect(failureOf(() => attachmentPart(attachment, 'attachment'))).toBe('MIME_BAD_TYPE')
  })

  test.each(['\r\nBcc: b', '\0', '\n', '\u2028', '"\r\n'])(
    'attachmentPart: refuses %j in a file name [security]',
    (text) => {
      expect(failureOf(() => attachmentPart({ content: '', filename: `a${text}` }, 'attachment'))).toBe(
        'MIME_BAD_PARAMETER',
      )
      expect(failureOf(() => attachmentPart({ content: '', filename: `é${text}` }, 'attachment'))).toBe(
        'MIME_BAD_PARAMETER',
      )
    },
  )

  test('attachmentPart: refuses a disposition that is none [security]', () => {
    const bad = 'inline\r\nBcc: b' as 'inline'
    expect(failureOf(() => attachmentPart({ content: '' }, bad))).toBe('MIME_BAD_HEADER')
  })
})
