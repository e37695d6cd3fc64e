import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ComposedMessage,
  compose,
  type DeliveryStatus,
  type DispositionNotification,
  deliveryReport,
  dispositionReport,
  type FeedbackInput,
  feedbackReport,
  type MessageInput,
  multipart,
  type Part,
  parseMessage,
  part,
  readReport,
  typedAddress,
} from '../src/index.ts'
import { deliveryStatus, dispositionNotification, feedback } from './report-values.ts'

const CONTEXT = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
const send = (body: Part, more: Partial<MessageInput> = {}): ComposedMessage =>
  compose({ from: 'postmaster@mx.example', to: 'a@a.example', ...more, body }, CONTEXT)
const typesOf = (body: Part): string[] => body.parts.map(({ mediaType }) => mediaType)
const statusOf = (address: string, action = 'failed'): DeliveryStatus => ({
  reportingMta: { type: 'dns', name: 'mx.example' },
  extensions: [],
  recipients: [
    { finalRecipient: typedAddress(address), action, status: { class: 5, subject: 1, detail: 1 }, extensions: [] },
  ],
})
const NOTIFICATION: DispositionNotification = {
  finalRecipient: typedAddress('b@c.example'),
  disposition: { action: 'manual', sending: 'manual', type: 'displayed', modifiers: [] },
  errors: [],
  extensions: [],
}
const FEEDBACK: FeedbackInput = { feedbackType: 'abuse', userAgent: 'Loop/1.0', version: 1 }
const ORIGINAL = 'Message-ID: <1@a.example>\r\nSubject: Hi\r\n\r\nHello\r\n'
const TEXT = 'It did not arrive.\n'

test('deliveryReport: the message in octets [rfc3464 2, rfc6522 3]', () => {
  const message = send(deliveryReport({ text: TEXT, status: statusOf('b@c.example'), original: ORIGINAL }))
  const [, ...lines] = decodeUtf8(message.bytes())
    .split('MIME-Version: 1.0\r\n')[1]!
    .split('--=_AAAAAAAAAAAAAAAAAAAA_1')
  expect(decodeUtf8(message.bytes())).toContain('Content-Type: multipart/report; report-type=delivery-status;')
  expect(lines).toEqual([
    `\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n${TEXT.trim()}\r\n\r\n`,
    '\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: 7bit\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n' +
      'Final-Recipient: rfc822; b@c.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n',
    `\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\n${ORIGINAL}\r\n`,
    '--\r\n',
  ])
})

describe('deliveryReport: how much comes back [rfc3461 4.3, rfc6522 4]', () => {
  test.each<[string, string, 'full' | 'headers' | undefined, string]>([
    ['what failed', 'failed', undefined, 'message/rfc822'],
    ['what failed, asked for', 'failed', 'headers', 'text/rfc822-headers'],
    ['what arrived', 'delivered', undefined, 'text/rfc822-headers'],
    ['what is late', 'delayed', undefined, 'text/rfc822-headers'],
    ['what arrived, asked for', 'delivered', 'full', 'message/rfc822'],
  ])('deliveryReport: %s', (_name, action, returned, type) => {
    const input = { text: TEXT, status: statusOf('b@c.example', action), original: ORIGINAL }
    expect(typesOf(deliveryReport({ ...input, ...(returned && { returned }) }))[2]).toBe(type)
  })

  test.each<[string, Uint8Array | string, string, string]>([
    ['lines of LF', 'A: b\nC: d\n\nHello\n', 'text/rfc822-headers', 'A: b\r\nC: d\r\n'],
    ['no body', 'A: b\r\n', 'text/rfc822-headers', 'A: b\r\n'],
    ['nothing', '', 'text/rfc822-headers', ''],
    ['UTF-8', 'A: grüße\r\n\r\nHello', 'message/global-headers', 'A: grüße\r\n'],
    ['octets that are none', encodeLatin1('A: gr\xfc\r\n\r\nHello'), 'text/rfc822-headers', 'A: gr\xfc\r\n'],
  ])('deliveryReport: a header of %s', (_name, original, type, header) => {
    const body = deliveryReport({ text: TEXT, status: statusOf('b@c.example'), original, returned: 'headers' })
    expect(typesOf(body)[2]).toBe(type)
    const message = parseMessage(send(body).bytes())
    const { bytes } = message.contentOf(message.root.parts[2]!)
    expect(type === 'text/rfc822-headers' ? decodeLatin1(bytes) : decodeUtf8(bytes)).toBe(header)
  })

  test('deliveryReport: the header of a message that was composed, a stream too', () => {
    const stream = new Blob(['x']).stream()
    const original = compose({ from: 'a@a.example', subject: 'Hi', body: part({ content: stream }) }, CONTEXT)
    const body = deliveryReport({ text: TEXT, status: statusOf('b@c.example'), original, returned: 'headers' })
    const report = readReport(parseMessage(send(body).bytes()))
    expect(report?.originalMessageId).toBe(original.messageId)
    expect(report?.originalHeader?.text('subject')).toBe('Hi')
  })
})

