import {
  compose,
  deliveryReport,
  dispositionReport,
  feedbackReport,
  formatDeliveryStatus,
  formatDispositionNotification,
  formatFeedbackReport,
  type Part,
  readDeliveryStatus,
  readDispositionNotification,
  readFeedbackReport,
} from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryStatus, dispositionNotification, feedback } from '../../packages/mime/test/report-values.ts'
import { readReportsWithPython } from './lib/python-report.ts'

// Python's email package reads the reports that we build, group by group and field by field, and finds no defect.
const COUNT = 100
const SAMPLE = { numRuns: COUNT, seed: 20_261 }
const ORIGINAL = 'Subject: Hi\r\nMessage-ID: <1@a.example>\r\n\r\nHello\r\n'
const TEXT = 'What became of it.\n'

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
const send = (body: Part): Uint8Array =>
  compose({ from: 'postmaster@mx.example', to: 'a@a.example', body }, { now: new Date(), random }).bytes()

type Fields = readonly { readonly name: string; readonly value: string }[]
// Python leaves the blank of a fold that stands right behind the field name.
const unfolded = (text: string): string => text.replace(/\r?\n/g, '').trimStart()
const pairs = (groups: readonly Fields[]) => groups.map((fields) => fields.map(({ name, value }) => [name, value]))

async function compare(bodies: readonly Part[], groups: readonly (readonly Fields[])[], kind: string): Promise<void> {
  const results = await readReportsWithPython(bodies.map(send))
  for (const [index, body] of bodies.entries()) {
    const { blocks, types, text, ...found } = results[index]!
    expect(found).toEqual({ type: 'multipart/report', reportType: kind, subject: 'Hi', defects: [] })
    expect(text.replaceAll('\r\n', '\n')).toBe(TEXT)
    expect(types).toEqual(body.parts.map(({ mediaType }) => mediaType))
    // What stands behind the last empty line is another group to Python.
    const read = blocks.filter((block) => block.length > 0)
    expect(read.map((block) => block.map(([name, value]) => [name, unfolded(value)]))).toEqual(pairs(groups[index]!))
  }
}

test(`deliveryReport: ${COUNT} as Python's email package reads them [rfc3464]`, async () => {
  const all = fc.sample(deliveryStatus, SAMPLE).map((status) => {
    const recipients = status.recipients.map(({ localizedDiagnostics: _, ...one }) => one)
    return { ...status, recipients }
  })
  const isAscii = (body: Part) => body.parts[1]!.mediaType === 'message/delivery-status'
  const built = all.map((status) => ({ status, body: deliveryReport({ text: TEXT, status, original: ORIGINAL }) }))
  const ascii = built.filter(({ body }) => isAscii(body))
  expect(ascii.length).toBeGreaterThan(10)
  const groups = ascii.map(({ status }) => readDeliveryStatus(formatDeliveryStatus(status)).fields)
  await compare(
    ascii.map(({ body }) => body),
    groups,
    'delivery-status',
  )
})

test(`dispositionReport: ${COUNT} as Python's email package reads them [rfc8098]`, async () => {
  const all = fc
    .sample(dispositionNotification, SAMPLE)
    .map((one) => ({ ...one, originalMessageId: '<1@a.example>' }))
    .map((notification) => ({
      notification,
      body: dispositionReport({ text: TEXT, notification, original: ORIGINAL }),
    }))
    .filter(({ body }) => body.parts[1]!.mediaType === 'message/disposition-notification')
  expect(all.length).toBeGreaterThan(10)
  const groups = all.map(({ notification }) => [
    readDispositionNotification(formatDispositionNotification(notification)).fields,
  ])
  await compare(
    all.map(({ body }) => body),
    groups,
    'disposition-notification',
  )
})

test(`feedbackReport: ${COUNT} as Python's email package reads them [rfc5965]`, async () => {
  const all = fc.sample(feedback, SAMPLE)
  const bodies = all.map((one) => feedbackReport({ text: TEXT, feedback: one, original: ORIGINAL }))
  const groups = all.map((one) => [readFeedbackReport(formatFeedbackReport(one)).fields])
  await compare(bodies, groups, 'feedback-report')
})
