/** Messages with names, texts and files of every script and shape, as fast-check makes them. */

import fc from 'fast-check'
import type { Address, AddressGroup, Attachment, MessageInput } from '../src/index.ts'

const SCRIPTS = [
  ...['Ada', 'Zoë Ångström', 'Αλέξης', 'Привет', 'Հայերեն', 'שלום', 'مرحبا', 'हिन्दी', 'ไทย', 'தமிழ்', 'ქართული', 'አማርኛ'],
  ...[
    '山田太郎',
    '한국어',
    'ᠮᠣᠩᠭᠣᠯ',
    '𐍈𐌰',
    '😀👨\u200d👩\u200d👧',
    'e\u0301\u0323',
    'İı',
    'ﬁ',
    '\u202bאבג\u202c',
    'x\u00adyz',
  ],
]
const SHAPES = [
  ...[
    'Doe, Jane',
    '"J"',
    'a\\b',
    'x@y',
    '<x>',
    '(c)',
    ';:',
    '.',
    '..',
    "it's",
    'a/b',
    '100%',
    '=?utf-8?Q?x?=',
    '_=?',
    '?=',
    '*',
  ],
  ...['W'.repeat(80), 'ß'.repeat(60), '山'.repeat(120), '😀'.repeat(40), 'x'.repeat(300)],
]
const word = fc.constantFrom(...SCRIPTS, ...SHAPES)

/** Words of all kinds with a blank between. */
export const phrase: fc.Arbitrary<string> = fc
  .array(word, { minLength: 1, maxLength: 6 })
  .map((words) => words.join(' '))

const ADDRESSES = ['ada@example.org', '"a b"@example.net', 'a+b@[192.0.2.1]', 'a@bücher.example']
const person: fc.Arbitrary<Address> = fc.record({ name: phrase, address: fc.constantFrom(...ADDRESSES) })
const group: fc.Arbitrary<AddressGroup> = fc.record({ name: phrase, members: fc.array(person, { maxLength: 3 }) })
const people = fc.array(fc.oneof({ weight: 4, arbitrary: person }, { weight: 1, arbitrary: group }), {
  minLength: 1,
  maxLength: 4,
})

const LINES = [
  '',
  '.',
  '..',
  'From here',
  ' lead',
  'trail ',
  '=',
  '-- ',
  '--=_x',
  'x'.repeat(998),
  'x'.repeat(2000),
  'ü'.repeat(700),
]
const line = fc.oneof(phrase, fc.constantFrom(...LINES))
/** Lines, each with its end. */
export const lines: fc.Arbitrary<string> = fc
  .array(line, { minLength: 1, maxLength: 6 })
  .map((all) => all.map((one) => `${one}\n`).join(''))

const content = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.constantFrom('a\r\nb\rc\nd', '\r', 'é\n').map((text) => new TextEncoder().encode(text)),
)
// A reader decodes what looks like an encoded word in a name that was decoded before.
const attachment: fc.Arbitrary<Attachment> = fc.record({
  filename: phrase.map((name) => `${name.replaceAll('=?', '')}.dat`),
  content,
})

/** A message that every reader should find the same in. */
export const anyMessage: fc.Arbitrary<MessageInput> = fc.record(
  {
    from: person,
    to: people,
    cc: people,
    subject: phrase,
    text: lines,
    html: lines.map((body) => `<p>${body}</p>\n`),
    attachments: fc.array(attachment, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['from', 'to', 'subject', 'text'] },
)
