import { compose, type MessageInput } from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PythonMessage, readWithPython } from './lib/python-email.ts'

// Python's email package reads what we compose: names, subjects, texts and files of every script and shape.
const COUNT = 400

const piece = fc.constantFrom(
  ...[
    'Ada',
    'Lovelace',
    'Zoë',
    'Ångström',
    '山田太郎',
    'Αλέξης',
    'Привет',
    'שלום',
    '😀👨\u200d👩\u200d👧',
    'ß'.repeat(60),
  ],
  ...['O’Brien', 'Doe, Jane', '"J"', 'a\\b', 'x@y', '=?utf-8?Q?x?=', '<x>', '(c)', ';:', '_=?', '.', 'W'.repeat(80)],
)
const phrase = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(' '))
const address = fc.constantFrom('ada@example.org', '"a b"@example.net', '"x>y,z"@example.com', 'a+b@[192.0.2.1]')
const person = fc.record({ name: phrase, address })
const line = fc.oneof(
  phrase,
  fc.constantFrom('', '.', '..', 'From here', ' lead', 'trail ', '\t', '=', 'x'.repeat(998), 'ü'.repeat(700)),
)
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.map((one) => `${one}\n`).join(''))
const file = fc.record({
  filename: phrase.map((name) => `${name}.dat`),
  content: fc.uint8Array({ maxLength: 300 }),
})

const message: fc.Arbitrary<MessageInput> = fc.record(
  {
    from: person,
    to: fc.array(person, { minLength: 1, maxLength: 6 }),
    cc: fc.array(person, { minLength: 1, maxLength: 3 }),
    subject: phrase,
    text,
    html: text.map((body) => `<p>${body}</p>\n`),
    attachments: fc.array(file, { maxLength: 3 }),
  },
  { requiredKeys: ['from', 'to', 'subject', 'text'] },
)

type People = readonly { readonly name: string; readonly address: string }[]

// Python leaves the line endings of the wire, and the blank of a fold right behind the field name; it puts a blank
// between the encoded words of a phrase, where RFC 2047 section 6.2 has none.
const lines = (body: string | null): string | null => body?.replaceAll('\r\n', '\n') ?? null
const unspaced = (name: string): string => name.replaceAll(' ', '')
const asRead = (people: People): string[][] => people.map(({ name, address: one }) => [unspaced(name), one])
const read = (people: PythonMessage['to']): string[][] => people.map(([name, one]) => [unspaced(name), one])

test(`compose: Python's email package finds in ${COUNT} messages what was put in, and no defect`, async () => {
  const inputs = fc.sample(message, { numRuns: COUNT, seed: 20_251 })
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
  const results = await readWithPython(inputs.map((input) => compose(input, { now: new Date(), random }).bytes()))
  for (const [index, input] of inputs.entries()) {
    const found = results[index]!
    const people = { from: read(found.from), to: read(found.to), cc: read(found.cc) }
    const texts = { plain: lines(found.plain), html: lines(found.html), subject: found.subject?.trimStart() }
    expect({ ...found, ...people, ...texts }).toEqual({
      defects: [],
      from: asRead([input.from] as People),
      to: asRead(input.to as People),
      cc: asRead((input.cc ?? []) as People),
      subject: input.subject,
      plain: input.text,
      html: input.html ?? null,
      files: (input.attachments ?? []).map(({ filename, content }) => ({
        name: filename,
        base64: Buffer.from(content as Uint8Array).toString('base64'),
      })),
    })
  }
})
