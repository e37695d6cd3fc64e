import { encodeLatin1, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RecipientStatus, readDeliveryStatus, recipientReply } from '../src/index.ts'

const DATE = 'Fri, 21 Nov 1997 09:55:06 -0600'
const MESSAGE = 'Reporting-MTA: dns; mx.example\r\n'
const RECIPIENT = 'Final-Recipient: rfc822; b@c.example\r\nAction: failed\r\nStatus: 5.1.1\r\n'
const CODES = (text: string | Uint8Array, options = {}): string[] =>
  readDeliveryStatus(text, options).defects.map(({ code, other }) => (other === undefined ? code : `${code} ${other}`))
const recipientOf = (fields: string) => readDeliveryStatus(`${MESSAGE}\r\n${RECIPIENT}${fields}`).status.recipients[0]!

test('readDeliveryStatus: all fields [rfc3464 2.2, 2.3]', () => {
  const text =
    `Original-Envelope-Id: QQ314159\r\nREPORTING-MTA: dns; mx.example\r\nDSN-Gateway: dns; gw.example\r\n` +
    `Received-From-MTA: dns; from.example\r\nArrival-Date: ${DATE}\r\nX-Queue: a\r\n b\r\n\r\n` +
    `Original-Recipient: rfc822;a@b.example\r\nFinal-Recipient: RFC822; Bee@c.example\r\nAction: DELAYED\r\n` +
    `Status: 4.4.7 (timed out)\r\nRemote-MTA: dns; remote.example\r\nDiagnostic-Code: smtp; 451 4.4.7 Later\r\n` +
    `Last-Attempt-Date: ${DATE}\r\nFinal-Log-ID: log 1\r\nWill-Retry-Until: ${DATE}\r\nX-More: c\r\n`
  const date = new Date('1997-11-21T15:55:06Z')
  const { status, fields, defects } = readDeliveryStatus(text)
  expect(defects).toEqual([])
  expect(status).toEqual({
    envelopeId: 'QQ314159',
    reportingMta: { type: 'dns', name: 'mx.example' },
    gateway: { type: 'dns', name: 'gw.example' },
    receivedFromMta: { type: 'dns', name: 'from.example' },
    arrivalDate: date,
    extensions: [{ name: 'X-Queue', value: 'a b' }],
    recipients: [
      {
        originalRecipient: { type: 'rfc822', address: 'a@b.example' },
        finalRecipient: { type: 'rfc822', address: 'Bee@c.example' },
        action: 'delayed',
        status: { class: 4, subject: 4, detail: 7 },
        remoteMta: { type: 'dns', name: 'remote.example' },
        diagnostic: {
          type: 'smtp',
          text: '451 4.4.7 Later',
          reply: { code: 451, enhanced: { class: 4, subject: 4, detail: 7 }, lines: ['Later'] },
        },
        lastAttemptDate: date,
        finalLogId: 'log 1',
        willRetryUntil: date,
        extensions: [{ name: 'X-More', value: 'c' }],
      },
    ],
  })
  expect(fields.map((group) => group.length)).toEqual([6, 10])
  const all = fields.flat()
  expect(all.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text.replace('\r\n\r\n', '\r\n'))
})

