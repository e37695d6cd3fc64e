import { isAscii } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type DeliveryStatus,
  formatDeliveryStatus,
  type RecipientStatus,
  readDeliveryStatus,
  smtpDiagnostic,
  typedAddress,
} from '../src/index.ts'
import { deliveryStatus } from './report-values.ts'

const RECIPIENT: RecipientStatus = {
  finalRecipient: typedAddress('b@c.example'),
  action: 'failed',
  status: { class: 5, subject: 1, detail: 1 },
  extensions: [],
}
const MESSAGE = { reportingMta: { type: 'dns', name: 'mx.example' }, extensions: [] }
const withRecipient = (more: Partial<RecipientStatus>): DeliveryStatus => ({
  ...MESSAGE,
  recipients: [{ ...RECIPIENT, ...more }],
})
const lineOf = (status: DeliveryStatus, name: string, options = {}): string =>
  new RegExp(`^${name}: (.*(?:\r\n .*)*)`, 'm').exec(formatDeliveryStatus(status, options))![1]!

test('formatDeliveryStatus: fields in order, an empty line before each recipient [rfc3464 2.1]', () => {
  const status = { ...MESSAGE, envelopeId: 'QQ', recipients: [RECIPIENT, { ...RECIPIENT, action: 'delivered' }] }
  const group = (action: string) => `Final-Recipient: rfc822; b@c.example\r\nAction: ${action}\r\nStatus: 5.1.1\r\n`
  expect(formatDeliveryStatus(status)).toBe(
    `Original-Envelope-Id: QQ\r\nReporting-MTA: dns; mx.example\r\n\r\n${group('failed')}\r\n${group('delivered')}`,
  )
})

describe('formatDeliveryStatus: addresses of UTF-8 [rfc6533 3, 4.1]', () => {
  test.each([
    ['δ@c.example', 'utf-8; \\x{3B4}@c.example', 'utf-8; δ@c.example'],
    ['📫+=@c.example', 'utf-8; \\x{1F4EB}\\x{2B}\\x{3D}@c.example', 'utf-8; 📫+=@c.example'],
    [
      '"δ\\\\ b"@c.example',
      'utf-8; "\\x{3B4}\\x{5C}\\x{5C}\\x{20}b"@c.example',
      'utf-8; "δ\\x{5C}\\x{5C}\\x{20}b"@c.example',
    ],
  ])('formatDeliveryStatus: %s', (address, ascii, utf8) => {
    const status = withRecipient({ finalRecipient: typedAddress(address) })
    expect(lineOf(status, 'Final-Recipient')).toBe(ascii)
    expect(lineOf(status, 'Final-Recipient', { utf8: true })).toBe(utf8)
  })
})

test('formatDeliveryStatus: a reply of several lines stands line by line [rfc3461 9.2]', () => {
  const diagnostic = smtpDiagnostic({
    code: 550,
    enhanced: { class: 5, subject: 1, detail: 1 },
    lines: ['No', 'Sorry 550 x', ''],
  })
  expect(lineOf(withRecipient({ diagnostic }), 'Diagnostic-Code')).toBe(
    'smtp; 550-5.1.1 No\r\n 550-5.1.1 Sorry 550 x\r\n 550 5.1.1',
  )
})

