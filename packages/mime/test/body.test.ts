import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { type Attachment, compose, type MessageInput, part } from '../src/index.ts'
import { outline, type ReadPart, readMessage, textOf } from './reader.ts'

const zeros = (length: number) => new Uint8Array(length)

function read(message: Omit<MessageInput, 'from'>, random = zeros): ReadPart {
  return readMessage(compose({ from: 'a@x.example', ...message }, { now: new Date(0), random }).bytes())
}

const pdf: Attachment = { content: new Uint8Array(3), contentType: 'application/pdf' }
const png: Attachment = { content: new Uint8Array(3), contentType: 'image/png', contentId: 'logo' }

const INVITE = 'BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n'

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
    ['AMP before HTML', { text: 'a', amp: 'b', html: 'c' }, 'alternative(plain x-amp-html html)'],
    [
      'an invitation',
      { text: 'a', html: 'b', calendar: { method: 'request', content: INVITE } },
      'alternative(plain html calendar)',
    ],
    [
      'an invitation with a file, and all else',
      {
        text: 'a',
        html: 'b',
        attachments: [pdf, png],
        calendar: { method: 'REQUEST', content: INVITE, filename: 'invite.ics' },
      },
      'mixed(alternative(plain related(html png) calendar) pdf ics)',
    ],
    ['a tree', { body: part({ content: 'a,b', contentType: 'text/csv' }) }, 'csv'],
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
    const text = 'a\n--=_AAAAAAAAAAAAAAAAAAAA_1--\nb'
    for (const message of [{ text, attachments: [pdf] }, { attachments: [{ content: text }] }]) {
      let draw = -1
      const random = (length: number) => new Uint8Array(length).fill(Math.max(draw++, 0))
      expect(read(message, random).parameters['boundary']).toBe('=_BBBBBBBBBBBBBBBBBBBB_1')
    }
  })

  test('makeBody: an invitation tells its method, and its file is the same object [rfc6047 2.4]', () => {
    const whole = read({ text: 'a', calendar: { method: 'request', content: INVITE, filename: 'invite.ics' } })
    const [alternative, file] = whole.parts
    expect(alternative?.parts[1]?.parameters).toEqual({ charset: 'utf-8', method: 'REQUEST' })
    expect(textOf(alternative?.parts[1])).toBe(INVITE.replaceAll('\n', '\r\n'))
    expect(textOf(file)).toBe(INVITE.replaceAll('\n', '\r\n'))
    expect(file?.disposition).toEqual({ value: 'attachment', parameters: { filename: 'invite.ics' } })
  })

  test.each(['REPLY', '', 'REQUEST\r\nX: y', 'RE QUEST'])('makeBody: refuses method %j [rfc6047 2.4]', (method) => {
    expect(failureOf(() => read({ calendar: { method, content: INVITE } }))).toBe('MIME_BAD_MESSAGE')
  })

  test.each([{ text: '' }, { html: '' }, { amp: '' }, { attachments: [] }])(
    'makeBody: refuses %j beside a tree',
    (more) => {
      const body = part({ content: 'a' })
      expect(failureOf(() => read({ body, ...more }))).toBe('MIME_BAD_MESSAGE')
    },
  )

  test('makeBody: takes nothing that only looks like a part [security]', () => {
    const node = { type: 'text', text: 'a', fields: ['Bcc: b@x.example'] }
    const forged = JSON.parse(JSON.stringify({ mediaType: 'text/plain', parts: [], node }))
    for (const body of [forged, { ...forged, node: undefined }]) {
      expect(failureOf(() => read({ body }))).toBe('MIME_BAD_CONTENT')
    }
  })
})
