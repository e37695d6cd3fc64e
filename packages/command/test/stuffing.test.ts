import { concatBytes, decodeLatin1, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DotStuffer, DotUnstuffer } from '../src/index.ts'

const SIZES = [1, 3, Number.POSITIVE_INFINITY]

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

// Bit n of the mask says whether the octets are split behind octet n.
function splitBy(bytes: Uint8Array, mask: number): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let start = 0
  for (let index = 0; index < bytes.length; index++) {
    if (((mask >> index) & 1) === 0 && index < bytes.length - 1) continue
    chunks.push(bytes.subarray(start, index + 1))
    start = index + 1
  }
  return chunks
}

const splitsOf = (bytes: Uint8Array): number => 2 ** Math.max(0, bytes.length - 1)

function stuff(chunks: Iterable<Uint8Array>): string {
  const stuffer = new DotStuffer()
  const sent = Array.from(chunks, (chunk) => stuffer.push(chunk).slice())
  return decodeLatin1(concatBytes([...sent, stuffer.end()]))
}

interface Received {
  readonly content: string
  readonly ended: boolean
  readonly rest: string
  readonly bare: boolean
}

function unstuff(chunks: Iterable<Uint8Array>): Received {
  const unstuffer = new DotUnstuffer()
  const content: Uint8Array[] = []
  const rest: Uint8Array[] = []
  let ended = false
  for (const chunk of chunks) {
    const found = unstuffer.push(chunk)
    content.push(found.bytes.slice())
    rest.push(found.rest)
    ended = found.ended
  }
  const [text, behind] = [content, rest].map((parts) => decodeLatin1(concatBytes(parts)))
  return { content: text!, ended, rest: behind!, bare: unstuffer.bareNewline }
}

