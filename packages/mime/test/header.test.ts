import { concatBytes, decodeLatin1, encodeUtf8, MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { splitMessage } from '../src/index.ts'

const split = (text: string, maxHeaderLength?: number) =>
  splitMessage(encodeUtf8(text), maxHeaderLength === undefined ? {} : { maxHeaderLength })

describe('splitMessage', () => {
  test.each([
    ['a field and a body [rfc5322 2.1]', 'A: b\r\n\r\nbody\r\n', [['A', 'A: b']], 'body\r\n'],
    [
      'folded fields [rfc5322 2.2.3]',
      'A: b\r\n c\r\n\td\r\nE: f\r\n\r\n',
      [
        ['A', 'A: b\r\n c\r\n\td'],
        ['E', 'E: f'],
      ],
      '',
    ],
    ['a line of blanks within a field [rfc5322 4.2]', 'A: b\r\n \r\n c\r\n\r\nx', [['A', 'A: b\r\n \r\n c']], 'x'],
    [
      'one name twice, in order [rfc5322 3.6]',
      'A: 1\r\nB: 2\r\na: 3\r\n\r\n',
      [
        ['A', 'A: 1'],
        ['B', 'B: 2'],
        ['a', 'a: 3'],
      ],
      '',
    ],
    ['a blank before the colon [rfc5322 4.5]', 'Subject \t: a\r\n\r\n', [['Subject', 'Subject \t: a']], ''],
    ['an empty value [rfc5322 2.2]', 'A:\r\n\r\n', [['A', 'A:']], ''],
    ['colons in a value [rfc5322 2.2]', 'A: b: c\r\n\r\n', [['A', 'A: b: c']], ''],
    ['no header [rfc5322 2.1]', '\r\nbody', [], 'body'],
    ['nothing [rfc5322 2.1]', '', [], ''],
    ['no body [rfc5322 2.1]', 'A: b\r\n', [['A', 'A: b']], ''],
    ['no end of line [rfc5322 2.1]', 'A: b', [['A', 'A: b']], ''],
    ['an empty line in the body [rfc5322 2.1]', 'A: b\r\n\r\n\r\nC: d\r\n', [['A', 'A: b']], '\r\nC: d\r\n'],
    [
      'a bare LF or CR, which ends no field [rfc5322 2.1]',
      'A: b\nC: d\re\r\nF: g\n\n\r\n\r\nx',
      [
        ['A', 'A: b\nC: d\re'],
        ['F', 'F: g\n\n'],
      ],
      'x',
    ],
    ['other than US-ASCII in a value [rfc6532 3.2]', 'A: é\r\n\r\né', [['A', 'A: Ã©']], 'Ã©'],
    [
      'every character of a name [rfc5322 2.2]',
      "!#$%&'*+-./09;<=>?@AZ[\\]^_`az{|}~: x\r\n\r\n",
      [["!#$%&'*+-./09;<=>?@AZ[\\]^_`az{|}~", "!#$%&'*+-./09;<=>?@AZ[\\]^_`az{|}~: x"]],
      '',
    ],
  ])('splitMessage: %s', (_, text, fields, body) => {
    const message = split(text)
    expect(message.fields.map(({ name, bytes }) => [name, decodeLatin1(bytes)])).toEqual(fields)
    expect(decodeLatin1(message.body)).toBe(body)
  })

  test.each([
    ['a line without a colon', 'A: b\r\nC\r\n\r\n', 6],
    ['a colon alone', ': b\r\n\r\n', 0],
    ['a blank in a name', 'A b: c\r\n\r\n', 0],
    ['a first line that continues', ' A: b\r\n\r\n', 0],
    ['a name that is not US-ASCII', 'Ä: b\r\n\r\n', 0],
    ['a control in a name', 'A: b\r\nA\0: b\r\n\r\n', 6],
    ['an envelope line of a mailbox file', 'From a Mon Jan\r\nA: b\r\n\r\n', 0],
    ['lines that end with LF', 'A\nB: c\n\nbody', 0],
  ])('splitMessage: refuses %s, with its offset [rfc5322 2.2]', (_, text, offset) => {
    try {
      split(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(MailError)
      expect(error).toMatchObject({ code: 'MIME_BAD_FIELD', offset })
    }
  })

  test('splitMessage: the header is bounded, the body is not', () => {
    expect(split(`A: ${'b'.repeat(7)}\r\n\r\n${'c'.repeat(100)}`, 10).fields).toHaveLength(1)
    expect(failureOf(() => split(`A: ${'b'.repeat(8)}\r\n\r\n`, 10))).toBe('MIME_HEADER_TOO_LONG')
    expect(failureOf(() => split('A: b\r\nC: d\r\n\r\n', 9))).toBe('MIME_HEADER_TOO_LONG')
    expect(failureOf(() => split(`A: ${'b'.repeat(1_048_573)}\r\n\r\n`))).toBe('none')
    expect(failureOf(() => split(`A: ${'b'.repeat(1_048_574)}\r\n\r\n`))).toBe('MIME_HEADER_TOO_LONG')
  })

  test('splitMessage: gives views, whose octets with what parts them are the message', () => {
    const bytes = encodeUtf8('A: b\r\n c\r\nD: e\r\n\r\nbody')
    const { fields, body } = splitMessage(bytes)
    for (const view of [...fields.map((field) => field.bytes), body]) expect(view.buffer).toBe(bytes.buffer)
    const crlf = encodeUtf8('\r\n')
    expect(concatBytes([...fields.flatMap((field) => [field.bytes, crlf]), crlf, body])).toEqual(bytes)
  })

  test('splitMessage: whatever it takes, comes back octet for octet, else it throws a MailError', () => {
    const piece = fc.constantFrom('A', ':', ' ', '\t', '\r', '\n', '\r\n', '\r\n\r\n', 'b: c\r\n', 'é', '\0')
    fc.assert(
      fc.property(fc.array(piece, { size: 'medium' }), (pieces) => {
        const text = pieces.join('')
        const code = failureOf(() => split(text))
        expect(['none', 'MIME_BAD_FIELD']).toContain(code)
        if (code !== 'none') return
        const { fields, body } = split(text)
        const header = fields.map((field) => `${decodeLatin1(field.bytes)}\r\n`).join('')
        const wire = decodeLatin1(encodeUtf8(text))
        expect([`${header}\r\n${decodeLatin1(body)}`, header, header.slice(0, -2)]).toContain(wire)
      }),
      { numRuns: 1000 },
    )
  })

  test.each(['a', '\n', ' ', '\r\n ', ':', '\r', 'a:\r\n'])('splitMessage: takes a megabyte of %j', (piece) => {
    const text = piece.repeat(Math.floor(1_000_000 / piece.length))
    expect(['none', 'MIME_BAD_FIELD']).toContain(failureOf(() => split(text)))
    expect(['none', 'MIME_BAD_FIELD']).toContain(failureOf(() => split(`A: ${text}`)))
  })
})
