import { encodeUtf8 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  type DeliveryStatus,
  type DispositionNotification,
  type FeedbackInput,
  formatDeliveryStatus,
  formatDispositionNotification,
  formatFeedbackReport,
  readDeliveryStatus,
  readDispositionNotification,
  readFeedbackReport,
  typedAddress,
} from '../src/index.ts'
import { CONTROLS, LOOKALIKES } from './injection-places.ts'

const STATUS: DeliveryStatus = {
  envelopeId: '*',
  reportingMta: { type: 'dns', name: 'mx.example' },
  gateway: { type: 'dns', name: '*' },
  receivedFromMta: { type: 'dns', name: '*' },
  extensions: [{ name: 'X-A', value: '*' }],
  recipients: [
    {
      originalRecipient: typedAddress('a@b.example'),
      finalRecipient: typedAddress('*@b.example'),
      action: 'failed',
      status: { class: 5, subject: 1, detail: 1 },
      remoteMta: { type: 'dns', name: '*' },
      diagnostic: { type: 'x-unix', text: '*' },
      finalLogId: '*',
      extensions: [{ name: 'X-B', value: '*' }],
    },
  ],
}
const NOTIFICATION: DispositionNotification = {
  reportingUa: { name: '*', product: '*' },
  gateway: { type: 'dns', name: '*' },
  finalRecipient: typedAddress('*@b.example'),
  originalMessageId: '<*@b.example>',
  disposition: { action: 'manual', sending: 'manual', type: 'displayed', modifiers: ['error'] },
  errors: ['*'],
  extensions: [{ name: 'X-A', value: '*' }],
}
const FEEDBACK: FeedbackInput = {
  feedbackType: 'abuse',
  userAgent: '*',
  version: 1,
  envelopeId: '*',
  mailFrom: '*@b.example',
  rcptTo: ['*@b.example'],
  reportingMta: { type: 'dns', name: '*' },
  authenticationResults: ['*'],
  reportedDomains: ['*.example'],
  reportedUris: ['https://b.example/*'],
  extensions: [{ name: 'X-A', value: '*' }],
}

const KINDS: readonly [
  string,
  unknown,
  (value: never) => string,
  (octets: Uint8Array) => { readonly fields: unknown },
][] = [
  ['formatDeliveryStatus', STATUS, (value) => formatDeliveryStatus(value, { utf8: true }), readDeliveryStatus],
  [
    'formatDispositionNotification',
    NOTIFICATION,
    (value) => formatDispositionNotification(value, { utf8: true }),
    readDispositionNotification,
  ],
  ['formatFeedbackReport', FEEDBACK, (value) => formatFeedbackReport(value), readFeedbackReport],
]

// Every text with an asterisk, one after the other, with another text in its place; the others have none.
function variants(value: unknown, text: string): unknown[] {
  const whole = JSON.stringify(value)
  const places = [...whole.matchAll(/\*/g)].map(({ index }) => index)
  return places.map((at) => {
    const marked = `${whole.slice(0, at).replaceAll('*', 'p')}\u0001${whole.slice(at + 1).replaceAll('*', 'p')}`
    return JSON.parse(marked.replace('\u0001', JSON.stringify(`a${text}b`).slice(1, -1)))
  })
}

const namesOf = (fields: unknown): string[] =>
  [fields].flat(3).map((field) => (field as { name: string }).name.toLowerCase())

test.each(KINDS)('%s: a text is refused, or stays in its field [security]', (_name, value, format, read) => {
  const plain = variants(value, '').map((one) => namesOf(read(encodeUtf8(format(one as never))).fields))
  for (const text of [...CONTROLS, ...LOOKALIKES]) {
    for (const [at, one] of variants(value, text).entries()) {
      const code = failureOf(() => format(one as never))
      expect([text, at, code]).toEqual([text, at, expect.stringMatching(/^none$|^MIME_BAD_/)])
      if (code !== 'none') continue
      const written = format(one as never)
      expect([text, at, /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)|(?<!\r)\n/.test(written)]).toEqual([
        text,
        at,
        false,
      ])
      expect([text, at, namesOf(read(encodeUtf8(written)).fields)]).toEqual([text, at, plain[at]])
    }
  }
})
