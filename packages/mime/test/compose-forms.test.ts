import { decodeLatin1 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compose, type MimePart, multipart, type ParsedMessage, parseMessage, part } from '../src/index.ts'
import { anyMessage, lines } from './message-arbitrary.ts'

const context = { now: new Date('2024-05-06T07:08:09Z'), random: (length: number) => new Uint8Array(length).fill(5) }
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