test('formatDeliveryStatus: a long text is folded at 78 columns, and comes back [rfc5322 2.1.1]', () => {
  const text = 'word '.repeat(400).trim()
  const written = formatDeliveryStatus(withRecipient({ diagnostic: { type: 'x-a', text } }))
  expect(Math.max(...written.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78)
  expect(readDeliveryStatus(written).status.recipients[0]?.diagnostic?.text).toBe(text)
})

test('formatDeliveryStatus: a reply beyond what SMTP allows is folded like a text [rfc5321 4.5.3.1.5]', () => {
  const lines = ['word '.repeat(400).trim(), 'Sorry']
  const diagnostic = smtpDiagnostic({ code: 550, lines })
  const written = formatDeliveryStatus(withRecipient({ diagnostic }))
  expect(Math.max(...written.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78)
  expect(readDeliveryStatus(written).status.recipients[0]?.diagnostic).toEqual(diagnostic)
})

test('smtpDiagnostic: controls are blanks, and what is no code is refused [rfc5321 4.2]', () => {
  expect(smtpDiagnostic({ code: 451, lines: ['a\r\nb'] })).toEqual({
    type: 'smtp',
    text: '451 a b',
    reply: { code: 451, lines: ['a b'] },
  })
  expect(() => smtpDiagnostic({ code: 99, lines: [] })).toThrowError(
    expect.objectContaining({ code: 'MIME_BAD_REPORT' }),
  )
})

describe('formatDeliveryStatus: refuses', () => {
  const date = new Date(0)
  test.each<[string, DeliveryStatus, string]>([
    ['no server', { extensions: [], recipients: [RECIPIENT] }, 'MIME_BAD_REPORT'],
    ['no recipient', { ...MESSAGE, recipients: [] }, 'MIME_BAD_REPORT'],
    [
      'no address',
      { ...MESSAGE, recipients: [{ action: 'failed', status: RECIPIENT.status!, extensions: [] }] },
      'MIME_BAD_REPORT',
    ],
    ['no action', { ...MESSAGE, recipients: [{ ...RECIPIENT, action: undefined as never }] }, 'MIME_BAD_REPORT'],
    ['no status', { ...MESSAGE, recipients: [{ ...RECIPIENT, status: undefined as never }] }, 'MIME_BAD_REPORT'],
    ['another action', withRecipient({ action: 'bounced' }), 'MIME_BAD_REPORT'],
    ['a status out of range', withRecipient({ status: { class: 5, subject: 1000, detail: 1 } }), 'MIME_BAD_REPORT'],
    ['a class that is none', withRecipient({ status: { class: 3 as 2, subject: 1, detail: 1 } }), 'MIME_BAD_REPORT'],
    ['a time to give up of what failed', withRecipient({ willRetryUntil: date }), 'MIME_BAD_REPORT'],
    ['a line end in an address', withRecipient({ finalRecipient: typedAddress('a@b\r\nX: y') }), 'MIME_BAD_REPORT'],
    [
      'a line end in an address of UTF-8',
      withRecipient({ finalRecipient: typedAddress('δ@b\nX: y') }),
      'MIME_BAD_REPORT',
    ],
    ['an address in brackets', withRecipient({ finalRecipient: typedAddress('<a@b>') }), 'MIME_BAD_REPORT'],
    ['a comment in an address', withRecipient({ finalRecipient: typedAddress('a@b (c)') }), 'MIME_BAD_REPORT'],
    ['an empty address', withRecipient({ finalRecipient: typedAddress('') }), 'MIME_BAD_REPORT'],
    [
      'rfc822 that is not US-ASCII',
      withRecipient({ finalRecipient: { type: 'rfc822', address: 'δ@b' } }),
      'MIME_BAD_REPORT',
    ],
    ['a type that is none', withRecipient({ finalRecipient: { type: 'a b', address: 'a@b' } }), 'MIME_BAD_REPORT'],
    ['a server with a line end', withRecipient({ remoteMta: { type: 'dns', name: 'a\nb' } }), 'MIME_BAD_REPORT'],
    ['a text that is not US-ASCII', withRecipient({ diagnostic: { type: 'x-a', text: 'ü' } }), 'MIME_BAD_REPORT'],
    ['a text with a line end', withRecipient({ diagnostic: { type: 'x-a', text: 'a\r\nb' } }), 'MIME_BAD_REPORT'],
    ['a diagnostic without a type', withRecipient({ diagnostic: { type: '', text: 'a' } }), 'MIME_BAD_REPORT'],
    [
      'a language in US-ASCII',
      withRecipient({ localizedDiagnostics: [{ language: 'de', text: 'a' }] }),
      'MIME_BAD_REPORT',
    ],
    [
      'an extension of a known name',
      withRecipient({ extensions: [{ name: 'ACTION', value: 'failed' }] }),
      'MIME_BAD_REPORT',
    ],
    ['an extension without a name', withRecipient({ extensions: [{ name: 'a b', value: 'c' }] }), 'MIME_BAD_REPORT'],
    ['an extension without a value', withRecipient({ extensions: [{ name: 'X', value: '' }] }), 'MIME_BAD_REPORT'],
    ['a date that is none', withRecipient({ lastAttemptDate: new Date(Number.NaN) }), 'MIME_BAD_DATE'],
    ['a word over a line', withRecipient({ finalLogId: 'x'.repeat(1000) }), 'MIME_LINE_TOO_LONG'],
  ])('formatDeliveryStatus: %s [rfc3464 2]', (_name, status, code) => {
    expect(() => formatDeliveryStatus(status)).toThrowError(expect.objectContaining({ code }))
  })

  test.each([
    [
      'a language twice',
      [
        { language: 'de', text: 'a' },
        { language: 'DE', text: 'b' },
      ],
    ],
    ['a language that is none', [{ language: 'd e', text: 'a' }]],
  ])('formatDeliveryStatus: %s [rfc6533 4.1]', (_name, localizedDiagnostics) => {
    expect(() => formatDeliveryStatus(withRecipient({ localizedDiagnostics }), { utf8: true })).toThrowError(
      expect.objectContaining({ code: 'MIME_BAD_REPORT' }),
    )
  })
})

test('formatDeliveryStatus: what is written is read as the same value, in UTF-8 [rfc3464, rfc6533]', () => {
  fc.assert(
    fc.property(deliveryStatus, (status) => {
      const { status: read, defects } = readDeliveryStatus(formatDeliveryStatus(status, { utf8: true }), { utf8: true })
      expect(read).toEqual(status)
      expect(defects).toEqual([])
    }),
  )
})

test('formatDeliveryStatus: what is written is read as the same value, in US-ASCII [rfc3464, rfc6533]', () => {
  fc.assert(
    fc.property(deliveryStatus, (status) => {
      const recipients = status.recipients.map(({ localizedDiagnostics: _, ...recipient }) => recipient)
      const written = formatDeliveryStatus({ ...status, recipients })
      expect(isAscii(written)).toBe(true)
      const { status: read, defects } = readDeliveryStatus(written)
      expect(read).toEqual({ ...status, recipients })
      expect(defects).toEqual([])
    }),
  )
})
