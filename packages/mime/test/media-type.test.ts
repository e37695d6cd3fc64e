import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { parseMediaType } from '../src/type/media-type.ts'

describe('parseMediaType', () => {
  test.each([
    ['a type', 'image/png', 'image/png', {}],
    ['upper case', 'Text/HTML; CHARSET=UTF-8', 'text/html', { charset: 'UTF-8' }],
    ['a token', 'text/calendar;method=REQUEST', 'text/calendar', { method: 'REQUEST' }],
    ['a quoted string', 'text/plain; title="a; b=\\"c\\""', 'text/plain', { title: 'a; b="c"' }],
    ['several', 'text/plain ; a=1 ;b="2"; c=3', 'text/plain', { a: '1', b: '2', c: '3' }],
    ['every character of a token', "x-!#$&/a+b.c; a=!#$%&'*+-.^_`{|}~", 'x-!#$&/a+b.c', { a: "!#$%&'*+-.^_`{|}~" }],
  ])('parseMediaType: %s [rfc2045 5.1]', (_, text, value, parameters) => {
    const media = parseMediaType(text)
    expect(media.value).toBe(value)
    expect(Object.fromEntries(media.parameters.map((one) => [one.name, one.value]))).toEqual(parameters)
  })

  test.each([
    ['nothing', ''],
    ['a type alone', 'text'],
    ['no subtype', 'text/'],
    ['no type', '/plain'],
    ['a blank before', ' text/plain'],
    ['two slashes', 'text/plain/x'],
    ['a last semicolon', 'text/plain;'],
    ['no value', 'text/plain; a'],
    ['an empty value', 'text/plain; a='],
    ['a blank about =', 'text/plain; a = b'],
    ['a quote that does not close', 'text/plain; a="b'],
    ['text after a quoted string', 'text/plain; a="b"c'],
    ['one name twice', 'text/plain; charset=utf-8; Charset=x'],
    ['a comment', 'text/plain (x)'],
    ['an RFC 2231 form', "text/plain; name*=utf-8''a"],
    ['other than US-ASCII', 'text/plaïn'],
    ['CR LF', 'text/plain\r\nBcc: b@x.example'],
    ['CR LF in a quoted string', 'text/plain; a="\r\nBcc: b"'],
    ['NUL', 'text/plain\0'],
  ])('parseMediaType: refuses %s [rfc2045 5.1]', (_, text) => {
    expect(failureOf(() => parseMediaType(text))).toBe('MIME_BAD_TYPE')
  })

  test('parseMediaType: throws nothing but MailError', () => {
    const piece = fc.constantFrom('a', '/', ';', ' ', '=', '"', '\\', 'text/plain', '*')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => {
          expect(['none', 'MIME_BAD_TYPE']).toContain(failureOf(() => parseMediaType(text)))
        },
      ),
    )
  })

  test.each(['"', 'a', ' ', ';', '\\', '/', '; a="'])('parseMediaType: takes a megabyte of %j', (piece) => {
    const text = piece.repeat(1_000_000 / piece.length)
    expect(failureOf(() => parseMediaType(`text/plain; a=${text}`))).toBe(piece === 'a' ? 'none' : 'MIME_BAD_TYPE')
    expect(failureOf(() => parseMediaType(`text/plain; a="${text}`))).toBe('MIME_BAD_TYPE')
  })
})
