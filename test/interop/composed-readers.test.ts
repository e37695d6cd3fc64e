import {
  type Address,
  type AddressGroup,
  compose,
  type MessageInput,
  parseMessage,
  toAsciiDomain,
} from '@posthorn/mime'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyMessage } from '../../packages/mime/test/message-arbitrary.ts'
import { fileOf, type Reading, readingOf } from '../../packages/mime/test/probe-reading.ts'
import { askReaders } from './lib/message-readers.ts'

// What is composed is read alike by our own parser, by postal-mime, by mailparser and by Python, in each form.
const COUNT = 150

type Entry = Address | AddressGroup

function written(entry: Entry, smtpUtf8: boolean): string {
  if ('members' in entry) return `${entry.name}: ${entry.members.map((one) => written(one, smtpUtf8)).join(' ')};`
  const [local, domain] = entry.address.split(/@(?=[^@]*$)/)
  const address = smtpUtf8 ? entry.address : `${local}@${domain!.startsWith('[') ? domain : toAsciiDomain(domain!)}`
  return `${entry.name} <${address}>`
}

/** What a reader should find. */
function expected(input: MessageInput, smtpUtf8: boolean): Reading {
  const people = (field: unknown) => (field as Entry[] | undefined)?.map((one) => written(one, smtpUtf8)).join(' ')
  const files = (input.attachments ?? []).map(({ filename, content }) => fileOf(filename, content as Uint8Array, 'x'))
  return {
    subject: input.subject,
    from: people([input.from]),
    to: people(input.to),
    cc: people(input.cc),
    text: input.text,
    html: input.html,
    files: files.join(' ') || undefined,
  }
}

// Line ends of the last line are of the message; a name's blanks, and the form of an address in quotes, differ by reader.
const unended = (text: string | undefined): string | undefined => text?.trimEnd()
const plain = (text: string | undefined): string | undefined => text?.replace(/\s+/g, '').replaceAll('"', '')

// Some show an A-label as what it means, and one each octet of a U-label as half a surrogate.
function theirs(reading: Reading): Reading {
  const ascii = (text: string | undefined) => text?.replace(/@b(?:ü|\udcc3\udcbc)cher\./g, '@xn--bcher-kva.')
  const { from, to, cc } = reading
  return compared({ ...reading, from: ascii(from), to: ascii(to), cc: ascii(cc) })
}

// It looks for syntax in names of groups, and behind them, after it has decoded them.
function withoutLists(reading: Reading, { to, cc }: MessageInput): Reading {
  const lists = [to ?? [], cc ?? []].flat() as Entry[]
  return lists.some((one) => 'members' in one) ? { ...reading, to: '', cc: '' } : reading
}

function compared({ subject, from, to, cc, text, html, files }: Reading): Reading {
  return {
    subject: subject?.trimStart(),
    from: plain(from),
    to: plain(to),
    cc: plain(cc),
    text: unended(text),
    html: unended(html),
    files,
  }
}

describe.each(
  (['7bit', '8bit', 'binary'] as const).flatMap((encoding) =>
    [false, true].map((smtpUtf8) => ({ encoding, smtpUtf8 })),
  ),
)('compose: the form $encoding, SMTPUTF8 $smtpUtf8', ({ encoding, smtpUtf8 }) => {
  test(`four parsers find in ${COUNT} messages what was put in`, async () => {
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
    const inputs = fc.sample(anyMessage, { numRuns: COUNT, seed: 77 })
    const messages = inputs.map((input) =>
      compose(input, { now: new Date(), random }).serialize({ encoding, smtpUtf8 }).bytes(),
    )
    const others = await askReaders(messages)
    for (const [index, input] of inputs.entries()) {
      const wanted = compared(expected(input, smtpUtf8))
      const ours = parseMessage(messages[index]!)
      expect(compared(readingOf(ours))).toEqual(wanted)
      // The names of files in a type are encoded words on purpose, for readers that know no other form.
      const known = ['encoded-word-in-parameter', ...(smtpUtf8 ? ['eight-bit'] : [])]
      expect(ours.defects.filter(({ code }) => !known.includes(code))).toEqual([])
      const shown = compared(expected(input, false))
      const { 'postal-mime': postalMime, mailparser, Python } = others[index]!
      // It changes line ends in what is not encoded.
      if (encoding !== 'binary') expect(withoutLists(theirs(postalMime), input)).toEqual(withoutLists(shown, input))
      expect(theirs(mailparser)).toEqual(shown)
      expect(theirs(Python)).toEqual(shown)
    }
  })
})
