import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ComposedMessage,
  compose,
  entityPart,
  formatAddressField,
  type LintRule,
  lintMessage,
  type MessageInput,
  messagePart,
  multipart,
  part,
  type SerializeOptions,
} from '../src/index.ts'

const NOW = new Date('2024-05-06T07:08:09Z')
let count = 0
const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (count++ * 37) & 255)
const made = (input: MessageInput): ComposedMessage => compose(input, { now: NOW, random })

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'grapheme-ascii', size: 'medium' }),
  fc.constantFrom(
    'x'.repeat(1200),
    'a, "b" <c@d>',
    '=?utf-8?Q?x?=',
    ' a ',
    '\ud83d',
    'ü'.repeat(300),
    'From a',
    'J. R.',
  ),
)
const word = text.map((one) => one.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ''))
const body = fc.array(fc.oneof(text, fc.constantFrom('\n', '\r', '\r\n', '.', ' \n', '\0'))).map((all) => all.join(''))
const address = fc.constantFrom('a@x.example', '"b c"@x.example', 'd@[192.0.2.1]', 'e@müller.example')
// A name that reads as another address is what a writer may give, and a reader is to be told of.
const name = word.filter((one) => !/.@./.test(one))
const person = fc.record({ name, address })
const group = fc.record({
  name: name.filter((one) => one !== '' && !/\p{Cs}/u.test(one)),
  members: fc.array(person, { maxLength: 2 }),
})
const people = fc.array(fc.oneof(person, group), { maxLength: 4 })
const id = fc.constantFrom('<1@x.example>', '<2.a@[192.0.2.1]>')
const filename = word.map((one) => one.replace(/[/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''))
const file = fc.record(
  { content: fc.oneof(fc.uint8Array({ size: 'medium' }), body), filename },
  { requiredKeys: ['content'] },
)
const list = fc.record(
  {
    id: fc.constantFrom('news.x.example', { name: 'Neuigkeiten für alle', id: 'news.x.example' }),
    help: fc.constant('https://x.example/help'),
    unsubscribe: fc.constant(['https://x.example/u', 'mailto:u@x.example']),
    unsubscribePost: fc.constant(true),
    post: fc.constant('NO'),
  },
  { requiredKeys: ['unsubscribe'] },
)
const message: fc.Arbitrary<MessageInput> = fc.record(
  {
    from: person,
    sender: person,
    to: people,
    cc: people,
    bcc: people,
    subject: word,
    inReplyTo: id,
    references: fc.array(id, { minLength: 1 }),
    resent: fc.array(fc.record({ from: person, to: people }), { maxLength: 2 }),
    list,
    text: body,
    html: body.map((one) => one.replaceAll('cid:', '')),
    headers: fc.array(fc.record({ name: fc.constantFrom('X-A', 'Comments'), value: word })),
    attachments: fc.array(file, { maxLength: 3 }),
  },
  { requiredKeys: ['from'] },
)

const FORMS: readonly SerializeOptions[] = (['7bit', '8bit', 'binary'] as const).flatMap((encoding) =>
  [false, true].flatMap((smtpUtf8) => [false, true].map((keepBcc) => ({ encoding, smtpUtf8, keepBcc }))),
)

// The worst of what is found in a form, sent by what it was made for; a copy that is kept names blind recipients.
function faults(whole: ComposedMessage, { encoding = '7bit', smtpUtf8 = false, keepBcc = false }: SerializeOptions) {
  const octets = whole.serialize({ encoding, smtpUtf8, keepBcc }).bytes()
  const rules: Partial<Record<LintRule, 'off'>> = keepBcc ? { 'bcc-present': 'off' } : {}
  return lintMessage(octets, { encoding, smtpUtf8, rules }).filter(({ severity }) => severity !== 'notice')
}

describe('lintMessage: finds no error and no warning in what compose makes', () => {
  test('of any message, in each form', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(message, fc.constantFrom(...FORMS), (input, form) => {
        expect(faults(made(input), form)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  const image = { contentId: 'logo@x', contentType: 'image/png', content: new Uint8Array([137, 80, 78, 71]) }
  test.each<[string, Partial<MessageInput>]>([
    [
      'an image without a domain',
      { text: 'a', html: '<img src="cid:i">', attachments: [{ ...image, contentId: 'i' }] },
    ],
    ['an image in HTML', { text: 'a', html: '<img src="cid:logo@x">', attachments: [image] }],
    [
      'an invitation',
      {
        text: 'a',
        calendar: { method: 'REQUEST', content: 'BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR', filename: 'a.ics' },
      },
    ],
    ['AMP', { text: 'a', amp: '<html>', html: '<p>ü' }],
    ['octets', { attachments: [{ content: Uint8Array.from({ length: 999 }, (_, at) => at & 255) }] }],
    ['a message within', { body: messagePart(made({ from: 'b@x.example', text: 'ü\n' })) }],
    ['several authors', { from: ['a@x.example', 'b@x.example'], sender: 's@x.example', text: 'a' }],
    ['a long name', { text: 'a', attachments: [{ content: '', filename: `${'naïve '.repeat(30)}.txt` }] }],
    [
      'what is signed',
      {
        body: multipart(
          'signed',
          [
            multipart('mixed', [part({ content: 'ü trailing \nFrom here\n' }), part({ content: 'a' })]),
            entityPart(new TextEncoder().encode('Content-Type: application/pgp-signature\r\n\r\nabc\r\n')),
          ],
          { protocol: 'application/pgp-signature', micalg: 'pgp-sha256' },
        ),
      },
    ],
  ])('with %s', (_, input) => {
    const whole = made({ from: 'Ada <ada@example.org>', subject: 'Hi', to: 'b@example.net', ...input })
    for (const form of FORMS) expect(faults(whole, form)).toEqual([])
  })

  test('of fields that are formatted alone', () => {
    const field = formatAddressField('To', [
      { name: 'Zoë J. Q.', address: 'z@x.example' },
      { name: 'ü', members: [] },
    ])
    const octets = `Date: Mon, 06 May 2024 07:08:09 +0000\r\nFrom: a@x.example\r\nMessage-ID: <1@x.example>\r\n${field}\r\n\r\na\r\n`
    expect(lintMessage(octets).filter(({ severity }) => severity !== 'notice')).toEqual([])
  })
})
