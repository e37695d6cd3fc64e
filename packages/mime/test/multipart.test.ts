import { encodeUtf8, MailError } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { drawBoundary, multipart } from '../src/compose/multipart.ts'
import { binaryPart, type Part, textPart } from '../src/compose/part.ts'

const PLAIN = { value: 'text/plain' }
const zeros = (length: number) => new Uint8Array(length)

// Gives zeros, then ones, then twos.
function counting(): { random: (length: number) => Uint8Array; draws: () => number } {
  let draws = 0
  return { random: (length) => new Uint8Array(length).fill(draws++), draws: () => draws }
}

describe('drawBoundary', () => {
  test('drawBoundary: is one draw of 120 bits, with what no encoded content has [rfc2046 5.1.1]', () => {
    const { random, draws } = counting()
    expect(drawBoundary([textPart('Hello', PLAIN)], random)).toBe('=_AAAAAAAAAAAAAAAAAAAA')
    expect(draws()).toBe(1)
  })

  test('drawBoundary: is drawn again while it stands in a text [rfc2046 5.1.1]', () => {
    const { random, draws } = counting()
    const hit = [textPart('a\n--=_AAAAAAAAAAAAAAAAAAAA\nb', PLAIN), textPart('=_AQEBAQEBAQEBAQEBAQEB', PLAIN)]
    expect(drawBoundary([textPart('x', PLAIN), ...hit], random)).toBe('=_AgICAgICAgICAgICAgIC')
    expect(draws()).toBe(3)
  })

  test('drawBoundary: gives up when it always stands there', () => {
    const hit = textPart('=_AAAAAAAAAAAAAAAAAAAA', PLAIN)
    const call = () => drawBoundary([hit], zeros)
    expect(call).toThrow(MailError)
    expect(call).toThrow(expect.objectContaining({ code: 'MIME_BAD_BOUNDARY' }))
  })

  test('drawBoundary: need not look into quoted-printable and Base64, where it cannot stand [rfc2045 6.7, 6.8]', () => {
    const text = `é${'a'.repeat(40)}\n--=_AAAAAAAAAAAAAAAAAAAA--\n`
    for (const part of [
      textPart(text, PLAIN),
      textPart('é'.repeat(60) + text, PLAIN),
      binaryPart(encodeUtf8(text), PLAIN),
    ]) {
      expect(part.fields[1]).not.toContain('7bit')
      expect(new TextDecoder().decode(part.content[0] as Uint8Array)).not.toContain('=_')
    }
  })
})

describe('multipart', () => {
  const parts: Part[] = [
    { fields: ['A: b', 'C: d'], content: ['one'] },
    { fields: ['E: f'], content: ['two\r\n'] },
  ]

  test('multipart: each part begins with a delimiter, and the last ends with a closing one [rfc2046 5.1.1]', () => {
    const made = multipart('multipart/mixed', parts, { boundary: '=_x' })
    expect(made.fields).toEqual(['Content-Type: multipart/mixed; boundary="=_x"'])
    expect(made.content.join('')).toBe('--=_x\r\nA: b\r\nC: d\r\n\r\none\r\n--=_x\r\nE: f\r\n\r\ntwo\r\n\r\n--=_x--')
  })

  test('multipart: related tells the type of its root [rfc2387 3.1]', () => {
    expect(multipart('multipart/related', parts, { boundary: '=_x', type: 'text/html' }).fields).toEqual([
      'Content-Type: multipart/related; type="text/html"; boundary="=_x"',
    ])
  })
})
