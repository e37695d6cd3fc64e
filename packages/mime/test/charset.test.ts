import { encodeUtf8 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { charsetDecoder } from '../src/text/charset.ts'

test.each(['utf-8', 'UTF-8', 'utf8', 'us-ascii', 'ASCII'])('charsetDecoder: %s is read as UTF-8', (label) => {
  expect(charsetDecoder(label)?.(encodeUtf8('\ufeffé😀'))).toBe('\ufeffé😀')
})

test.each(['iso-8859-1', 'ISO-8859-1', 'latin1', 'windows-1252', 'cp1252'])(
  'charsetDecoder: %s has the 27 characters of windows-1252 in every runtime',
  (label) => {
    const all = Uint8Array.from({ length: 256 }, (_, octet) => octet)
    const text = charsetDecoder(label)?.(all) ?? ''
    const upper = [...text.slice(0x80, 0xa0)]
    expect(upper.filter((character) => character > '\u00ff')).toHaveLength(27)
    expect(upper.slice(0, 6).join('')).toBe('€\u0081‚ƒ„…')
    expect(upper.slice(-3).join('')).toBe('\u009džŸ')
    expect(text.slice(0, 0x80) + text.slice(0xa0)).toBe(
      String.fromCharCode(
        ...Array.from({ length: 0x80 }, (_, code) => code),
        ...Array.from({ length: 0x60 }, (_, code) => code + 0xa0),
      ),
    )
  },
)

test('charsetDecoder: another charset is the runtime’s', () => {
  expect(charsetDecoder('koi8-r')?.(new Uint8Array([0xf0]))).toBe('П')
})

test.each(['', 'x-none', 'utf-7', '__proto__'])('charsetDecoder: %j is unknown', (label) => {
  expect(charsetDecoder(label)).toBeUndefined()
})