describe('deliveryReport: UTF-8 [rfc6533 4]', () => {
  const original = 'Subject: Grüße\r\n\r\nHello\r\n'
  const body = deliveryReport({ text: TEXT, status: statusOf('δ@c.example'), original })

  test('deliveryReport: an address of UTF-8 asks for the types of UTF-8', () => {
    expect(typesOf(body)).toEqual(['text/plain', 'message/global-delivery-status', 'message/global'])
  })

  test.each(['7bit', '8bit'] as const)('deliveryReport: %s', (encoding) => {
    const message = send(body).serialize({ encoding })
    expect(message.eightBit).toBe(encoding === '8bit')
    const octets = message.bytes()
    expect(octets.some((octet) => octet > 127)).toBe(encoding === '8bit')
    const report = readReport(parseMessage(octets))
    expect(report).toMatchObject({ status: { recipients: [{ finalRecipient: typedAddress('δ@c.example') }] } })
    expect(report?.originalHeader?.text('subject')).toBe('Grüße')
    expect(report?.defects).toEqual([])
  })

  test('deliveryReport: an address that only says that it is UTF-8 stays in US-ASCII', () => {
    const status = statusOf('a+b@c.example')
    const [recipient] = status.recipients
    const finalRecipient = { type: 'utf-8', address: 'a+b@c.example' }
    const ascii = deliveryReport({ text: TEXT, status: { ...status, recipients: [{ ...recipient!, finalRecipient }] } })
    expect(typesOf(ascii)).toEqual(['text/plain', 'message/delivery-status'])
    expect(decodeUtf8(send(ascii).bytes())).toContain('Final-Recipient: utf-8; a\\x{2B}b@c.example')
  })

  test('deliveryReport: a text in a language is of the type of UTF-8', () => {
    const status = statusOf('b@c.example')
    const localizedDiagnostics = [{ language: 'de', text: 'Unbekannt' }]
    const recipients = status.recipients.map((recipient) => ({ ...recipient, localizedDiagnostics }))
    expect(typesOf(deliveryReport({ text: TEXT, status: { ...status, recipients } }))[1]).toBe(
      'message/global-delivery-status',
    )
  })
})

describe('compose: the envelope of a report [rfc3464 2, rfc8098 3, rfc5965 2]', () => {
  const delivery = deliveryReport({ text: TEXT, status: statusOf('b@c.example') })
  const global = deliveryReport({ text: TEXT, status: statusOf('δ@c.example') })
  const disposition = dispositionReport({ text: TEXT, notification: NOTIFICATION })
  const abuse = feedbackReport({ text: TEXT, feedback: FEEDBACK, original: ORIGINAL })
  const machine = part({ content: 'Reporting-MTA: dns; a\r\n', contentType: 'message/delivery-status' })
  const byHand = multipart('report', [part({ content: '' }), machine], { 'report-type': 'delivery-status' })
  test.each<[string, Part, string]>([
    ['delivery', delivery, ''],
    ['delivery in UTF-8', global, ''],
    ['disposition', disposition, ''],
    ['a tree that was made by hand', byHand, ''],
    ['feedback', abuse, 'postmaster@mx.example'],
    ['a status that is attached', multipart('mixed', [part({ content: '' }), machine]), 'postmaster@mx.example'],
    ['a report in another message', multipart('mixed', [delivery]), 'postmaster@mx.example'],
  ])('compose: %s', (_name, body, reversePath) => {
    const message = send(body)
    expect(message.envelope).toEqual({ reversePath, forwardPaths: ['a@a.example'] })
    expect(message.serialize({ encoding: '8bit' }).envelope.reversePath).toBe(reversePath)
  })

  test('compose: one that is sent on is of who does that', () => {
    const resent = { from: 'b@b.example', to: 'c@c.example' }
    expect(send(delivery, { resent }).envelope).toEqual({ reversePath: 'b@b.example', forwardPaths: ['c@c.example'] })
  })
})

