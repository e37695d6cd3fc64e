import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BodyCanonicalizer, type Canonicalization } from '../src/index.ts'
import { join, octets, textOf } from './example.ts'

const FORMS: readonly Canonicalization[] = ['simple', 'relaxed']

function feed(body: string, form: Canonicalization, size: number, limit?: number) {
  const canonicalizer = new BodyCanonicalizer(form, { limit })
  const bytes = octets(body)
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(canonicalizer.push(bytes.subarray(at, at + size)).slice())
  chunks.push(canonicalizer.end())
  return { text: textOf(join(...chunks)), length: canonicalizer.length }
}

/** The rules one after the other on the whole text, as an oracle. */
function slowly(body: string, form: Canonicalization): string {
  const lines = body
    .split('\r\n')
    .map((line) => (form === 'simple' ? line : line.replace(/[ \t]+/g, ' ').replace(/ $/, '')))
  while (lines.length > 0 && lines.at(-1) === '') lines.pop()
  if (lines.length === 0) return form === 'simple' ? '\r\n' : ''
  return `${lines.join('\r\n')}\r\n`
}

describe.each([1, 3, Number.POSITIVE_INFINITY])('BodyCanonicalizer, fed %s octets at a time', (size) => {
  test.each([
    ['the example', ' C \r\nD \t E\r\n\r\n\r\n', ' C \r\nD \t E\r\n', ' C\r\nD E\r\n', 'rfc6376 3.4.5'],
    ['nothing', '', '\r\n', '', 'rfc6376 3.4.3'],
    ['one empty line', '\r\n', '\r\n', '', 'rfc6376 3.4.3'],
    ['empty lines alone', '\r\n\r\n\r\n', '\r\n', '', 'rfc6376 3.4.3'],
    ['no final CRLF', 'a', 'a\r\n', 'a\r\n', 'rfc6376 3.4.3'],
    ['a final CRLF', 'a\r\n', 'a\r\n', 'a\r\n', 'rfc6376 3.4.3'],
    ['empty lines at the end', 'a\r\n\r\n\r\n', 'a\r\n', 'a\r\n', 'rfc6376 3.4.3'],
    ['empty lines at the start', '\r\n\r\na\r\n', '\r\n\r\na\r\n', '\r\n\r\na\r\n', 'rfc6376 3.4.3'],
    ['empty lines between', 'a\r\n\r\nb\r\n', 'a\r\n\r\nb\r\n', 'a\r\n\r\nb\r\n', 'rfc6376 3.4.3'],
    ['white space at line ends', 'a \t\r\nb\t\r\n', 'a \t\r\nb\t\r\n', 'a\r\nb\r\n', 'rfc6376 3.4.4'],
    ['white space at line starts', ' \ta\r\n\tb\r\n', ' \ta\r\n\tb\r\n', ' a\r\n b\r\n', 'rfc6376 3.4.4'],
    ['lines of white space at the end', 'a\r\n \r\n\t\r\n', 'a\r\n \r\n\t\r\n', 'a\r\n', 'rfc6376 3.4.4'],
    ['lines of white space between', 'a\r\n \r\nb\r\n', 'a\r\n \r\nb\r\n', 'a\r\n\r\nb\r\n', 'rfc6376 3.4.4'],
    ['white space alone', ' \t \r\n \r\n', ' \t \r\n \r\n', '', 'rfc6376 3.4.4'],
    ['white space without a line end', 'a\r\n  ', 'a\r\n  \r\n', 'a\r\n', 'rfc6376 3.4.4'],
    ['white space at the very end', 'a \t', 'a \t\r\n', 'a\r\n', 'rfc6376 3.4.4'],
    ['a bare LF', 'a\nb \n\r\n', 'a\nb \n\r\n', 'a\nb \n\r\n', 'rfc6376 2.8'],
    ['a bare CR', 'a\rb \r\r\n', 'a\rb \r\r\n', 'a\rb \r\r\n', 'rfc6376 2.8'],
    ['a bare CR at the end', 'a\r\n\r', 'a\r\n\r\r\n', 'a\r\n\r\r\n', 'rfc6376 2.8'],
    ['CRs before a line end', '\r\r\r\n', '\r\r\r\n', '\r\r\r\n', 'rfc6376 2.8'],
    ['octets over 127', '\xa0 \xff\x85\r\n', '\xa0 \xff\x85\r\n', '\xa0 \xff\x85\r\n', 'rfc6376 3.4.4'],
    ['a vertical tab, which is no white space', 'a \v \r\n', 'a \v \r\n', 'a \v\r\n', 'rfc6376 2.8'],
  ])('%s [$4]', (_, body, simple, relaxed) => {
    expect(feed(body, 'simple', size)).toEqual({ text: simple, length: simple.length })
    expect(feed(body, 'relaxed', size)).toEqual({ text: relaxed, length: relaxed.length })
  })

  test.each(FORMS.flatMap((form) => Array.from({ length: 12 }, (_, limit) => [form, limit] as const)))(
    '%s: a limit of %i cuts the canonical form and counts all of it [rfc6376 3.5]',
    (form, limit) => {
      const body = 'a \t b \r\n\r\nc\r\n\r\n'
      const whole = slowly(body, form)
      expect(feed(body, form, size, limit)).toEqual({ text: whole.slice(0, limit), length: whole.length })
    },
  )
})

describe.each(FORMS)('BodyCanonicalizer, %s', (form) => {
  const body = fc.string({
    unit: fc.constantFrom('\r\n', '\r', '\n', ' ', '\t', 'a', '\r\n\r\n', '  ', '\xff'),
    maxLength: 40,
  })

  test('does what the rules say, one after the other [rfc6376 3.4]', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(feed(text, form, Number.POSITIVE_INFINITY).text).toBe(slowly(text, form))
      }),
      { numRuns: 1000 },
    )
  })

  test('splitting changes nothing', () => {
    fc.assert(
      fc.property(
        body,
        fc.array(fc.nat({ max: 9 }), { minLength: 1 }),
        fc.option(fc.nat({ max: 30 })),
        (text, sizes, limit) => {
          const options = limit === null ? {} : { limit }
          const canonicalizer = new BodyCanonicalizer(form, options)
          const bytes = octets(text)
          const chunks: Uint8Array[] = []
          let at = 0
          for (const size of sizes) {
            chunks.push(canonicalizer.push(bytes.subarray(at, at + size)))
            at += size
          }
          chunks.push(canonicalizer.push(bytes.subarray(at)), canonicalizer.end())
          const whole = slowly(text, form)
          expect(textOf(join(...chunks))).toBe(whole.slice(0, limit ?? whole.length))
          expect(canonicalizer.length).toBe(whole.length)
        },
      ),
    )
  })

  test('its form stays as it is', () => {
    fc.assert(
      fc.property(body, (text) => {
        const once = feed(text, form, 5).text
        expect(feed(once, form, 7).text).toBe(once)
      }),
    )
  })

  test('holds back what a million empty lines cost, and gives it out once', () => {
    const canonicalizer = new BodyCanonicalizer(form)
    const lines = octets('\r\n'.repeat(1000))
    for (let round = 0; round < 1000; round++) expect(canonicalizer.push(lines).length).toBe(0)
    expect(canonicalizer.push(octets('a')).length).toBe(2_000_001)
    expect(textOf(canonicalizer.end())).toBe('\r\n')
  })
})
