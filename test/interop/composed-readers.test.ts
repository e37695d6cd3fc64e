import { compose, type MessageInput, parseMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'

// What is composed is read alike by our own parser, by postal-mime and by mailparser, in each form.
const COUNT = 150

const word = fc.constantFrom(
  'Ada',
  'Zoë',
  '山田太郎',
  'Привет',
  'שלום',
  '😀👨\u200d👩\u200d👧',
  'ß'.repeat(60),
  'Doe, J',
  'W'.repeat(80),
)
const phrase = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
const lines = fc
  .array(fc.oneof(phrase, fc.constantFrom('.', 'From here', 'x'.repeat(998), 'ü'.repeat(700))), {
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => all.map((one) => `${one}\n`).join(''))
const message: fc.Arbitrary<MessageInput> = fc.record({
  from: fc.record({ name: phrase, address: fc.constant('ada@example.org') }),
  to: fc.array(fc.record({ name: phrase, address: fc.constantFrom('b@example.net', 'c+d@example.com') }), {
    minLength: 1,
    maxLength: 4,
  }),
  subject: phrase,
  text: lines,
  html: lines,
  attachments: fc.array(
    fc.record({
      filename: phrase.map((name) => `${name}.dat`),
      content: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

interface Found {
  readonly subject: string | undefined
  readonly to: readonly (readonly [string, string])[]
  readonly text: string | undefined
  readonly html: string | undefined
  readonly files: readonly (readonly [string | null | undefined, string])[]
}

const unended = (text: string | undefined) => text?.replaceAll('\r\n', '\n').trimEnd()
const hexOf = (octets: ArrayBuffer | Uint8Array | string) => Buffer.from(octets as Uint8Array).toString('hex')

async function byPostalMime(octets: Uint8Array): Promise<Found> {
  const read = await PostalMime.parse(octets)
  return {
    subject: read.subject,
    to: (read.to ?? []).map(({ name, address }) => [name, address ?? '']),
    text: unended(read.text),
    html: unended(read.html),
    files: read.attachments.map(({ filename, content }) => [filename, hexOf(content)]),
  }
}

async function byMailparser(octets: Uint8Array): Promise<Found> {
  const read = await simpleParser(Buffer.from(octets))
  return {
    subject: read.subject,
    to: [read.to ?? []].flat().flatMap(({ value }) => value.map(({ name, address }) => [name, address ?? ''] as const)),
    text: unended(read.text),
    html: unended(read.html || undefined),
    files: read.attachments.map(({ filename, content }) => [filename, hexOf(content)]),
  }
}

function byOurs(octets: Uint8Array): Found {
  const read = parseMessage(octets)
  // The name parameter of a Content-Type is an encoded word on purpose, for readers that know no other form.
  expect(read.defects.filter(({ code }) => code !== 'encoded-word-in-parameter')).toEqual([])
  return {
    subject: read.subject,
    to: read.header
      .addresses('to')
      .flatMap((one) => (one.type === 'mailbox' ? [[one.name ?? '', one.address] as const] : [])),
    text: unended(read.text),
    html: unended(read.html),
    files: read.attachments.map(({ filename, part }) => [filename, hexOf(read.contentOf(part).bytes)]),
  }
}

test(`compose: three parsers find in ${COUNT} messages what was put in, in every form`, async () => {
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
  for (const input of fc.sample(message, { numRuns: COUNT, seed: 77 })) {
    const composed = compose(input, { now: new Date(), random })
    const expected: Found = {
      subject: input.subject,
      to: (input.to as { name: string; address: string }[]).map(({ name, address }) => [name, address]),
      text: unended(input.text),
      html: unended(input.html),
      files: (input.attachments ?? []).map(({ filename, content }) => [filename, hexOf(content as Uint8Array)]),
    }
    for (const encoding of ['7bit', '8bit', 'binary'] as const) {
      const octets = composed.serialize({ encoding }).bytes()
      expect(byOurs(octets)).toEqual(expected)
      // postal-mime changes line ends in what is not encoded.
      if (encoding !== 'binary') expect(await byPostalMime(octets)).toEqual(expected)
      expect(await byMailparser(octets)).toEqual(expected)
    }
  }
})
