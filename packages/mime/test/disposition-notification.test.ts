import { isAscii } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type DispositionNotification,
  formatDispositionNotification,
  readDispositionNotification,
  typedAddress,
} from '../src/index.ts'
import { dispositionNotification } from './report-values.ts'

const NOTIFICATION: DispositionNotification = {
  finalRecipient: typedAddress('b@c.example'),
  disposition: { action: 'manual', sending: 'manual', type: 'displayed', modifiers: [] },
  errors: [],
  extensions: [],
}
const FIELDS = 'Final-Recipient: rfc822;b@c.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n'
const codesOf = (text: string): string[] =>
  readDispositionNotification(text).defects.map(({ code, other }) => (other === undefined ? code : `${code} ${other}`))

test('readDispositionNotification: all fields [rfc8098 3.2]', () => {
  const { notification, fields, defects } = readDispositionNotification(
    'Reporting-UA: joes-pc.example; Foomail 97.1 (beta)\r\nMDN-Gateway: dns; gw.example\r\n' +
      'Original-Recipient: rfc822;a@b.example\r\nFinal-Recipient: rfc822;b@c.example\r\n' +
      'Original-Message-ID: <1@a.example>\r\nDisposition: automatic-action / MDN-sent-automatically ; (x)\r\n' +
      ' Processed / Error , x-more\r\nError: no room\r\nError: at all\r\nX-Foo: bar\r\n',
  )
  expect(notification).toEqual({
    reportingUa: { name: 'joes-pc.example', product: 'Foomail 97.1' },
    gateway: { type: 'dns', name: 'gw.example' },
    originalRecipient: { type: 'rfc822', address: 'a@b.example' },
    finalRecipient: { type: 'rfc822', address: 'b@c.example' },
    originalMessageId: '<1@a.example>',
    disposition: { action: 'automatic', sending: 'automatic', type: 'processed', modifiers: ['error', 'x-more'] },
    errors: ['no room', 'at all'],
    extensions: [{ name: 'X-Foo', value: 'bar' }],
  })
  expect(fields).toHaveLength(9)
  expect(defects).toEqual([])
})

describe('readDispositionNotification: in doubt', () => {
  test.each([
    ['nothing', '', ['missing-field Final-Recipient', 'missing-field Disposition']],
    ['an empty line', FIELDS.replace('Disp', '\r\nDisp'), ['stray-blank-line']],
    ['no sending mode', FIELDS.replace('/MDN-sent-manually', ''), ['bad-disposition']],
    ['another type', FIELDS.replace('displayed', 'denied'), ['bad-disposition']],
    ['a disposition twice', `${FIELDS}Disposition: x\r\n`, ['duplicate-field x']],
    ['an error that is none', `${FIELDS}Error: x\r\n`, ['error-without-modifier']],
    ['an identifier without brackets', `${FIELDS}Original-Message-ID: 1@a.example\r\n`, ['missing-brackets']],
    ['an empty identifier', `${FIELDS}Original-Message-ID:\r\n`, ['bad-id']],
    ['an empty product', `${FIELDS}Reporting-UA: ;x\r\n`, ['bad-value']],
  ])('readDispositionNotification: %s [rfc8098 3.2]', (_name, text, codes) => {
    expect(codesOf(text)).toEqual(codes)
  })

  test('readDispositionNotification: what is in doubt is there as far as it goes', () => {
    const read = (text: string) => readDispositionNotification(text).notification
    expect(read(FIELDS.replace('displayed', 'denied')).disposition?.type).toBe('denied')
    expect(read(`${FIELDS}Original-Message-ID: 1@a.example\r\n`).originalMessageId).toBe('<1@a.example>')
    expect(read(FIELDS.replace('manual-action', 'x'))).not.toHaveProperty('disposition')
    expect(readDispositionNotification(new Uint8Array([0, 255, 58])).notification.errors).toEqual([])
  })
})

test('formatDispositionNotification: the order of the fields [rfc8098 3.1]', () => {
  const modifiers = ['error', 'x-more']
  const disposition = { action: 'automatic', sending: 'manual', type: 'deleted', modifiers } as const
  const full = {
    ...NOTIFICATION,
    reportingUa: { name: 'a', product: 'b' },
    originalMessageId: '<1@a.example>',
    disposition,
  }
  expect(formatDispositionNotification({ ...full, errors: ['no room'] })).toBe(
    'Reporting-UA: a; b\r\nFinal-Recipient: rfc822; b@c.example\r\nOriginal-Message-ID: <1@a.example>\r\n' +
      'Disposition: automatic-action/MDN-sent-manually; deleted/error,x-more\r\nError: no room\r\n',
  )
})

describe('formatDispositionNotification: refuses', () => {
  const disposition = NOTIFICATION.disposition!
  test.each<[string, Partial<DispositionNotification>, string]>([
    ['no recipient', { finalRecipient: undefined as never }, 'MIME_BAD_REPORT'],
    ['no disposition', { disposition: undefined as never }, 'MIME_BAD_REPORT'],
    ['another type', { disposition: { ...disposition, type: 'denied' } }, 'MIME_BAD_REPORT'],
    ['another mode', { disposition: { ...disposition, sending: 'never' as 'manual' } }, 'MIME_BAD_REPORT'],
    ['a modifier that is none', { disposition: { ...disposition, modifiers: ['a b'] } }, 'MIME_BAD_REPORT'],
    ['an error without its modifier', { errors: ['x'] }, 'MIME_BAD_REPORT'],
    ['a semicolon in the name', { reportingUa: { name: 'a;b' } }, 'MIME_BAD_REPORT'],
    ['a parenthesis in the product', { reportingUa: { name: 'a', product: '(b)' } }, 'MIME_BAD_REPORT'],
    ['an identifier that is none', { originalMessageId: '1@a' }, 'MIME_BAD_ID'],
    ['an extension of a known name', { extensions: [{ name: 'Disposition', value: 'x' }] }, 'MIME_BAD_REPORT'],
  ])('formatDispositionNotification: %s [rfc8098 3.2]', (_name, more, code) => {
    expect(() => formatDispositionNotification({ ...NOTIFICATION, ...more })).toThrowError(
      expect.objectContaining({ code }),
    )
  })
})

test('formatDispositionNotification: what is written is read as the same value [rfc8098, rfc6533 5]', () => {
  fc.assert(
    fc.property(dispositionNotification, fc.boolean(), (notification, utf8) => {
      const written = formatDispositionNotification(notification, { utf8 })
      if (!utf8) expect(isAscii(written)).toBe(true)
      const { notification: read, defects } = readDispositionNotification(written, { utf8 })
      expect(read).toEqual(notification)
      expect(defects).toEqual([])
    }),
  )
})