describe('readDeliveryStatus: groups', () => {
  const other = RECIPIENT.replace('b@', 'd@')
  const swapped = `${RECIPIENT.replace('Action', 'Original-Recipient: rfc822;b@x.example\r\nAction')}`
  const acted = 'Action: failed\r\nFinal-Recipient: rfc822; b@c.example\r\nStatus: 5.1.1\r\n'
  const named = `Original-Recipient: rfc822;b@x.example\r\n${RECIPIENT}`
  test.each([
    ['two recipients', `${MESSAGE}\r\n${RECIPIENT}\r\n${other}`, ['b', 'd'], []],
    ['several empty lines', `\r\n\r\n${MESSAGE}\r\n\r\n\r\n${RECIPIENT}\r\n\r\n\r\n${other}\r\n\r\n`, ['b', 'd'], []],
    ['LF', `${MESSAGE}\r\n${RECIPIENT}\r\n${other}`.replaceAll('\r\n', '\n'), ['b', 'd'], []],
    ['CR', `${MESSAGE}\r\n${RECIPIENT}\r\n${other}`.replaceAll('\r\n', '\r'), ['b', 'd'], []],
    ['lines of blanks between', `${MESSAGE} \t\r\n${RECIPIENT}  \r\n${other}`, ['b', 'd'], []],
    [
      'no empty line at all',
      `${MESSAGE}${RECIPIENT}${other}`,
      ['b', 'd'],
      ['missing-blank-line', 'missing-blank-line'],
    ],
    ['no empty line, original last', `${MESSAGE}\r\n${swapped}${swapped}`, ['b', 'b'], ['missing-blank-line']],
    ['no empty line, original first', `${MESSAGE}\r\n${named}${named}`, ['b', 'b'], ['missing-blank-line']],
    ['no empty line, original sometimes', `${MESSAGE}\r\n${RECIPIENT}${named}`, ['b', 'b'], ['missing-blank-line']],
    ['no empty line, the action first', `${MESSAGE}\r\n${acted}${acted}`, ['b', 'b'], ['missing-blank-line']],
    ['the original last', `${MESSAGE}\r\n${RECIPIENT}Original-Recipient: rfc822;b@x\r\n`, ['b'], []],
    [
      'an empty line within',
      `${MESSAGE}\r\n${RECIPIENT}\r\nRemote-MTA: dns; r.example\r\n`,
      ['b'],
      ['stray-blank-line'],
    ],
    ['an empty line in the message', `${MESSAGE}\r\nX-A: b\r\n\r\n${RECIPIENT}`, ['b'], ['stray-blank-line']],
    ['no message', RECIPIENT, ['b'], ['missing-field Reporting-MTA']],
    ['the message last', `${RECIPIENT}\r\n${MESSAGE}`, ['b'], ['misplaced-field']],
    [
      'a message field in a recipient',
      `${MESSAGE}\r\n${RECIPIENT}Arrival-Date: ${DATE}\r\n`,
      ['b'],
      ['misplaced-field'],
    ],
    ['an unknown group', `${MESSAGE}\r\n${RECIPIENT}\r\nX-A: b\r\n`, ['b'], ['misplaced-field']],
    ['no recipient', MESSAGE, [], ['missing-field Final-Recipient']],
    ['nothing', '', [], ['missing-field Reporting-MTA', 'missing-field Final-Recipient']],
    ['a line that is none', `${MESSAGE}oops\r\n\r\n${RECIPIENT}`, ['b'], ['no-field']],
  ])('readDeliveryStatus: %s [rfc3464 2.1]', (_name, text, recipients, codes) => {
    const { status } = readDeliveryStatus(text)
    expect(status.recipients.map(({ finalRecipient }) => finalRecipient?.address[0])).toEqual(recipients)
    expect(CODES(text)).toEqual(codes)
  })
})

