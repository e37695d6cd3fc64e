import { decodeUtf8, encodeUtf8, MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeReply, formatReplyText, type Reply, ReplyParser, replyClass } from '../src/index.ts'

const NO_USER = { class: 5, subject: 1, detail: 1 } as const

function codeOf(reply: Reply): string {
  try {
    return decodeUtf8(encodeReply(reply))
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}

describe('encodeReply', () => {
  test.each([
    { name: 'one line', spec: 'rfc5321 4.2', reply: { code: 250, lines: ['ok'] }, wire: '250 ok\r\n' },
    { name: 'no line', spec: 'rfc5321 4.2', reply: { code: 250, lines: [] }, wire: '250\r\n' },
    { name: 'a line without text', spec: 'rfc5321 4.2', reply: { code: 250, lines: [''] }, wire: '250\r\n' },
    { name: 'two lines', spec: 'rfc5321 4.2.1', reply: { code: 250, lines: ['a', 'b'] }, wire: '250-a\r\n250 b\r\n' },
    {
      name: 'lines without text',
      spec: 'rfc5321 4.2.1',
      reply: { code: 250, lines: ['', ''] },
      wire: '250-\r\n250\r\n',
    },
    { name: 'a TAB', spec: 'rfc5321 4.2', reply: { code: 250, lines: ['a\tb'] }, wire: '250 a\tb\r\n' },
    { name: 'UTF-8', spec: 'rfc6531 3.7.4.2', reply: { code: 250, lines: ['é'] }, wire: '250 é\r\n' },
    {
      name: 'a status code',
      spec: 'rfc2034 4',
      reply: { code: 550, enhanced: NO_USER, lines: ['No'] },
      wire: '550 5.1.1 No\r\n',
    },
    {
      name: 'a status code on each line',
      spec: 'rfc2034 4',
      reply: { code: 550, enhanced: NO_USER, lines: ['a', 'b'] },
      wire: '550-5.1.1 a\r\n550 5.1.1 b\r\n',
    },
    {
      name: 'a status code without text',
      spec: 'rfc2034 4',
      reply: { code: 550, enhanced: NO_USER, lines: [] },
      wire: '550 5.1.1\r\n',
    },
    { name: 'a challenge of nothing', spec: 'rfc4954 4', reply: { code: 334, lines: [''] }, wire: '334 \r\n' },
    { name: 'the lowest code', spec: 'rfc5321 4.2', reply: { code: 200, lines: ['a'] }, wire: '200 a\r\n' },
    { name: 'the highest code', spec: 'rfc5321 4.2', reply: { code: 599, lines: ['a'] }, wire: '599 a\r\n' },
  ])('encodeReply: writes $name [$spec]', ({ reply, wire }) => {
    expect(codeOf(reply)).toBe(wire)
  })

  test.each([
    { name: 'code 199', reply: { code: 199, lines: [] }, code: 'REPLY_BAD_CODE' },
    { name: 'code 600', reply: { code: 600, lines: [] }, code: 'REPLY_BAD_CODE' },
    { name: 'a broken code', reply: { code: 250.5, lines: [] }, code: 'REPLY_BAD_CODE' },
    { name: 'no number', reply: { code: Number.NaN, lines: [] }, code: 'REPLY_BAD_CODE' },
    {
      name: 'a status code of another class',
      reply: { code: 450, enhanced: NO_USER, lines: [] },
      code: 'REPLY_BAD_CODE',
    },
    {
      name: 'a status code in a 3xx reply',
      reply: { code: 354, enhanced: NO_USER, lines: [] },
      code: 'REPLY_BAD_CODE',
    },
    {
      name: 'a status code out of range',
      reply: { code: 550, enhanced: { ...NO_USER, detail: 1000 }, lines: [] },
      code: 'REPLY_BAD_STATUS',
    },
  ])('encodeReply: refuses $name [rfc5321 4.2]', ({ reply, code }) => {
    expect(codeOf(reply)).toBe(code)
  })

  test.each(['\r', '\n', '\r\n250 forged', '\0', '\u001b', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029', '\ud800'])(
    'encodeReply: refuses %j in any line [rfc5321 4.2]',
    (control) => {
      for (const lines of [[`a${control}`], [control, 'b'], ['a', `b${control}c`]]) {
        expect(codeOf({ code: 250, lines })).toBe('REPLY_BAD_TEXT')
        expect(codeOf({ code: 550, enhanced: NO_USER, lines })).toBe('REPLY_BAD_TEXT')
      }
    },
  )

  test('encodeReply: the error tells where the control stands', () => {
    expect(() => encodeReply({ code: 250, lines: ['a\tb\nc'] })).toThrow(expect.objectContaining({ offset: 3 }))
  })
})

const LONGEST = 'a'.repeat(506)

describe('encodeReply: lines over 512 octets', () => {
  const wireOf = (reply: Reply): string => decodeUtf8(encodeReply(reply, { fold: true }))

  test.each([
    { name: 'of 506 octets', reply: { code: 250, lines: [LONGEST] }, length: 512 },
    { name: 'of 506 octets in UTF-8', reply: { code: 250, lines: ['é'.repeat(253)] }, length: 512 },
    { name: 'with a status code', reply: { code: 550, enhanced: NO_USER, lines: ['a'.repeat(500)] }, length: 512 },
    { name: 'in a challenge', reply: { code: 334, lines: ['a'.repeat(9000)] }, length: 9006 },
  ])('encodeReply: takes a text $name, folded or not [rfc5321 4.5.3.1.5]', ({ reply, length }) => {
    expect(encodeReply(reply)).toHaveLength(length)
    expect(encodeReply(reply, { fold: true })).toEqual(encodeReply(reply))
  })

  test.each([
    { name: 'of 507 octets', reply: { code: 250, lines: ['ok', `${LONGEST}a`] } },
    { name: 'of 507 octets in UTF-8', reply: { code: 250, lines: [`a${'é'.repeat(253)}`] } },
    { name: 'with a status code', reply: { code: 550, enhanced: NO_USER, lines: ['a'.repeat(501)] } },
  ])('encodeReply: refuses a text $name, and folds it where that is asked for [rfc5321 4.5.3.1.5]', ({ reply }) => {
    expect(codeOf(reply)).toBe('REPLY_LINE_TOO_LONG')
    expect(wireOf(reply).split('\r\n')).toHaveLength(reply.lines.length + 2)
  })

  test.each([
    {
      name: 'at the last space',
      text: `${'a'.repeat(400)} ${'b'.repeat(100)} ccccc`,
      lines: [`${'a'.repeat(400)} ${'b'.repeat(100)}`, 'ccccc'],
    },
    { name: 'at a space that just fits', text: `${LONGEST} b`, lines: [LONGEST, 'b'] },
    { name: 'where there is no space', text: `${LONGEST}b c`, lines: [LONGEST, 'b c'] },
    { name: 'not within a character', text: `${'a'.repeat(503)}😀b`, lines: ['a'.repeat(503), '😀b'] },
    { name: 'into three', text: `${LONGEST}${LONGEST} c`, lines: [LONGEST, LONGEST, 'c'] },
    { name: 'without an empty end', text: `${LONGEST} `, lines: [LONGEST] },
  ])('encodeReply: folds $name [rfc5321 4.5.3.1.5]', ({ text, lines }) => {
    expect(wireOf({ code: 250, lines: [text] })).toBe(decodeUtf8(encodeReply({ code: 250, lines })))
  })

  test('encodeReply: a folded reply has its status code on each line, and comes back with all its words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const octets = encodeReply({ code: 550, enhanced: NO_USER, lines: [words.join(' ')] }, { fold: true })
        const wire = decodeUtf8(octets).split('\r\n').slice(0, -1)
        for (const line of wire) {
          expect(encodeUtf8(line).length).toBeLessThanOrEqual(510)
          expect(line).toMatch(/^550[ -]5\.1\.1 /)
        }
        const parser = new ReplyParser({ tolerate: ['eight-bit'] })
        parser.push(octets)
        const event = parser.next()
        const text = event?.type === 'reply' ? event.reply.lines.join('') : ''
        expect(text.replaceAll(' ', '')).toBe(words.join(''))
      }),
    )
  })

  test('encodeReply: folds a million words in linear work', () => {
    const octets = encodeReply({ code: 250, lines: ['ab '.repeat(1_000_000)] }, { fold: true })
    expect(octets.length).toBeLessThan(3_100_000)
  })
})

test.each([
  { code: 200, expected: 2 },
  { code: 299, expected: 2 },
  { code: 354, expected: 3 },
  { code: 421, expected: 4 },
  { code: 599, expected: 5 },
])('replyClass: the class of $code is $expected [rfc5321 4.2.1]', ({ code, expected }) => {
  expect(replyClass({ code, lines: [] })).toBe(expected)
})

test.each([
  { name: 'code and text', reply: { code: 250, lines: ['ok'] }, text: '250 ok' },
  { name: 'no text', reply: { code: 250, lines: [''] }, text: '250' },
  { name: 'no line', reply: { code: 250, lines: [] }, text: '250' },
  {
    name: 'lines joined',
    reply: { code: 550, enhanced: NO_USER, lines: ['No such', 'user'] },
    text: '550 5.1.1 No such user',
  },
])('formatReplyText: $name', ({ reply, text }) => {
  expect(formatReplyText(reply)).toBe(text)
})
