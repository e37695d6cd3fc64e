import { encodeUtf8 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { lineDecoder } from '../src/text/line-decoder.ts'

const whole = (charset: string, bytes: Uint8Array) => lineDecoder(charset)?.(bytes, false)

function inPieces(charset: string, bytes: Uint8Array, size: number): string {
  const decode = lineDecoder(charset)
  let text = ''
  for (let start = 0; start < bytes.length; start += size) text += decode?.(bytes.slice(start, start + size), true)
  return text + decode?.(new Uint8Array(0), false)
}

test('lineDecoder: text comes with its line', () => {
  const decode = lineDecoder('big5')
  expect(decode?.(Uint8Array.of(0xa4), true)).toBe('')
  expect(decode?.(Uint8Array.of(0x40, 0x0a, 0xa4), true)).toBe('一\n')
  expect(decode?.(Uint8Array.of(0x40), false)).toBe('一')
})

test('lineDecoder: octets may be changed once they are pushed', () => {
  const decode = lineDecoder('big5')
  const bytes = Uint8Array.of(0xa4, 0x40)
  decode?.(bytes, true)
  bytes.fill(0)
  expect(decode?.(new Uint8Array(0), false)).toBe('一')
})

test.each([1000, 65_536, 100_000])('lineDecoder: a long line is cut alike in pieces of %d', (size) => {
  const bytes = encodeUtf8(`${'a'.repeat(70_000)} ${'b'.repeat(200_000)}\n${'c '.repeat(50_000)}`)
  expect(inPieces('euc-kr', bytes, size)).toBe(new TextDecoder().decode(bytes))
  const characters = new Uint8Array(200_001).fill(0xa4)
  expect(inPieces('big5', characters, size)).toBe(whole('big5', characters))
})

test('lineDecoder: malformed octets in pieces throw nothing', () => {
  for (const charset of ['gb18030', 'iso-2022-jp']) {
    const bytes = Uint8Array.of(0x42, 0xac, 0xff, 0xd8, 0x30, 0x37, 0xfe, 0x82, 0x1b, 0x1b, 0x28, 0xfd, 0x64, 0x42)
    expect(inPieces(charset, bytes, 1)).toBe(whole(charset, bytes))
  }
})

test('lineDecoder: a charset that the runtime lacks', () => {
  expect(lineDecoder('x-none')).toBeUndefined()
})
