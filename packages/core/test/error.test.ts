import { describe, expect, test } from 'vitest'
import { clip, MailError } from '../src/index.ts'

describe('MailError', () => {
  test('MailError: is an Error with a code, and says what was broken and where', () => {
    const cause = new Error('below')
    const error = new MailError('X_BAD', 'Cannot do it', { spec: 'rfc5321#section-4.2', offset: 3, cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'MailError', code: 'X_BAD', spec: 'rfc5321#section-4.2', offset: 3 })
    expect(error.message).toBe('Cannot do it')
    expect(error.cause).toBe(cause)
    expect(String(error)).toBe('MailError: Cannot do it')
  })

  test('MailError: has no cause of its own accord', () => {
    const error = new MailError('X_BAD', 'Cannot do it')
    expect('cause' in error).toBe(false)
    expect(error.spec).toBeUndefined()
    expect(error.offset).toBeUndefined()
  })
})

describe('clip', () => {
  test.each([
    { name: 'short text as it is', text: '250 ok', shown: '250 ok' },
    { name: 'letters that are not US-ASCII as they are', text: 'é😀', shown: 'é😀' },
    { name: 'CR and LF escaped', text: 'a\r\nb', shown: 'a\\x0d\\x0ab' },
    { name: 'NUL, TAB, ESC and DEL escaped', text: '\0\t\u001b\u007f', shown: '\\x00\\x09\\x1b\\x7f' },
    { name: 'C1 escaped', text: '\u0085\u009b', shown: '\\x85\\x9b' },
    { name: 'line separators escaped', text: '\u2028\u2029', shown: '\\u2028\\u2029' },
    { name: 'half of a surrogate pair escaped', text: 'a\ud800b\udc00', shown: 'a\\ud800b\\udc00' },
    { name: '60 characters whole', text: 'a'.repeat(60), shown: 'a'.repeat(60) },
    { name: '61 characters cut', text: 'a'.repeat(61), shown: `${'a'.repeat(60)}…` },
    { name: 'a pair before the cut whole', text: `😀${'a'.repeat(60)}`, shown: `😀${'a'.repeat(58)}…` },
    { name: 'no half of a pair at the cut', text: `${'a'.repeat(59)}😀b`, shown: `${'a'.repeat(59)}…` },
  ])('clip: shows $name', ({ text, shown }) => {
    expect(clip(text)).toBe(shown)
  })
})
