import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { drawBoundary } from '../src/compose/boundary.ts'
import { compose, messagePart, multipart, type Part, part } from '../src/index.ts'

const zeros = (length: number) => new Uint8Array(length)
const text = (content: string) => part({ content })
const tree = (...parts: Part[]) => multipart('mixed', parts)

// Gives zeros, then ones, then twos.
function counting(): { random: (length: number) => Uint8Array; draws: () => number } {
  let draws = 0
  return { random: (length) => new Uint8Array(length).fill(draws++), draws: () => draws }
}

describe('drawBoundary', () => {
  test('drawBoundary: is one draw of 120 bits, with what no encoded content has [rfc2046 5.1.1]', () => {
    const { random, draws } = counting()
    expect(drawBoundary(tree(text('Hello')), random)).toBe('=_AAAAAAAAAAAAAAAAAAAA')
    expect(draws()).toBe(1)
  })

  test('drawBoundary: is drawn again while it stands in what may go out as it is [rfc2046 5.1.1]', () => {
    const opaque = part({ content: encodeUtf8('=_BBBBBBBBBBBBBBBBBBBB\n'), opaque: true })
    const { random, draws } = counting()
    expect(drawBoundary(tree(text('x'), text('a\n--=_AAAAAAAAAAAAAAAAAAAA\nb'), opaque), random)).toBe(
      '=_CCCCCCCCCCCCCCCCCCCC',
    )
    expect(draws()).toBe(3)
  })

  test('drawBoundary: is not that of a message within, nor in its texts [rfc2046 5.1.1]', () => {
    const input = { from: 'a@x.example', messageId: '<a@b>', text: 'é =_BBBBBBBBBBBBBBBBBBBB', html: '' }
    const inner = compose(input, { now: new Date(0), random: zeros })
    expect(drawBoundary(tree(messagePart(inner)), counting().random)).toBe('=_CCCCCCCCCCCCCCCCCCCC')
  })

  test('drawBoundary: gives up when it always stands there', () => {
    expect(failureOf(() => drawBoundary(tree(text('=_AAAAAAAAAAAAAAAAAAAA')), zeros))).toBe('MIME_BAD_BOUNDARY')
  })
})

describe('compose: a boundary of the caller', () => {
  const made = (boundary: string, content = '') =>
    compose({ from: 'a@x.example', text: content, html: '' }, { now: new Date(0), random: zeros, boundary })

  test('compose: is what all boundaries begin with [rfc2046 5.1.1]', () => {
    expect(decodeUtf8(made('x.y').bytes())).toContain('; boundary=x.y_1\r\n')
  })

  test.each(['', 'a b', 'a\r\nb', 'é', 'a'.repeat(61), 'a;b', 'a"b'])(
    'compose: is not %j [rfc2046 5.1.1]',
    (boundary) => {
      expect(failureOf(() => made(boundary))).toBe('MIME_BAD_BOUNDARY')
    },
  )

  test('compose: does not stand in the content', () => {
    expect(failureOf(() => made('x.y', 'a x.y'))).toBe('MIME_BAD_BOUNDARY')
  })
})

test('multipart: of ten within one, no boundary is the beginning of another [rfc2046 5.1.2]', () => {
  const body = tree(...Array.from({ length: 10 }, () => tree(text('a'))))
  const message = compose({ from: 'a@x.example', body }, { now: new Date(0), random: zeros })
  const found = [...decodeUtf8(message.bytes()).matchAll(/boundary="([^"]*)"/g)].map(([, one]) => one)
  expect(found).toEqual(
    Array.from({ length: 11 }, (_, index) => `=_AAAAAAAAAAAAAAAAAAAA_${String(index + 1).padStart(2, '0')}`),
  )
})