describe('dispositionReport', () => {
  const original = `Original-Recipient: rfc822;first@c.example\r\n${ORIGINAL}`
  const notificationOf = (body: Part) => {
    const report = readReport(parseMessage(send(body).bytes()))
    return report?.type === 'disposition' ? report.notification : undefined
  }

  test('dispositionReport: takes the identifier and the first recipient of the message [rfc8098 3.2.3, 3.2.5]', () => {
    const body = dispositionReport({ text: TEXT, notification: NOTIFICATION, original })
    expect(typesOf(body)).toEqual(['text/plain', 'message/disposition-notification', 'text/rfc822-headers'])
    expect(notificationOf(body)).toEqual({
      ...NOTIFICATION,
      originalRecipient: typedAddress('first@c.example'),
      originalMessageId: '<1@a.example>',
    })
    expect(decodeUtf8(send(body).bytes())).toContain('report-type=disposition-notification;')
  })

  test('dispositionReport: of two first recipients none counts; what is given does [rfc8098 3.2.3]', () => {
    const twice = `Original-Recipient: rfc822;x@c.example\r\n${original}`
    expect(
      notificationOf(dispositionReport({ text: TEXT, notification: NOTIFICATION, original: twice })),
    ).not.toHaveProperty('originalRecipient')
    const notification = { ...NOTIFICATION, originalRecipient: typedAddress('given@c.example') }
    const body = dispositionReport({ text: TEXT, notification, original: encodeUtf8(original) })
    expect(notificationOf(body)?.originalRecipient?.address).toBe('given@c.example')
  })

  test.each([
    ['<2@a.example>', ORIGINAL],
    ['<1@a.example>', 'Subject: Hi\r\n\r\n'],
  ])(
    'dispositionReport: refuses the identifier of another message, %s [rfc8098 3.2.5]',
    (originalMessageId, message) => {
      const notification = { ...NOTIFICATION, originalMessageId }
      expect(() => dispositionReport({ text: TEXT, notification, original: message })).toThrowError(
        expect.objectContaining({ code: 'MIME_BAD_REPORT' }),
      )
    },
  )
})

test('feedbackReport: the message, or its header [rfc5965 2]', () => {
  const body = feedbackReport({ text: TEXT, feedback: FEEDBACK, original: ORIGINAL })
  expect(typesOf(body)).toEqual(['text/plain', 'message/feedback-report', 'message/rfc822'])
  const headers = feedbackReport({ text: TEXT, feedback: FEEDBACK, original: ORIGINAL, returned: 'headers' })
  expect(typesOf(headers)[2]).toBe('text/rfc822-headers')
  expect(readReport(parseMessage(send(headers).bytes()))).toMatchObject({ type: 'feedback', defects: [] })
})

test('deliveryReport: people may be told in several forms [rfc6522 3]', () => {
  const text = multipart('alternative', [
    part({ content: 'Plain\n' }),
    part({ content: '<p>x', contentType: 'text/html' }),
  ])
  const report = readReport(parseMessage(send(deliveryReport({ text, status: statusOf('b@c.example') })).bytes()))
  expect(report?.text).toBe('Plain\n')
})

test('readReport: what is built is read as it was meant, whatever it is [rfc3464, rfc8098, rfc5965]', () => {
  const original = 'Message-ID: <1@a.example>\r\n\r\nHello\r\n'
  const encoding = fc.constantFrom('7bit' as const, '8bit' as const)
  const roundTrip = (body: Part, way: '7bit' | '8bit') => {
    const report = readReport(parseMessage(send(body).serialize({ encoding: way }).bytes()))!
    expect(report.defects).toEqual([])
    expect(report.text).toBe(TEXT)
    expect(report.originalMessageId).toBe('<1@a.example>')
    return report
  }
  const numRuns = 40
  fc.assert(
    fc.property(deliveryStatus, encoding, (status, way) => {
      expect(roundTrip(deliveryReport({ text: TEXT, status, original }), way)).toMatchObject({
        type: 'delivery',
        status,
      })
    }),
    { numRuns },
  )
  fc.assert(
    fc.property(dispositionNotification, encoding, ({ originalMessageId: _, ...notification }, way) => {
      const report = roundTrip(dispositionReport({ text: TEXT, notification, original }), way)
      expect(report).toMatchObject({ type: 'disposition', notification })
    }),
    { numRuns },
  )
  fc.assert(
    fc.property(feedback, encoding, (value, way) => {
      const report = roundTrip(feedbackReport({ text: TEXT, feedback: value, original }), way)
      expect(report).toMatchObject({ type: 'feedback', feedback: value })
    }),
    { numRuns },
  )
})
