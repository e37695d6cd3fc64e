import { expect, test } from 'vitest'
import { readTransferEncoding } from '../src/type/transfer-encoding.ts'

test.each(['7bit', '8bit', 'binary', 'base64', 'quoted-printable'])(
  'readTransferEncoding: %s [rfc2045 6.1]',
  (name) => {
    expect(readTransferEncoding(name)).toEqual({ encoding: name, defects: [] })
    expect(readTransferEncoding(` ${name.toUpperCase()}\t`)).toEqual({ encoding: name, defects: [] })
  },
)

test.each([
  ['base64;', 'base64', 'trailing-text', 'unknown'],
  ['base64 foo', 'base64', 'trailing-text', 'unknown'],
  ['base64, 7bit', 'base64', 'trailing-text', 'unknown'],
  ['"base64"', 'base64', 'bad-encoding', 'unknown'],
  ['(c) base64', 'base64', 'comment-in-value', 'unknown'],
  ['x-base64', 'unknown', 'bad-encoding', 'base64'],
  ['8-bit', 'unknown', 'bad-encoding', undefined],
  ['uuencode', 'unknown', 'bad-encoding', undefined],
  [';', 'unknown', 'bad-encoding', undefined],
  ['', 'unknown', 'bad-encoding', undefined],
])('readTransferEncoding: %j is %s, with %s', (text, encoding, code, other) => {
  const read = readTransferEncoding(text)
  expect(read.encoding).toBe(encoding)
  expect(read.defects).toHaveLength(1)
  expect(read.defects[0]).toMatchObject({ code, ...(other && { other }) })
})
