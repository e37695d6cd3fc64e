import { decodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { type ComposeContext, type ComposedMessage, compose, type MessageInput, splitMessage } from '../src/index.ts'
import { outline, readMessage } from './reader.ts'

const context: ComposeContext = { now: new Date('2024-05-06T07:08:09Z'), random: (length) => new Uint8Array(length) }
const FROM = 'Ada <ada@example.org>'

const textOfMessage = (message: Partial<MessageInput>, more: Partial<ComposeContext> = {}) =>
  decodeUtf8(compose({ from: FROM, ...message }, { ...context, ...more }).bytes())
const headerOf = (message: Partial<MessageInput>) => textOfMessage(message).split('\r\n\r\n')[0] ?? ''
const namesOf = ({ bytes }: ComposedMessage) => splitMessage(bytes()).fields.map((field) => field.name)

const FULL: MessageInput = {
  from: [FROM, { name: 'Büro, Köln', address: 'b@x.example' }],
  sender: 's@x.example',
  replyTo: 'r@x.example',
  to: ['"Doe, Jane" <j@x.example>', 'k@x.example'],
  cc: 'c@x.example',
  bcc: ['Hidden <hidden@x.example>', 'k@x.example'],
  subject: 'Über uns',
  inReplyTo: '<parent@x.example>',
  references: ['<root@x.example>', '<parent@x.example>'],
  text: 'Hällo\n',
  html: '<p><img src="cid:logo"></p>',
  attachments: [
    { filename: 'résumé.pdf', contentType: 'application/pdf', content: new Uint8Array([1, 2, 3]) },
    { contentId: 'logo', contentType: 'image/png', content: new Uint8Array([4]) },
  ],
  headers: [
    { name: 'X-Mailer', value: 'Posthorn' },
    { name: 'Comments', value: 'é' },
  ],
}

describe('compose', () => {
  test('compose: a small message, octet for octet [rfc5322 3.6]', () => {
    const message = compose({ from: FROM, to: 'b@x.example', subject: 'Hi', text: 'Hello,\nBob' }, context)
    expect(decodeUtf8(message.bytes())).toBe(
      [
        'Date: Mon, 06 May 2024 07:08:09 +0000',
        'From: Ada <ada@example.org>',
        'To: b@x.example',
        'Message-ID: <AAAAAAAAAAAAAAAAAAAA@example.org>',
        'Subject: Hi',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        '',
        'Hello,',
        'Bob',
        '',
      ].join('\r\n'),
    )
    expect(message).toMatchObject({
      messageId: '<AAAAAAAAAAAAAAAAAAAA@example.org>',
      envelope: { reversePath: 'ada@example.org', forwardPaths: ['b@x.example'] },
      needs: { smtpUtf8: false, eightBit: false, binary: false },
      size: message.bytes().length,
      smtpUtf8: false,
    })
  })

  test('compose: everything has its place, in order [rfc5322 3.6]', () => {
    const message = compose(FULL, context)
    expect(namesOf(message)).toEqual([
      'Date',
      'From',
      'Sender',
      'Reply-To',
      'To',
      'Cc',
      'Message-ID',
      'In-Reply-To',
      'References',
      'Subject',
      'MIME-Version',
      'X-Mailer',
      'Comments',
      'Content-Type',
    ])
    expect(outline(readMessage(message.bytes()))).toBe('mixed(alternative(plain related(html png)) pdf)')
    expect(message.envelope).toEqual({
      reversePath: 's@x.example',
      forwardPaths: ['j@x.example', 'k@x.example', 'c@x.example', 'hidden@x.example'],
    })
  })

  test('compose: MIME-Version stands once, at the top [rfc2045 4]', () => {
    expect(textOfMessage(FULL).match(/MIME-Version/g)).toHaveLength(1)
  })

  test('compose: blind copies are in the envelope alone [rfc5322 3.6.3]', () => {
    const text = textOfMessage(FULL)
    expect(text).not.toMatch(/bcc|hidden/i)
  })

  test('compose: the same context gives the same octets, another gives others', () => {
    expect(compose(FULL, context).bytes()).toEqual(compose(FULL, context).bytes())
    const other = compose(FULL, { ...context, random: (length) => new Uint8Array(length).fill(1) })
    expect(other.messageId).not.toBe(compose(FULL, context).messageId)
    expect(decodeUtf8(other.bytes())).toContain('boundary="=_BBBBBBBBBBBBBBBBBBBB_1"')
  })

  test('compose: date and identifier may be given [rfc5322 3.6.1, 3.6.4]', () => {
    const header = headerOf({ date: new Date(0), messageId: '<1@x.example>' })
    expect(header).toContain('Date: Thu, 01 Jan 1970 00:00:00 +0000')
    expect(header).toContain('Message-ID: <1@x.example>')
    expect(compose({ from: FROM, messageId: '<1@x.example>' }, context).messageId).toBe('<1@x.example>')
  })

  test('compose: no Sender that only repeats the author [rfc5322 3.6.2]', () => {
    expect(headerOf({ sender: 'ada@EXAMPLE.org' })).not.toContain('Sender')
    expect(headerOf({ sender: 'Ada@example.org' })).toContain('Sender: Ada@example.org')
  })

  test('compose: no field without an address, empty fields otherwise [rfc5322 3.6]', () => {
    expect(headerOf({ to: [], cc: [], replyTo: [], references: [] })).not.toMatch(/^(To|Cc|Reply-To|References)/m)
    expect(headerOf({})).not.toContain('Subject')
    expect(headerOf({ subject: '' })).toMatch(/^Subject:$/m)
  })

  test.each([
    ['', ''],
    ['a', 'a\r\n'],
    ['a\n', 'a\r\n'],
    ['a\n\n', 'a\r\n\r\n'],
    ['é', 'w6k=\r\n'],
    ['é\n', '=C3=A9\r\n'],
    ['aaaaaaaaaaé', 'aaaaaaaaaa=C3=A9\r\n'],
    ['aaaaaaaaaaé\n', 'aaaaaaaaaa=C3=A9\r\n'],
  ])('compose: the body of %j ends a line [rfc5322 2.3]', (text, expected) => {
    for (const message of [{ text }, { html: text }]) {
      expect(textOfMessage(message).split('\r\n\r\n').slice(1).join('\r\n\r\n')).toBe(expected)
    }
    expect(textOfMessage({ text, html: '' })).toMatch(/--\r\n$/)
  })
})

describe('compose: addresses that are not US-ASCII', () => {
  test.each(['from', 'sender', 'replyTo', 'to', 'cc', 'bcc'])(
    'compose: one in %s needs smtpUtf8, and the error names it [rfc6531 3.3]',
    (field) => {
      const message = compose({ from: FROM, [field]: 'δ@x.example' }, context)
      expect(message).toMatchObject({ needs: { smtpUtf8: true }, smtpUtf8: true, eightBit: true })
      expect(failureOf(() => message.serialize())).toBe('MIME_NEEDS_SMTPUTF8')
      expect(() => message.serialize()).toThrow('"δ@x.example"')
      expect(message.serialize({ smtpUtf8: true }).smtpUtf8).toBe(true)
    },
  )

  test('compose: a U-label needs no smtpUtf8, in neither header nor envelope [rfc5891 5]', () => {
    const message = compose({ from: 'a@bücher.example', to: 'b@faß.example' }, context)
    expect(decodeUtf8(message.bytes())).toContain('\r\nFrom: a@xn--bcher-kva.example\r\nTo: b@xn--fa-hia.example\r\n')
    expect(message.envelope).toEqual({ reversePath: 'a@xn--bcher-kva.example', forwardPaths: ['b@xn--fa-hia.example'] })
    expect(message.needs.smtpUtf8).toBe(false)
    expect(message.serialize({ smtpUtf8: true })).toMatchObject({
      envelope: { reversePath: 'a@bücher.example' },
      smtpUtf8: true,
    })
  })

  test('compose: they are UTF-8 in header and envelope, and all else is US-ASCII [rfc6532 3.2]', () => {
    const message: MessageInput = {
      ...FULL,
      from: 'Ölaf <ölaf@bücher.example>',
      to: ['δ@x.example', 'é <a@x.example>'],
    }
    const { bytes, envelope, needs, size, messageId } = compose(message, context)
    const text = decodeUtf8(bytes())
    expect(size).toBe(bytes().length)
    expect(needs.smtpUtf8).toBe(true)
    expect(envelope).toMatchObject({ reversePath: 's@x.example' })
    expect(envelope.forwardPaths.slice(0, 2)).toEqual(['δ@x.example', 'a@x.example'])
    expect(text.match(/[^\u0000-\u007f]+/g)).toEqual(['ö', 'ü', 'δ'])
    expect(text).toContain('<ölaf@bücher.example>')
    expect(messageId).toMatch(/@xn--bcher-kva\.example>$/)
  })

  test('compose: a form that allows them does not ask for them', () => {
    const message = compose({ from: 'Ölaf <o@x.example>', subject: 'é', text: 'é' }, context)
    expect(message.serialize({ smtpUtf8: true }).bytes()).toEqual(message.bytes())
    expect(message.serialize({ smtpUtf8: true }).smtpUtf8).toBe(false)
  })
})
