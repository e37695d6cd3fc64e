import { encodeBase64, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMessage, readReport } from '../src/index.ts'

const STATUS = 'Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; b@c.example\nAction: failed\nStatus: 5.1.1\n'
const NOTE = 'Final-Recipient: rfc822; b@c.example\nDisposition: manual-action/MDN-sent-manually; displayed\n'
const FEEDBACK = 'Feedback-Type: abuse\nUser-Agent: a\nVersion: 1\n'
const TEXT = '\nIt did not arrive.\n'
const MACHINE = `Content-Type: message/delivery-status\n\n${STATUS}`
const ORIGINAL = 'Content-Type: message/rfc822\n\nMessage-ID: <1@a.example>\nSubject: Hi\n\nHello\n'

interface Shape {
  readonly type?: string
  readonly parts: readonly string[]
}

const REPORT = 'multipart/report; report-type=delivery-status'
const messageOf = ({ type = REPORT, parts }: Shape): string =>
  `Content-Type: ${type}; boundary=b\n\n${parts.map((part) => `--b\n${part}`).join('')}--b--\n`
const read = (shape: Shape) => readReport(parseMessage(messageOf(shape)))
const codesOf = (report: ReturnType<typeof readReport>) => report?.defects.map(({ code }) => code)

test('readReport: a report of delivery with the message [rfc6522 3, rfc3464 2]', () => {
  const report = read({ parts: [TEXT, MACHINE, ORIGINAL] })
  expect(report).toMatchObject({
    type: 'delivery',
    text: 'It did not arrive.',
    status: { recipients: [{ status: { class: 5, subject: 1, detail: 1 } }] },
    part: { path: '1.2' },
    original: { path: '1.3' },
    originalMessageId: '<1@a.example>',
    defects: [],
  })
  expect(report?.originalHeader?.text('subject')).toBe('Hi')
})

test('readReport: a report of disposition, whose own identifier counts [rfc8098 3]', () => {
  const type = 'multipart/report; report-type=disposition-notification'
  const note = (more: string) => `Content-Type: message/disposition-notification\n\n${NOTE}${more}`
  const report = read({ type, parts: [TEXT, note('Original-Message-ID: <2@a.example>\n'), ORIGINAL] })
  expect(report).toMatchObject({ type: 'disposition', originalMessageId: '<2@a.example>', defects: [] })
  expect(read({ type, parts: [TEXT, note(''), ORIGINAL] })?.originalMessageId).toBe('<1@a.example>')
})

test('readReport: feedback needs the message [rfc5965 2]', () => {
  const type = 'multipart/report; report-type=feedback-report'
  const machine = `Content-Type: message/feedback-report\n\n${FEEDBACK}`
  const report = read({ type, parts: [TEXT, machine, ORIGINAL] })
  expect(report).toMatchObject({ type: 'feedback', feedback: { feedbackType: 'abuse' }, defects: [] })
  expect(codesOf(read({ type, parts: [TEXT, machine] }))).toEqual(['missing-original'])
})

describe('readReport: the message that comes back', () => {
  const header = 'Message-ID: <1@a.example>\nSubject: Hi\n'
  test.each([
    ['text/rfc822-headers', `Content-Type: text/rfc822-headers\n\n${header}`],
    ['text/rfc822-headers behind empty lines', `Content-Type: text/rfc822-headers\n\n\r\n\n${header}`],
    ['message/global-headers', `Content-Type: message/global-headers\n\n${header}`],
    ['message/global', `Content-Type: message/global\n\n${header}\nHello\n`],
    [
      'message/global in Base64',
      `Content-Type: message/global\nContent-Transfer-Encoding: base64\n\n${encodeBase64(encodeUtf8(`${header}\nHello\n`))}\n`,
    ],
    [
      'headers in quoted-printable',
      `Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: quoted-printable\n\nMessage-ID:=20<1@a.example>\n`,
    ],
  ])('readReport: %s [rfc6522 4, rfc6533 4]', (_name, part) => {
    const report = read({ parts: [TEXT, MACHINE, part] })
    expect(report?.originalMessageId).toBe('<1@a.example>')
    expect(report?.defects).toEqual([])
  })

  test('readReport: it may stand anywhere beside, or lack', () => {
    expect(read({ parts: [ORIGINAL, TEXT, MACHINE] })?.originalMessageId).toBe('<1@a.example>')
    expect(read({ parts: [TEXT, MACHINE] })).not.toHaveProperty('original')
  })
})

