import { describe, expect, test } from 'vitest'
import {
  parseMessage,
  readDeliveryStatus,
  readDispositionNotification,
  readFeedbackReport,
  readReport,
} from '../src/index.ts'

// Inputs that stop readers which look at anything twice for each of what they find.
const MANY = 500_000
const MDN = 'Disposition: manual-action/MDN-sent-manually; displayed'
const recipient = 'Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n'

describe('readDeliveryStatus: hostile input is read within limits', () => {
  test.each<[string, string, string | undefined]>([
    ['lines without a colon', 'a\n'.repeat(2 * MANY), 'no-field'],
    ['empty lines', '\n'.repeat(10 * MANY), 'missing-field'],
    ['blanks', `${' '.repeat(10 * MANY)}\n`, 'missing-field'],
    ['recipients', `${recipient}\n`.repeat(20_000), 'recipient-limit'],
    ['recipients that no line parts', recipient.repeat(20_000), 'recipient-limit'],
    ['groups of one field', 'X: a\n\n'.repeat(MANY), 'too-many-fields'],
    ['fields of one group', 'X: a\n'.repeat(MANY), 'too-many-fields'],
    ['one field many times', 'Action: failed\n'.repeat(MANY), 'too-many-fields'],
    ['lines of a reply', `Diagnostic-Code: smtp; 550-\n${' 550-\n'.repeat(MANY)}`, undefined],
    ['a reply in one line', `Diagnostic-Code: smtp; 550-${' 550-'.repeat(MANY)}`, undefined],
    ['blanks in a diagnostic', `Diagnostic-Code: smtp; 550-x${' '.repeat(MANY)}y`, undefined],
    ['comments that are open', `Final-Recipient: rfc822; ${'('.repeat(MANY)}`, 'missing-field'],
    ['comments', `Final-Recipient: rfc822; ${'()'.repeat(MANY)}`, 'bad-address'],
    ['quotes', `Final-Recipient: rfc822; (${'"\\"'.repeat(MANY)}`, 'missing-field'],
    ['escapes', `Final-Recipient: utf-8; ${'\\x{'.repeat(MANY)}`, 'missing-field'],
    ['semicolons', `Final-Recipient: (${';'.repeat(MANY)}`, 'missing-type'],
    ['lines of blanks within a field', `X: a\n${' \n'.repeat(MANY)}`, 'missing-field'],
  ])('readDeliveryStatus: %s', (_name, text, code) => {
    const { status, defects } = readDeliveryStatus(text)
    expect(status.recipients.length).toBeLessThanOrEqual(10_000)
    expect(defects.length).toBeLessThanOrEqual(1002)
    if (code !== undefined) expect(defects.map((one) => one.code)).toContain(code)
  })
})

test.each([
  ['blanks behind a slash', `${MDN}/${' '.repeat(MANY)}!`],
  ['blanks before a slash', `${MDN}${' '.repeat(MANY)}!`],
  ['commas', `${MDN}/${','.repeat(MANY)}!`],
])('readDispositionNotification: hostile input, %s', (_name, text) => {
  expect(readDispositionNotification(text).defects.map(({ code }) => code)).toContain('bad-disposition')
})

test.each([
  ['blanks in a record', `SPF-DNS: txt : a${' '.repeat(MANY)}!`, 'bad-value'],
  ['a record that is open', `DKIM-ADSP-DNS: "${'\\"'.repeat(MANY)}`, 'unquoted-value'],
  ['Base64 in pieces', `DKIM-Canonicalized-Body: ${'A '.repeat(MANY)}!`, 'bad-base64'],
  ['methods', `Identity-Alignment: ${'dkim,'.repeat(MANY)}`, 'bad-value'],
  ['domains', 'Reported-Domain: a\n'.repeat(MANY), 'too-many-fields'],
])('readFeedbackReport: hostile input, %s', (_name, text, code) => {
  expect(readFeedbackReport(text).defects.map((one) => one.code)).toContain(code)
})

test('readReport: hostile input, many reports in one message', () => {
  const part = '--b\nContent-Type: message/delivery-status\n\nX: y\n'
  const message = parseMessage(`Content-Type: multipart/report; boundary=b\n\n${part.repeat(20_000)}`)
  expect(readReport(message)?.part.path).toBe('1.1')
})