describe('readDeliveryStatus: addresses and servers', () => {
  test.each([
    ['rfc822;a@b.example', { type: 'rfc822', address: 'a@b.example' }, []],
    ['rfc822; "a (b"@c.example (c)', { type: 'rfc822', address: '"a (b"@c.example' }, []],
    ['rfc822 (x) ;(y) a@b.example', { type: 'rfc822', address: 'a@b.example' }, []],
    ['rfc822; <a@b.example>', { type: 'rfc822', address: 'a@b.example' }, ['bracketed-address']],
    ['a@b.example', { type: 'rfc822', address: 'a@b.example' }, ['missing-type']],
    ['somebody', { type: 'unknown', address: 'somebody' }, ['missing-type']],
    ['rfc822;', { type: 'rfc822', address: '' }, ['bad-address']],
    ['x400; /S=Ada/', { type: 'x400', address: '/S=Ada/' }, []],
    ['utf-8;\\x{3B4}\\x{1F4EB}@b.example', { type: 'utf-8', address: 'δ📫@b.example' }, []],
    ['UTF-8; a\\x{5C}\\x{20}b\\x{2B}@c.example', { type: 'utf-8', address: 'a\\ b+@c.example' }, []],
    ['utf-8; \\x{A}\\x{0D}@c.example', { type: 'utf-8', address: '\\x{A}\\x{0D}@c.example' }, ['bad-escape']],
    ['utf-8; \\x{D800}\\x{110000}@c', { type: 'utf-8', address: '\\x{D800}\\x{110000}@c' }, ['bad-escape']],
    ['utf-8; \\x{0041}@c', { type: 'utf-8', address: 'A@c' }, ['bad-escape']],
  ])('readDeliveryStatus: recipient %s [rfc3464 2.3.1, rfc6533 3]', (value, address, codes) => {
    const text = `${MESSAGE}\r\n${RECIPIENT}Original-Recipient: ${value}\r\n`
    expect(readDeliveryStatus(text).status.recipients[0]?.originalRecipient).toEqual(address)
    expect(CODES(text)).toEqual(codes)
  })

  test.each([
    ['dns; mx.example (10.0.0.1)', { type: 'dns', name: 'mx.example' }, []],
    ['mx.example', { type: 'dns', name: 'mx.example' }, ['missing-type']],
    ['my server', { type: 'unknown', name: 'my server' }, ['missing-type']],
    ['x400;', { type: 'x400', name: '' }, ['bad-value']],
  ])('readDeliveryStatus: server %s [rfc3464 2.2.2]', (value, name, codes) => {
    const text = `Reporting-MTA: ${value}\r\n\r\n${RECIPIENT}`
    expect(readDeliveryStatus(text).status.reportingMta).toEqual(name)
    expect(CODES(text)).toEqual(codes)
  })

  test('readDeliveryStatus: UTF-8 is right where it is said to be [rfc6533 4.1]', () => {
    const text = encodeUtf8(
      `${MESSAGE}\r\n${RECIPIENT.replace('rfc822; b', 'utf-8; δ')}Localized-Diagnostic: de; Unbekannt, ü\r\n`,
    )
    const { status, defects } = readDeliveryStatus(text, { utf8: true })
    expect(status.recipients[0]?.finalRecipient).toEqual({ type: 'utf-8', address: 'δ@c.example' })
    expect(status.recipients[0]?.localizedDiagnostics).toEqual([{ language: 'de', text: 'Unbekannt, ü' }])
    expect(defects).toEqual([])
    expect(CODES(text)).toEqual(['eight-bit', 'eight-bit'])
  })

  test('readDeliveryStatus: octets that are no UTF-8 are a character each', () => {
    const text = encodeLatin1(`${MESSAGE}\r\n${RECIPIENT}Diagnostic-Code: x-a; gr\xfc\xdfe\r\n`)
    expect(readDeliveryStatus(text).status.recipients[0]?.diagnostic?.text).toBe('grüße')
    expect(CODES(text)).toEqual(['eight-bit'])
  })
})

describe('readDeliveryStatus: action, status, dates', () => {
  test.each([
    ['Status: 5.0.0 (permanent failure)', [5, 0, 0], []],
    ['Status: 5.7.26', [5, 7, 26], []],
    ['Status: 5.0.0 permanent', [5, 0, 0], ['trailing-text permanent']],
    ['Status: 5.01.1', [5, 1, 1], ['bad-status']],
    ['Status: 5.1', undefined, ['bad-status']],
    ['Status: 3.1.1', undefined, ['bad-status']],
    ['Status: 5.1000.1', undefined, ['bad-status']],
    ['Status: 5.1.1000', undefined, ['bad-status']],
    ['', undefined, ['missing-field Status']],
    ['Diagnostic-Code: smtp; 550 5.1.1 x', [5, 1, 1], ['missing-field Status', 'status-from-diagnostic']],
    ['Diagnostic-Code: smtp; 5.1.0 - Unknown', [5, 1, 0], ['missing-field Status', 'status-from-diagnostic']],
    ['Diagnostic-Code: smtp; 550 x', undefined, ['missing-field Status']],
    ['Status: 4.2.2\r\nStatus: 5.2.2', [4, 2, 2], ['duplicate-field 5.2.2']],
  ])('readDeliveryStatus: %s [rfc3464 2.3.4]', (fields, status, codes) => {
    const text = `${MESSAGE}\r\nFinal-Recipient: rfc822; b@c.example\r\nAction: failed\r\n${fields}\r\n`
    const [kind, subject, detail] = status ?? []
    const expected = status && { class: kind, subject, detail }
    expect(readDeliveryStatus(text).status.recipients[0]?.status).toEqual(expected)
    expect(CODES(text)).toEqual(codes)
  })

  test.each([
    ['Action: Failed (no)', 'failed', []],
    ['Action: failure', 'failure', ['bad-action']],
    ['X-No: a', undefined, ['missing-field Action']],
    [`Action: failed\r\nWill-Retry-Until: ${DATE}`, 'failed', ['retry-without-delay']],
    ['Action: delayed\r\nLast-Attempt-Date: yesterday', 'delayed', ['bad-date']],
    ['Action: delayed\r\nLast-Attempt-Date: Sat, 21 Nov 1997 09:55:06 -0600', 'delayed', ['wrong-day Fri']],
  ])('readDeliveryStatus: %s [rfc3464 2.3.3, 2.3.9]', (fields, action, codes) => {
    const text = `${MESSAGE}\r\nFinal-Recipient: rfc822; b@c.example\r\nStatus: 4.4.7\r\n${fields}\r\n`
    expect(readDeliveryStatus(text).status.recipients[0]?.action).toBe(action)
    expect(CODES(text)).toEqual(codes)
  })
})

