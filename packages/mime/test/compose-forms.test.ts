import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  compose,
  entityPart,
  type MimePart,
  messagePart,
  multipart,
  type ParsedMessage,
  type Part,
  parseMessage,
  part,
} from '../src/index.ts'
import { anyMessage, lines } from './message-arbitrary.ts'

let drawn = 0
const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (drawn++ * 37) & 255)
const context = { now: new Date('2024-05-06T07:08:09Z'), random }
const FORMS = (['7bit', '8bit', 'binary'] as const).flatMap((encoding) =>
  [false, true].map((smtpUtf8) => ({ encoding, smtpUtf8 })),
)

/** What of a part breaks what it says of itself. */
function broken(message: ParsedMessage, part: MimePart): string[] {
  const field = part.fields.find(({ name }) => name.toLowerCase() === 'content-transfer-encoding')
  const label = field?.value ?? '7bit'
  const within = part.parts.flatMap((one) => broken(message, one))
  const body = decodeLatin1(message.bodyOf(part))
  const faults = label === 'binary' ? [] : linesOf(body)
  // RFC 2045 section 2.7 and 6.7: nothing but US-ASCII, and no NUL.
  if (label !== '8bit' && label !== 'binary' && /[^\u0001-\u007f]/.test(body)) faults.push('8-bit octets')
  if (label === '8bit' && body.includes('\0')) faults.push('a NUL')
  return [...faults.map((fault) => `${part.path} ${label}: ${fault}`), ...within]
}

function linesOf(text: string): string[] {
  const faults = /\r(?!\n)|(?<!\r)\n/.test(text) ? ['a bare CR or LF'] : []
  return text.split('\r\n').some((line) => line.length > 998) ? [...faults, 'a line over 998 octets'] : faults
}

/** Trees of parts, of messages within, and of entities that are there already. */
const { tree } = fc.letrec<{ tree: Part; leaf: Part }>((tie) => ({
  leaf: fc.oneof(
    lines.map((content) => part({ content })),
    fc.uint8Array({ maxLength: 80 }).map((content) => part({ content, contentType: 'image/png' })),
    fc.uint8Array({ maxLength: 80 }).map((content) => part({ content, contentType: 'text/plain; charset=koi8-r' })),
    lines.map((content) => part({ content, contentType: 'application/json' })),
    anyMessage.map((input) => messagePart(compose(input, context))),
    lines.map((text) => messagePart(`Content-Transfer-Encoding: binary\n\n${text}`)),
    lines.map((text) =>
      entityPart(
        encodeUtf8(`Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: binary\r\n\r\n${text}`),
      ),
    ),
    lines.map((content) => part({ content, opaque: true })),
  ),
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(
        fc.constantFrom('mixed', 'alternative', 'related', 'digest'),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      )
      .map(([subtype, parts]) => multipart(subtype, parts)),
  ),
}))

const LEVELS = ['7bit', '8bit', 'binary'] as const

test('compose: any tree, in the least form that it can have and in those above, says what it holds [rfc2045 6.4]', () => {
  fc.assert(
    fc.property(tree, (body) => {
      const message = compose({ from: 'a@x.example', body }, context)
      const least = message.needs.binary ? 2 : message.needs.eightBit ? 1 : 0
      for (const [level, encoding] of LEVELS.entries()) {
        if (level < least) {
          expect(failureOf(() => message.serialize({ encoding }))).toMatch(/^MIME_NEEDS_/)
          continue
        }
        const form = message.serialize({ encoding })
        const read = parseMessage(form.bytes())
        expect([form.size, broken(read, read.root)]).toEqual([form.bytes().length, []])
        expect(read.defects.filter(({ code }) => code !== 'encoded-word-in-parameter')).toEqual([])
        expect(typesOf(read.root)).toEqual(typesGiven(body))
      }
    }),
    { numRuns: 300 },
  )
})

// What a message within holds is another message's.
const typesOf = ({ contentType: { type, subtype }, parts }: MimePart): unknown =>
  type === 'message' ? `${type}/${subtype}` : [`${type}/${subtype}`, parts.map(typesOf)]
const typesGiven = ({ mediaType, parts }: Part): unknown =>
  mediaType.startsWith('message/') ? mediaType : [mediaType, parts.map(typesGiven)]

describe.each(FORMS)('compose: any message in the form $encoding, SMTPUTF8 $smtpUtf8', (form) => {
  test('no line is over 998 octets, no CR or LF bare, no octet beyond what its part says [rfc2045 2.7, 2.8, 6]', () => {
    fc.assert(
      fc.property(anyMessage, (input) => {
        const written = compose(input, context).serialize(form)
        const bytes = written.bytes()
        expect(written.size).toBe(bytes.length)
        const message = parseMessage(bytes)
        expect(broken(message, message.root)).toEqual([])
        const { start, end } = message.root.header
        const header = decodeLatin1(bytes.subarray(start, end))
        expect(linesOf(header)).toEqual([])
        if (!form.smtpUtf8) expect(header).toMatch(/^[\t\r\n -~]*$/)
        const labels = ['7bit', '8bit', 'binary']
        const found = new Set(labelsOf(message.root))
        for (const label of labels.slice(labels.indexOf(form.encoding) + 1)) expect(found).not.toContain(label)
        expect(written.eightBit || written.binary || /^[\0-\u007f]*$/.test(decodeLatin1(bytes))).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('a signed part is 7-bit, ends no line in a blank, and begins none with From [rfc1847 2.1, rfc3156 3]', () => {
    fc.assert(
      fc.property(lines, (text) => {
        const signature = part({ content: 'sig', contentType: 'application/pgp-signature' })
        const body = multipart('signed', [part({ content: text }), signature], { protocol: 'a/b', micalg: 'c' })
        const message = parseMessage(compose({ from: 'a@x.example', body }, context).serialize(form).bytes())
        const signed = decodeLatin1(message.octetsOf(message.root.parts[0]!))
        expect(signed).toMatch(/^[\u0001-\u007f]*$/)
        expect(signed).not.toMatch(/[ \t]\r\n|[ \t]$|(?:^|\n)From /)
      }),
      { numRuns: 100 },
    )
  })
})

function labelsOf({ fields, parts }: MimePart): string[] {
  const label = fields.find(({ name }) => name.toLowerCase() === 'content-transfer-encoding')?.value ?? '7bit'
  return [label, ...parts.flatMap(labelsOf)]
}
