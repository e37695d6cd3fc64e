import { concatBytes, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { makeBody } from '../src/compose/body.ts'
import type { Attachment, MessageInput } from '../src/index.ts'
import { outline, type ReadPart, readMessage, textOf } from './reader.ts'

const zeros = (length: number) => new Uint8Array(length)

function read(message: Omit<MessageInput, 'from'>): ReadPart {
  const { fields, content } = makeBody({ from: 'a@x.example', ...message }, zeros)
  const pieces = content.map((piece) => (typeof piece === 'string' ? encodeUtf8(piece) : piece))
  return readMessage(concatBytes([encodeUtf8(`${fields.join('\r\n')}\r\n\r\n`), ...pieces]))
}

const pdf: Attachment = { content: new Uint8Array(3), contentType: 'application/pdf' }
const png: Attachment = { content: new Uint8Array(3), contentType: 'image/png', contentId: 'logo' }

describe('makeBody', () => {
  test.each([
    ['nothing', {}, 'plain'],
    ['text', { text: 'a' }, 'plain'],
    ['HTML', { html: 'a' }, 'html'],
    ['text and HTML', { text: 'a', html: 'b' }, 'alternative(plain html)'],
    ['an attachment alone', { attachments: [pdf] }, 'mixed(pdf)'],
    ['text and attachments', { text: 'a', attachments: [pdf, pdf] }, 'mixed(plain pdf pdf)'],
    ['HTML and an attachment', { html: 'a', attachments: [pdf] }, 'mixed(html pdf)'],
    ['HTML and an image in it', { html: 'a', attachments: [png] }, 'related(html png)'],
    [
      'text, and HTML with an image',
      { text: 'a', html: 'a', attachments: [png] },
      'alternative(plain related(html png))',
    ],
    ['all', { text: 'a', html: 'b', attachments: [pdf, png] }, 'mixed(alternative(plain related(html png)) pdf)'],
    ['an identifier without HTML', { text: 'a', attachments: [png] }, 'mixed(plain png)'],
    [
      'an identifier that is only listed',
      { html: 'a', attachments: [{ ...png, disposition: 'attachment' }] },
      'mixed(html png)',
    ],
    [
      'an inline part without identifier',
      { html: 'a', attachments: [{ ...pdf, disposition: 'inline' }] },
      'mixed(html pdf)',
    ],
    ['empty text', { text: '', html: 'a' }, 'alternative(plain html)'],
  ] as const)('makeBody: %s [rfc2046 5.1, rfc2387]', (_, message, expected) => {
    expect(outline(read(message))).toBe(expected)
  })

  test('makeBody: dispositions are what the caller says, else what the structure says [rfc2183 2]', () => {
    const whole = read({
      html: 'a',
      attachments: [pdf, png, { ...pdf, disposition: 'inline' }, { ...png, disposition: 'attachment' }],
    })
    const [related, ...files] = whole.parts
    expect(files.map((part) => part.disposition.value)).toEqual(['attachment', 'inline', 'attachment'])
    expect(related?.parts[1]?.disposition.value).toBe('inline')
    expect(read({ text: 'a', attachments: [png] }).parts[1]?.disposition.value).toBe('attachment')
  })

  test('makeBody: boundaries of one message differ though the random octets do not [rfc2046 5.1.2]', () => {
    const mixed = read({ text: 'a', html: 'b', attachments: [pdf, png] })
    const [alternative] = mixed.parts
    const related = alternative?.parts[1]
    const boundaries = [mixed, alternative, related].map((part) => part?.parameters['boundary'] ?? '')
    expect(new Set(boundaries).size).toBe(3)
    expect(new Set(boundaries.map((boundary) => boundary.length))).toEqual(new Set([24]))
    expect(related?.parameters['type']).toBe('text/html')
  })

  test('makeBody: text and HTML come back, with every line end CRLF', () => {
    const [plain, html] = read({ text: 'a\nb\n', html: '<p>é</p>\n' }).parts
    expect(textOf(plain)).toBe('a\r\nb\r\n')
    expect(textOf(html)).toBe('<p>é</p>\r\n')
    expect(plain?.parameters['charset']).toBe('utf-8')
  })

  test('makeBody: a text that has the boundary makes it draw another [rfc2046 5.1.1]', () => {
    let draw = 0
    const random = (length: number) => new Uint8Array(length).fill(draw++)
    const text = 'a\n--=_AAAAAAAAAAAAAAAAAAAA_1--\nb'
    for (const message of [{ text, attachments: [pdf] }, { attachments: [{ content: text }] }]) {
      draw = 0
      const { fields } = makeBody({ from: 'a@x.example', ...message }, random)
      expect(fields[0]).toContain('=_AQEBAQEBAQEBAQEBAQEB_1')
    }
  })
})
