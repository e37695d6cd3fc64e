import { expect, test } from 'vitest'
import { readDisposition } from '../src/type/disposition.ts'

test.each([
  ['inline', 'inline', undefined, []],
  ['ATTACHMENT; filename="a b.txt"', 'attachment', 'a b.txt', []],
  ['x-other; size=3', 'x-other', undefined, []],
  ['', 'attachment', undefined, ['bad-type']],
  ['"attachment"; filename=a', 'attachment', 'a', ['bad-type']],
  ['filename=a.exe', 'attachment', 'a.exe', ['bad-type', 'missing-semicolon']],
  ['attachment filename=a.exe', 'attachment', 'a.exe', ['missing-semicolon']],
  ['attachment/x; filename=a', 'attachment', 'a', ['trailing-text']],
  ['attachment; name=a', 'attachment', undefined, []],
])('readDisposition: %j is %s, with the name %j [rfc2183 2]', (text, type, filename, codes) => {
  const disposition = readDisposition(text)
  expect(disposition.type).toBe(type)
  expect(disposition.filename).toBe(filename)
  expect(disposition.defects.map(({ code }) => code)).toEqual(codes)
})

test('readDisposition: the name as sent stands beside the safe one [rfc2183 2.3]', () => {
  const { filename, safeFilename } = readDisposition("attachment; filename*=utf-8''..%2Fa%0A%CC%81e.txt")
  expect(filename).toBe('../a\n\u0301e.txt')
  expect(safeFilename).toBe('a_\u0301e.txt')
  expect(readDisposition('attachment; filename=".."')).not.toHaveProperty('safeFilename')
})