describe('readDeliveryStatus: what was said', () => {
  const status = { class: 5, subject: 1, detail: 1 }
  test.each([
    ['one line', 'smtp; 550 5.1.1 No such user', 550, status, ['No such user']],
    ['a fold', 'smtp; 550 5.1.1\r\n    No such\r\n\tuser', 550, status, ['No such user']],
    [
      'lines that are folded',
      'smtp;550-5.1.1 No such\r\n 550-5.1.1 user\r\n 550 5.1.1 Sorry',
      550,
      status,
      ['No such', 'user', 'Sorry'],
    ],
    [
      'lines that are folded, a line again',
      'smtp;550-5.1.1 No\r\n such\r\n 550 5.1.1 user',
      550,
      status,
      ['No such', 'user'],
    ],
    [
      'lines in one line',
      'smtp; 550-5.1.1 No such 550-5.1.1 user 550 5.1.1 Sorry',
      550,
      status,
      ['No such', 'user', 'Sorry'],
    ],
    [
      'lines in one line, folded',
      'smtp; 550-5.1.1 No\r\n    such 550 5.1.1\r\n    user',
      550,
      status,
      ['No such', 'user'],
    ],
    ['a code in the text', 'smtp; 550 5.1.1 Error 550 of it', 550, status, ['Error 550 of it']],
    ['a code in a line', 'smtp; 550-Error 550 of it\r\n 550 Sorry', 550, undefined, ['Error 550 of it', 'Sorry']],
    ['no last line', 'smtp; 550-5.1.1 a\r\n 550-5.1.1 b', 550, status, ['a', 'b']],
    ['another code within', 'smtp; 550-a\r\n 551 b\r\n 550 c', 550, undefined, ['a 551 b', 'c']],
    ['a status of another class', 'smtp; 550 4.1.1 x', 550, undefined, ['4.1.1 x']],
    ['a status of one line alone', 'smtp; 550-5.1.1 a\r\n 550 b', 550, status, ['a', 'b']],
    ['a number sign', 'smtp; 550 #5.1.1 x', 550, status, ['x']],
    ['the code alone', 'smtp; 550', 550, undefined, ['']],
    ['no type', '550 5.1.1 x', 550, status, ['x']],
  ])('readDeliveryStatus: a reply, %s [rfc3461 9.2, rfc5321 4.2]', (_name, value, code, enhanced, lines) => {
    const { diagnostic } = recipientOf(`Diagnostic-Code: ${value}\r\n`)
    expect(diagnostic?.type).toBe('smtp')
    expect(diagnostic?.reply).toEqual({ code, lines, ...(enhanced && { enhanced }) })
  })

  test.each([
    ['X-Postfix; unknown  user\u0007', { type: 'x-postfix', text: 'unknown user' }],
    ['x-unix; 550 5.1.1 x', { type: 'x-unix', text: '550 5.1.1 x' }],
    ['smtp; 5.1.0 - Unknown address', { type: 'smtp', text: '5.1.0 - Unknown address' }],
    ['smtp; 150 x', { type: 'smtp', text: '150 x' }],
    ['smtp; 5500 x', { type: 'smtp', text: '5500 x' }],
    ['user unknown', { type: 'unknown', text: 'user unknown' }],
  ])('readDeliveryStatus: no reply, %s [rfc3464 2.3.6]', (value, expected) => {
    expect(recipientOf(`Diagnostic-Code: ${value}\r\n`).diagnostic).toEqual(expected)
  })
})

