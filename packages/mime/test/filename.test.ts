import { expect, test } from 'vitest'
import { safeFilename } from '../src/type/filename.ts'

test.each([
  ['notes.txt', 'notes.txt'],
  ['山田 (1).pdf', '山田 (1).pdf'],
  ['/etc/passwd', 'passwd'],
  ['..\\..\\a.exe', 'a.exe'],
  ['C:\\a/b\\c.txt', 'c.txt'],
  ['C:a.txt', 'C_a.txt'],
  ['.bashrc', 'bashrc'],
  ['a.exe. . ', 'a.exe'],
  ['a\r\nb\u0000.txt', 'a_b_.txt'],
  ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
  ['a\u2028\ufeff<b>.txt', 'a_b_.txt'],
  ['cafe\u0301.txt', 'café.txt'],
  ['\ud800.txt', '\ufffd.txt'],
  ['CON', 'CON_'],
  ['nul.txt', 'nul_.txt'],
  ['console.txt', 'console.txt'],
])('safeFilename: %j is %j [rfc2183 2.3]', (name, expected) => {
  expect(safeFilename(name)).toBe(expected)
})

test.each(['', '.', '..', ' ', 'a/', '\u0000', '?*'])('safeFilename: nothing is left of %j', (name) => {
  expect(safeFilename(name)).toBeUndefined()
})

test('safeFilename: a long name keeps its suffix and whole characters', () => {
  expect(safeFilename(`${'山'.repeat(200)}.pdf`)).toBe(`${'山'.repeat(83)}.pdf`)
  expect(safeFilename('a'.repeat(300))).toBe('a'.repeat(255))
})
