import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { type ComposeContext, type ComposedMessage, compose, type MessageInput, splitMessage } from '../src/index.ts'
import { readMessage, textOf } from './reader.ts'

const context: ComposeContext = { now: new Date('2024-05-06T07:08:09Z'), random: (length) => new Uint8Array(length) }
const FROM = 'Ada <ada@example.org>'

const namesOf = ({ bytes }: ComposedMessage) => splitMessage(bytes()).fields.map((field) => field.name)

describe('compose: nothing leaves its place [security]', () => {
  const INJECTION = '\r\nBcc: victim@x.example\r\n\r\n<body>'
  const byField: readonly [string, (text: string) => Partial<MessageInput>, string][] = [
    ['from, as text', (text) => ({ from: `a${text} <a@x.example>` }), 'MIME_BAD_ADDRESS'],
    ['the name of from', (text) => ({ from: { name: text, address: 'a@x.example' } }), 'MIME_BAD_ADDRESS'],
    ['the address of from', (text) => ({ from: { address: `a@x.example${text}` } }), 'MIME_BAD_ADDRESS'],
    ['the quoted local part of from', (text) => ({ from: { address: `"a${text}"@x.example` } }), 'MIME_BAD_ADDRESS'],
    ['sender', (text) => ({ sender: `a@x.example${text}` }), 'MIME_BAD_ADDRESS'],
    ['replyTo', (text) => ({ replyTo: { name: `é${text}`, address: 'a@x.example' } }), 'MIME_BAD_ADDRESS'],
    ['to', (text) => ({ to: [{ name: text, address: 'a@x.example' }] }), 'MIME_BAD_ADDRESS'],
    ['cc', (text) => ({ cc: `a@x.example${text}` }), 'MIME_BAD_ADDRESS'],
    ['bcc', (text) => ({ bcc: `a@x.example${text}` }), 'MIME_BAD_ADDRESS'],
    ['subject', (text) => ({ subject: `a${text}` }), 'MIME_BAD_HEADER'],
    ['a subject that is encoded', (text) => ({ subject: `é${text}` }), 'MIME_BAD_HEADER'],
    ['messageId', (text) => ({ messageId: `<a@x.example>${text}` }), 'MIME_BAD_ID'],
    ['messageId, within', (text) => ({ messageId: `<a${text}@x.example>` }), 'MIME_BAD_ID'],
    ['inReplyTo', (text) => ({ inReplyTo: `<a@x.example>${text}` }), 'MIME_BAD_ID'],
    ['references', (text) => ({ references: ['<a@x.example>', `<b${text}>`] }), 'MIME_BAD_ID'],
    ['the name of a header', (text) => ({ headers: [{ name: `X-A${text}`, value: 'a' }] }), 'MIME_BAD_HEADER'],
    ['the value of a header', (text) => ({ headers: [{ name: 'X-A', value: `a${text}` }] }), 'MIME_BAD_HEADER'],
    ['a value that is encoded', (text) => ({ headers: [{ name: 'X-A', value: `é${text}` }] }), 'MIME_BAD_HEADER'],
    ['filename', (text) => ({ attachments: [{ content: '', filename: `a${text}` }] }), 'MIME_BAD_PARAMETER'],
    [
      'a file name that is encoded',
      (text) => ({ attachments: [{ content: '', filename: `é${text}` }] }),
      'MIME_BAD_PARAMETER',
    ],
    ['contentType', (text) => ({ attachments: [{ content: '', contentType: `text/plain${text}` }] }), 'MIME_BAD_TYPE'],
    [
      'a parameter of contentType',
      (text) => ({ attachments: [{ content: '', contentType: `a/b; c="${text}"` }] }),
      'MIME_BAD_TYPE',
    ],
    ['contentId', (text) => ({ html: '', attachments: [{ content: '', contentId: `a${text}` }] }), 'MIME_BAD_ID'],
    [
      'disposition',
      (text) => ({ attachments: [{ content: '', disposition: `inline${text}` as 'inline' }] }),
      'MIME_BAD_HEADER',
    ],
  ]

  describe.each(byField)('compose: %s', (_, message, code) => {
    test.each([INJECTION, '\r\n', '\r', '\n', '\r\n x', '\0', '\u000b', '\f', '\u0085', '\u2028', '\u2029', '\u001b'])(
      'compose: refuses %j',
      (text) => {
        expect(failureOf(() => compose({ from: FROM, ...message(text) }, context))).toBe(code)
      },
    )

    test('compose: code points whose low octets are CR, LF and the like are no such octets', () => {
      const make = () =>
        compose({ from: FROM, ...message('\u760d\u760a\u7600\u7622\u762c\u763c\u763e\u7640') }, context)
      if (failureOf(make) !== 'none') return
      const plain = compose({ from: FROM, ...message('x') }, context)
      expect(namesOf(make())).toEqual(namesOf(plain))
      expect(make().envelope.forwardPaths.length).toBe(plain.envelope.forwardPaths.length)
    })
  })

  test('compose: bodies begin after the header, whatever they hold', () => {
    const message = compose(
      { from: FROM, text: INJECTION, html: INJECTION, attachments: [{ content: INJECTION }] },
      context,
    )
    expect(namesOf(message)).not.toContain('Bcc')
    const [alternative, file] = readMessage(message.bytes()).parts
    for (const part of [...(alternative?.parts ?? []), file]) expect(textOf(part)).toBe(INJECTION)
  })

  test.each([
    'Date',
    'FROM',
    'sender',
    'Reply-To',
    'To',
    'Cc',
    'Bcc',
    'bcc',
    'Message-ID',
    'In-Reply-To',
    'References',
    'Subject',
    'MIME-Version',
    'Content-Type',
    'content-transfer-encoding',
    'Content-Foo',
    'Resent-Bcc',
    'Return-Path',
    'Received',
  ])('compose: a further header may not be %s [rfc5322 3.6]', (name) => {
    expect(failureOf(() => compose({ from: FROM, headers: [{ name, value: 'a@x.example' }] }, context))).toBe(
      'MIME_BAD_HEADER',
    )
  })

  test.each(['', 'A B', 'A:', 'Bcc:', 'Bcc ', ' Bcc', 'Süß'])(
    'compose: a further header may not have the name %j [rfc5322 2.2]',
    (name) => {
      expect(failureOf(() => compose({ from: FROM, headers: [{ name, value: 'a' }] }, context))).toBe('MIME_BAD_HEADER')
    },
  )
})