describe('readReport: the message around it is wrong', () => {
  const mixed = 'multipart/mixed'
  const plain = `Content-Type: text/plain\n\n${STATUS}`
  test.each<[string, Shape, string[]]>([
    ['multipart/mixed', { type: mixed, parts: [TEXT, MACHINE] }, ['not-a-report']],
    ['no report type', { type: 'multipart/report', parts: [TEXT, MACHINE] }, ['missing-report-type']],
    ['another report type', { type: 'multipart/report; report-type=x', parts: [TEXT, MACHINE] }, ['wrong-report-type']],
    [
      'the report type in UTF-8',
      { type: 'multipart/report; report-type=global-delivery-status', parts: [TEXT, MACHINE] },
      [],
    ],
    ['the third part', { parts: [TEXT, ORIGINAL, MACHINE] }, ['misplaced-part']],
    ['the first part', { parts: [MACHINE, TEXT] }, ['misplaced-part', 'missing-text']],
    ['the second part is text', { parts: [TEXT, plain, ORIGINAL] }, ['wrong-part-type']],
  ])('readReport: %s [rfc6522 3]', (_name, shape, codes) => {
    const report = read(shape)
    expect(report).toMatchObject({ type: 'delivery', status: { recipients: [{ action: 'failed' }] } })
    expect(codesOf(report)).toEqual(codes)
  })

  test.each(['base64', 'quoted-printable'])('readReport: %s [rfc3464 2.1]', (encoding) => {
    const body = encoding === 'base64' ? `${encodeBase64(encodeUtf8(STATUS))}\n` : STATUS
    const part = (type: string) => `Content-Type: message/${type}\nContent-Transfer-Encoding: ${encoding}\n\n${body}`
    const report = read({ parts: [TEXT, part('delivery-status')] })
    expect(report).toMatchObject({ status: { recipients: [{ action: 'failed' }] } })
    expect(codesOf(report)).toEqual(['encoded-report'])
    expect(codesOf(read({ parts: [TEXT, part('global-delivery-status')] }))).toEqual([])
  })

  test('readReport: the message is the part', () => {
    const report = readReport(parseMessage(MACHINE))
    expect(report).toMatchObject({
      type: 'delivery',
      part: { path: '1' },
      status: { recipients: [{ action: 'failed' }] },
    })
    expect(codesOf(report)).toEqual(['not-a-report'])
  })

  test('readReport: text in several forms, and within', () => {
    const inner =
      'Content-Type: multipart/alternative; boundary=c\n\n--c\n\nPlain\n--c\nContent-Type: text/html\n\n<p>x\n--c--\n'
    expect(read({ parts: [inner, MACHINE] })?.text).toBe('Plain')
    expect(codesOf(read({ parts: ['Content-Type: text/html\n\n<p>x\n', MACHINE] }))).toEqual(['missing-text'])
  })
})

describe('readReport: none', () => {
  test.each<[string, string]>([
    ['text', 'Subject: Hi\n\nHello'],
    ['a report of another kind', messageOf({ type: 'multipart/report; report-type=x', parts: [TEXT, TEXT] })],
    ['a second part that is none', messageOf({ parts: [TEXT, TEXT] })],
    [
      'a report that is forwarded',
      messageOf({
        type: 'multipart/mixed',
        parts: [
          TEXT,
          `Content-Type: message/rfc822\n\n${messageOf({ parts: [TEXT, MACHINE] })
            .replaceAll('=b', '=c')
            .replaceAll('--b', '--c')}`,
        ],
      }),
    ],
  ])('readReport: %s [rfc6522 3]', (_name, message) => {
    expect(readReport(parseMessage(message))).toBeUndefined()
  })
})

test('readReport: places are octets of the message', () => {
  const message = messageOf({ parts: [TEXT, MACHINE.replace('failed', 'lost')] })
  const [defect] = readReport(parseMessage(message))!.defects
  expect(defect).toMatchObject({ code: 'bad-action', part: '1.2' })
  expect(message.slice(defect!.start, defect!.end)).toBe('Action: lost\n')
})

test('readReport: of an encoded part the whole is the place', () => {
  const machine = MACHINE.replace('\n\n', '\nContent-Transfer-Encoding: quoted-printable\n\n').replace('failed', 'lost')
  const report = readReport(parseMessage(messageOf({ parts: [TEXT, machine] })))!
  const defect = report.defects.find(({ code }) => code === 'bad-action')
  expect(defect).toMatchObject(report.part.body)
})

test('readReport: a part of a report counts before one that is attached [rfc6522 3]', () => {
  const attached = MACHINE.replace('failed', 'delivered')
  const inner = messageOf({ parts: [TEXT, MACHINE] })
    .replaceAll('=b', '=c')
    .replaceAll('--b', '--c')
  const report = read({ type: 'multipart/mixed', parts: [TEXT, attached, inner] })
  expect(report).toMatchObject({ part: { path: '1.3.2' }, status: { recipients: [{ action: 'failed' }] }, defects: [] })
})

test('readReport: limits are those of the part', () => {
  const machine = MACHINE + `\n${STATUS.slice(STATUS.indexOf('Final'))}`.repeat(9)
  const report = readReport(parseMessage(messageOf({ parts: [TEXT, machine] })), { maxRecipients: 2 })
  expect(report).toMatchObject({ status: { recipients: { length: 2 } } })
})

test('readReport: anything is read', () => {
  const piece = fc.constantFrom(
    ...[MACHINE, ORIGINAL, TEXT, STATUS, NOTE, FEEDBACK, '--b\n', '--b--\n', '\n', 'Content-Type: message/rfc822\n\n'],
    ...['Content-Type: multipart/report; boundary=b\n\n', 'Content-Type: message/feedback-report\n\n', '\r', '\0'],
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const message = messageOf({ parts: pieces })
      for (const { start, end } of readReport(parseMessage(message))?.defects ?? []) {
        expect(start).toBeLessThanOrEqual(end)
        expect(end).toBeLessThanOrEqual(message.length)
      }
    }),
  )
})