// The rules said in text: every line ends with CRLF, and the first dot of a line is doubled.
function normalised(text: string): string {
  const lines = text.replace(/\r\n|\r|\n/g, '\r\n')
  return lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`
}

const stuffed = (text: string): string => `${normalised(text).replace(/^\./gm, '..')}.\r\n`

describe.each(SIZES)('DotStuffer fed %s octet(s) at a time', (size) => {
  test.each([
    { name: 'nothing', input: '', output: '.\r\n' },
    { name: 'a line', input: 'a\r\n', output: 'a\r\n.\r\n' },
    { name: 'a last line without its end', input: 'a', output: 'a\r\n.\r\n' },
    { name: 'a dot first in the message', input: '.a\r\n', output: '..a\r\n.\r\n' },
    { name: 'a lone dot', input: 'a\r\n.\r\nb\r\n', output: 'a\r\n..\r\nb\r\n.\r\n' },
    { name: 'a lone dot at the end', input: '.', output: '..\r\n.\r\n' },
    { name: 'two dots', input: '..\r\n', output: '...\r\n.\r\n' },
    { name: 'a dot inside a line', input: 'a.b\r\n', output: 'a.b\r\n.\r\n' },
    { name: 'bare LFs', input: 'a\n.\nb', output: 'a\r\n..\r\nb\r\n.\r\n' },
    { name: 'bare CRs', input: 'a\r.\rb', output: 'a\r\n..\r\nb\r\n.\r\n' },
    { name: 'a bare CR at the end', input: 'a\r', output: 'a\r\n.\r\n' },
    { name: 'CR CR LF', input: 'a\r\r\n.', output: 'a\r\n\r\n..\r\n.\r\n' },
    { name: 'LF CR', input: 'a\n\rb', output: 'a\r\n\r\nb\r\n.\r\n' },
    { name: 'a command in the message', input: 'a\n.\nMAIL FROM:<x>\n', output: 'a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n' },
    { name: 'octets over 127 and NUL', input: '\0\u00ff', output: '\0\u00ff\r\n.\r\n' },
  ])('DotStuffer: $name [rfc5321 4.5.2]', ({ input, output }) => {
    expect(stuff(chunksOf(octets(input), size))).toBe(output)
  })
})

describe('DotStuffer and DotUnstuffer: all messages of at most 6 octets', () => {
  const ALPHABET = ['\r', '\n', '.', '\0', 'a']
  const messages = ['']
  for (let index = 0; index < messages.length && messages[index]!.length < 6; index++) {
    for (const character of ALPHABET) messages.push(messages[index]! + character)
  }

  // A call of `expect` for each of half a million cases would take most of the time.
  const firstFailing = (fails: (message: string, bytes: Uint8Array) => boolean): string | undefined =>
    messages.find((message) => fails(message, octets(message)))

  test('DotStuffer: has no bare CR or LF and exactly one end, and is the same at every split [rfc5321 2.3.8]', () => {
    expect(messages.length).toBe((5 ** 7 - 1) / 4)
    const failing = firstFailing((message, bytes) => {
      const output = stuff([bytes])
      const isOne = `\r\n${output}`.indexOf('\r\n.\r\n') === output.length - 3
      if (!isOne || /\r(?!\n)|(?<!\r)\n/.test(output) || output !== stuffed(message)) return true
      for (let mask = 0; mask < splitsOf(bytes); mask++) if (stuff(splitBy(bytes, mask)) !== output) return true
      return false
    })
    expect(failing).toBeUndefined()
  }, 60_000)

  test('DotUnstuffer: gives back the normalised message, at every split in two and octet by octet [rfc5321 4.5.2]', () => {
    const failing = firstFailing((message) => {
      const wire = octets(`${stuffed(message)}QUIT\r\n`)
      const isGood = ({ content, ended, rest, bare }: Received): boolean =>
        content === normalised(message) && ended && rest === 'QUIT\r\n' && !bare
      if (!isGood(unstuff(chunksOf(wire, 1)))) return true
      for (let at = 0; at <= wire.length; at++) {
        if (!isGood(unstuff([wire.subarray(0, at), wire.subarray(at)]))) return true
      }
      return false
    })
    expect(failing).toBeUndefined()
  }, 60_000)
})

// What stands between a message and a command, whether it ends the message, and what is then received.
const END_OF_DATA = [
  { name: 'CRLF . CRLF', sequence: '\r\n.\r\n', ends: true, content: 'a\r\n', bare: false },
  { name: 'CR CRLF . CRLF', sequence: '\r\r\n.\r\n', ends: true, content: 'a\r\r\n', bare: true },
  { name: 'LF . LF', sequence: '\n.\n', ends: false, content: 'a\n.\nb\r\n', bare: true },
  { name: 'LF . CRLF', sequence: '\n.\r\n', ends: false, content: 'a\n.\r\nb\r\n', bare: true },
  { name: 'CRLF . LF', sequence: '\r\n.\n', ends: false, content: 'a\r\n\nb\r\n', bare: true },
  { name: 'CR . LF', sequence: '\r.\n', ends: false, content: 'a\r.\nb\r\n', bare: true },
  { name: 'CR . CR', sequence: '\r.\r', ends: false, content: 'a\r.\rb\r\n', bare: true },
  { name: 'CR . CRLF', sequence: '\r.\r\n', ends: false, content: 'a\r.\r\nb\r\n', bare: true },
  { name: 'CRLF . CR', sequence: '\r\n.\r', ends: false, content: 'a\r\n\rb\r\n', bare: true },
  { name: 'LF . CR', sequence: '\n.\r', ends: false, content: 'a\n.\rb\r\n', bare: true },
  { name: 'CRLF . CR CRLF', sequence: '\r\n.\r\r\n', ends: false, content: 'a\r\n\r\r\nb\r\n', bare: true },
  { name: 'CRLF NUL . CRLF', sequence: '\r\n\0.\r\n', ends: false, content: 'a\r\n\0.\r\nb\r\n', bare: false },
  { name: 'CRLF . NUL CRLF', sequence: '\r\n.\0\r\n', ends: false, content: 'a\r\n\0\r\nb\r\n', bare: false },
  { name: 'CRLF . SP CRLF', sequence: '\r\n. \r\n', ends: false, content: 'a\r\n \r\nb\r\n', bare: false },
  { name: 'CRLF . x CRLF', sequence: '\r\n.x\r\n', ends: false, content: 'a\r\nx\r\nb\r\n', bare: false },
  { name: 'CRLF . . CRLF', sequence: '\r\n..\r\n', ends: false, content: 'a\r\n.\r\nb\r\n', bare: false },
  { name: 'LF LF', sequence: '\n\n', ends: false, content: 'a\n\nb\r\n', bare: true },
]

describe('DotUnstuffer: the end of data', () => {
  test.each(END_OF_DATA)('DotUnstuffer: $name ends the message: $ends, at every split [rfc5321 4.1.1.4]', (row) => {
    const behind = 'b\r\n.\r\nQ'
    const wire = octets(`a${row.sequence}${behind}`)
    const rest = row.ends ? behind : 'Q'
    const expected = { content: row.content, ended: true, rest, bare: row.bare }
    let failing = -1
    for (let mask = 0; mask < splitsOf(wire) && failing < 0; mask++) {
      const { content, ended, rest: left, bare } = unstuff(splitBy(wire, mask))
      if (content !== row.content || !ended || left !== rest || bare !== row.bare) failing = mask
    }
    expect(unstuff(splitBy(wire, Math.max(0, failing)))).toEqual(expected)
    expect(failing).toBe(-1)
  })

  test('DotUnstuffer: of these, CRLF . CRLF alone ends a message that has no bare newline [rfc5321 4.1.1.4]', () => {
    const ending = END_OF_DATA.filter(({ sequence }) => {
      const received = unstuff([octets(`a${sequence}`)])
      return received.ended && !received.bare
    })
    expect(ending.map(({ name }) => name)).toEqual(['CRLF . CRLF'])
  })

  test.each(SIZES)('DotUnstuffer: a lone dot first is an empty message, fed %s octet(s) at a time', (size) => {
    const expected = { content: '', ended: true, rest: 'QUIT\r\n', bare: false }
    expect(unstuff(chunksOf(octets('.\r\nQUIT\r\n'), size))).toEqual(expected)
  })

  test.each([
    { name: 'nothing', input: '' },
    { name: 'a line', input: 'a\r\n' },
    { name: 'a dot', input: '.' },
    { name: 'a dot and a CR', input: 'a\r\n.\r' },
    { name: 'a CR', input: 'a\r' },
  ])('DotUnstuffer: $name does not end the message', ({ input }) => {
    expect(unstuff([octets(input)]).ended).toBe(false)
  })
})

test('DotUnstuffer: any octets in any chunks give the same', () => {
  const octet = fc.constantFrom(...encodeUtf8('\r\n.a\0'))
  fc.assert(
    fc.property(fc.array(octet, { maxLength: 40, size: 'max' }), fc.infiniteStream(fc.nat(6)), (values, sizes) => {
      const bytes = Uint8Array.from(values)
      const chunks: Uint8Array[] = []
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(unstuff(chunks)).toEqual(unstuff([bytes]))
    }),
    { numRuns: 2000 },
  )
})

test('DotUnstuffer: what it gives is safe to keep when the input changes', () => {
  const bytes = octets('ab\r\n.\r\nQ')
  const chunk = new DotUnstuffer().push(bytes)
  bytes.fill(0)
  expect(decodeLatin1(chunk.bytes)).toBe('ab\r\n')
  expect(decodeLatin1(chunk.rest)).toBe('Q')
})

test('DotUnstuffer: after the end everything is rest', () => {
  const unstuffer = new DotUnstuffer()
  expect(unstuffer.push(octets('.\r\n'))).toMatchObject({ ended: true, rest: new Uint8Array(0) })
  expect(unstuffer.push(octets('\n.\r\n'))).toEqual({ bytes: new Uint8Array(0), ended: true, rest: octets('\n.\r\n') })
  expect(unstuffer.bareNewline).toBe(false)
})