describe('readDeliveryStatus: limits', () => {
  const many = MESSAGE + `\r\n${RECIPIENT}`.repeat(5)
  test('readDeliveryStatus: maxRecipients', () => {
    expect(readDeliveryStatus(many, { maxRecipients: 5 }).defects).toEqual([])
    const { status, defects } = readDeliveryStatus(many, { maxRecipients: 3 })
    expect(status.recipients).toHaveLength(3)
    const start = many.length - 2 * `\r\n${RECIPIENT}`.length + 2
    expect(defects).toEqual([{ code: 'recipient-limit', start, end: many.length }])
  })

  test('readDeliveryStatus: maxFields', () => {
    const { fields, defects } = readDeliveryStatus(many, { maxFields: 8 })
    expect(fields.flat()).toHaveLength(8)
    expect(defects.filter(({ code }) => code === 'too-many-fields')).toHaveLength(1)
  })

  test('readDeliveryStatus: maxDefects', () => {
    const { defects } = readDeliveryStatus(`${MESSAGE}oops\r\n`.repeat(9), { maxDefects: 3 })
    expect(defects.map(({ code }) => code)).toEqual(['no-field', 'no-field', 'no-field', 'defect-limit'])
  })

  test('readDeliveryStatus: anything is read, with places within it', () => {
    const word = fc.constantFrom(
      ...[
        'Final-Recipient',
        'Reporting-MTA',
        'Action',
        'Status',
        'Diagnostic-Code',
        'X',
        ':',
        ';',
        'rfc822',
        'smtp',
        ' ',
      ],
      ...['\r\n', '\n', '\r', '\r\n ', '550-', '550 ', '5.1.1', '(', ')', '"', '\\x{', '}', '<', 'ü', '\0', '\ud800'],
    )
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(''))
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array()), (content) => {
        const { defects, fields, status } = readDeliveryStatus(content)
        const { length } = typeof content === 'string' ? encodeUtf8(content) : content
        for (const { start, end } of [...defects, ...fields.flat()]) {
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(length)
        }
        expect(fields).toHaveLength(status.recipients.length + 1)
      }),
    )
  })
})

describe('recipientReply', () => {
  const status = { class: 5, subject: 1, detail: 1 } as const
  const nothing = { class: 5, subject: 0, detail: 0 } as const
  const reply = { code: 550, lines: ['x'] }
  const smtp = (enhanced?: typeof status) => ({
    type: 'smtp',
    text: '',
    reply: { ...reply, ...(enhanced && { enhanced }) },
  })
  test.each<[string, Omit<RecipientStatus, 'extensions'>, unknown]>([
    ['neither', {}, undefined],
    ['the status alone', { status }, { code: 554, enhanced: status, lines: [''] }],
    ['for now', { status: { ...status, class: 4 } }, { code: 451, enhanced: { ...status, class: 4 }, lines: [''] }],
    ['done', { status: { ...nothing, class: 2 } }, { code: 250, enhanced: { ...nothing, class: 2 }, lines: [''] }],
    ['the reply alone', { diagnostic: smtp() }, reply],
    ['a reply that says less', { status, diagnostic: smtp() }, { ...reply, enhanced: status }],
    ['a reply that says more', { status: nothing, diagnostic: smtp(status) }, { ...reply, enhanced: status }],
    ['both say nothing', { status: nothing, diagnostic: smtp() }, reply],
    ['of two classes', { status: { ...status, class: 4 }, diagnostic: smtp() }, reply],
  ])('recipientReply: %s [rfc3464 2.3.6]', (_name, recipient, expected) => {
    expect(recipientReply(recipient)).toEqual(expected)
  })
})
