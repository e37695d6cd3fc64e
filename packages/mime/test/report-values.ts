/** Values of reports of any shape that can be written, for properties. */
import { encodeBase64 } from '@posthorn/core'
import fc from 'fast-check'
import {
  type DeliveryStatus,
  type DispositionNotification,
  type FeedbackReport,
  smtpDiagnostic,
  typedAddress,
} from '../src/index.ts'

const word = fc.constantFrom(
  'a',
  'b-1',
  'x@y',
  '550',
  '5.1.1',
  '#',
  ';',
  ':',
  '(c)',
  '"q"',
  '\\',
  '<z>',
  'w'.repeat(70),
)
/** Words of US-ASCII with one blank or several between. */
export const phrase: fc.Arbitrary<string> = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '  ')), { minLength: 1, maxLength: 30 })
  .map((pairs) => pairs.flat().join('').trim())
const date = fc.integer({ min: 0, max: 4e9 }).map((seconds) => new Date(seconds * 1000))
const name = fc.constantFrom('mx.example', '[192.0.2.1]', 'a b', 'x'.repeat(200))
const mta = fc.record({ type: fc.constantFrom('dns', 'x400'), name })
const address = fc.constantFrom(
  ...['ada@example.org', '"a (b"@example.org', '"a\\\\b"@example.org', 'a+b=c@example.org', 'x;y', 'δ@example.org'],
  ...['δ+=@bücher.example', '"δ\\\\x{41} b"@example.org', `${'δ'.repeat(60)}@example.org`],
)
const typed = address.map(typedAddress)
const extensions = fc.array(fc.record({ name: fc.constantFrom('X-A', 'Foreign-Code'), value: phrase }), {
  maxLength: 3,
})
const status = fc.record({
  class: fc.constantFrom(2 as const, 4 as const, 5 as const),
  subject: fc.integer({ min: 0, max: 999 }),
  detail: fc.integer({ min: 0, max: 999 }),
})
const line = fc.constantFrom('No such user', '', 'see 550 there', 'a '.repeat(60).trim(), '550', '550-', '5.7.1 x')
const reply = fc
  .record(
    { code: fc.constantFrom(250, 451, 550), lines: fc.array(line, { minLength: 1, maxLength: 4 }), enhanced: status },
    { requiredKeys: ['code', 'lines'] },
  )
  .map(smtpDiagnostic)
const other = phrase.map((text) => ({ type: 'x-unix', text: text.replace(/ +/g, ' ') }))

function optional<T extends object>(all: { [Key in keyof T]-?: fc.Arbitrary<T[Key]> }, required: (keyof T)[]) {
  return fc.record(all, { requiredKeys: required as never[] }) as unknown as fc.Arbitrary<T>
}

const recipient = optional<DeliveryStatus['recipients'][number]>(
  {
    originalRecipient: typed,
    finalRecipient: typed,
    action: fc.constant('delayed'),
    status,
    remoteMta: mta,
    diagnostic: fc.oneof(reply, other),
    localizedDiagnostics: fc.constant([{ language: 'de', text: 'Unbekannt, ü' }]),
    lastAttemptDate: date,
    finalLogId: phrase,
    willRetryUntil: date,
    extensions,
  } as never,
  ['finalRecipient', 'action', 'status', 'extensions'],
)

export const deliveryStatus: fc.Arbitrary<DeliveryStatus> = optional<DeliveryStatus>(
  {
    envelopeId: phrase,
    reportingMta: mta,
    gateway: mta,
    receivedFromMta: mta,
    arrivalDate: date,
    extensions,
    recipients: fc.array(recipient, { minLength: 1, maxLength: 3 }),
  } as never,
  ['reportingMta', 'extensions', 'recipients'],
)

const mode = fc.constantFrom('manual' as const, 'automatic' as const)
const product = fc.constantFrom('Foomail 97.1', 'a b', 'x'.repeat(100))

export const dispositionNotification: fc.Arbitrary<DispositionNotification> = optional<DispositionNotification>(
  {
    reportingUa: fc.record({ name: product, product }, { requiredKeys: ['name'] }),
    gateway: mta,
    originalRecipient: typed,
    finalRecipient: typed,
    originalMessageId: fc.constantFrom('<1@a.example>', `<${'x'.repeat(100)}@a.example>`),
    disposition: fc.record({
      action: mode,
      sending: mode,
      type: fc.constantFrom('displayed', 'deleted', 'dispatched', 'processed'),
      modifiers: fc.constantFrom(['error'], ['error', 'x-more']),
    }),
    errors: fc.array(phrase, { maxLength: 2 }),
    extensions,
  } as never,
  ['finalRecipient', 'disposition', 'errors', 'extensions'],
)

const text = fc.constantFrom('v=spf1 -all', 'k=rsa; p=MIIB "q" \\x', `v=DKIM1; p=${'A'.repeat(400)}`)
const base64 = fc.uint8Array({ minLength: 1, maxLength: 300 }).map(encodeBase64)
const domain = fc.constantFrom('example.org', '_x.example')

export const feedback: fc.Arbitrary<FeedbackReport> = optional<FeedbackReport>(
  {
    feedbackType: fc.constantFrom('abuse', 'not-spam', 'auth-failure'),
    userAgent: phrase.filter((one) => !one.includes('(')),
    version: fc.constant(1),
    envelopeId: phrase,
    mailFrom: fc.constantFrom('', 'a@b.example', '"a b"@c.example'),
    rcptTo: fc.array(fc.constantFrom('a@b.example', 'c@d.example')),
    arrivalDate: date,
    reportingMta: mta,
    sourceIp: fc.constantFrom('192.0.2.1', '2001:db8::1'),
    sourcePort: fc.integer({ min: 1, max: 65_535 }),
    incidents: fc.nat(),
    authenticationResults: phrase.map((one) => [one]),
    reportedDomains: fc.array(domain, { minLength: 1, maxLength: 3 }),
    reportedUris: fc.array(fc.constantFrom('http://a.example/b(c)', 'mailto:a@b.example')),
    authFailure: fc.constantFrom('adsp', 'bodyhash', 'revoked', 'signature', 'spf', 'dmarc', 'new'),
    deliveryResult: fc.constantFrom('delivered', 'spam', 'policy', 'reject', 'other'),
    identityAlignment: fc.constantFrom([], ['dkim'], ['dkim', 'spf']),
    dkimDomain: domain,
    dkimIdentity: fc.constantFrom('@example.org', 'a@example.org'),
    dkimSelector: fc.constantFrom('s', 'a.b'),
    dkimSelectorDns: text,
    dkimAdspDns: text,
    dkimCanonicalizedHeader: base64,
    dkimCanonicalizedBody: base64,
    spfDns: fc.array(fc.record({ type: fc.constantFrom('txt', 'spf'), domain, record: text }), {
      minLength: 1,
      maxLength: 2,
    }),
    extensions,
  } as never,
  [
    ...(['feedbackType', 'userAgent', 'version', 'rcptTo', 'authenticationResults', 'reportedDomains'] as const),
    ...(['reportedUris', 'authFailure', 'identityAlignment', 'dkimDomain', 'dkimIdentity', 'dkimSelector'] as const),
    ...(['dkimAdspDns', 'spfDns', 'extensions'] as const),
  ],
)
