import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { compose, entityPart, messagePart, multipart, type Part, parseMessage, part } from '../src/index.ts'
import { outline, readMessage } from './reader.ts'

const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
const messageOf = (body: Part) => compose({ from: 'a@x.example', body }, context)
const textOf = (body: Part) => decodeUtf8(messageOf(body).bytes())
const html = part({ content: '<p>', contentType: 'text/html' })

describe('multipart', () => {
  test('multipart, messagePart: a hundred parts within each other, and no more', () => {
    let deep = part({ content: 'x' })
    let draw = 0
    const random = (length: number) => Uint8Array.from({ length }, (_, at) => (at === 0 ? ++draw : draw >> 6))
    const messageOf = (body: Part) => compose({ from: 'a@x.example', body }, { now: new Date(0), random })
    for (let depth = 1; depth < 100; depth++) {
      deep = depth % 2 === 0 ? multipart('mixed', [deep, html]) : messagePart(messageOf(deep))
    }
    const { root, defects } = parseMessage(messageOf(deep).bytes())
    expect(defects).toEqual([])
    let depth = 1
    for (let inner = root; inner.parts.length > 0; inner = inner.parts[0]!) depth++
    expect(depth).toBe(100)
    expect(failureOf(() => multipart('mixed', [html, deep]))).toBe('MIME_BAD_CONTENT')
    expect(failureOf(() => messagePart(messageOf(deep)))).toBe('MIME_BAD_CONTENT')
  })

  test('multipart: each part begins with a delimiter, and the last ends with a closing one [rfc2046 5.1.1]', () => {
    const text = textOf(multipart('mixed', [part({ content: 'one' }), part({ content: 'two\n' })]))
    expect(text.slice(text.indexOf('Content-Type'))).toBe(
      [
        'Content-Type: multipart/mixed; boundary="=_AAAAAAAAAAAAAAAAAAAA_1"',
        '',
        '--=_AAAAAAAAAAAAAAAAAAAA_1',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        '',
        'one',
        '--=_AAAAAAAAAAAAAAAAAAAA_1',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        '',
        'two',
        '',
        '--=_AAAAAAAAAAAAAAAAAAAA_1--',
        '',
      ].join('\r\n'),
    )
  })

  test('multipart: related tells the type of its root, unless that is told [rfc2387 3.1]', () => {
    expect(textOf(multipart('related', [html]))).toContain('multipart/related; type="text/html";\r\n boundary=')
    expect(textOf(multipart('Related', [html], { type: 'a/b' }))).toContain(
      'multipart/related; type="a/b";\r\n boundary=',
    )
  })

  test('multipart: is labelled with what its parts need [rfc2045 6.4]', () => {
    const message = messageOf(multipart('mixed', [multipart('mixed', [part({ content: 'é' })])]))
    const labels = (encoding: '7bit' | '8bit') =>
      decodeUtf8(message.serialize({ encoding }).bytes()).match(/Encoding: .*(?=\r\n)/g)
    expect(labels('7bit')).toEqual(['Encoding: base64'])
    expect(labels('8bit')).toEqual(['Encoding: 8bit', 'Encoding: 8bit', 'Encoding: 8bit'])
  })

  test('multipart: the first part of what is signed is the same octets in every form [rfc1847 2.1]', () => {
    const signed = multipart('mixed', [
      part({ content: 'é From \nFrom me \n' }),
      part({ content: new Uint8Array([0, 200]) }),
    ])
    const signature = part({ content: 'é', contentType: 'application/pgp-signature' })
    const body = multipart('signed', [signed, signature], {
      protocol: 'application/pgp-signature',
      micalg: 'pgp-sha512',
    })
    const forms = (['7bit', '8bit', 'binary'] as const).map((encoding) => {
      const text = decodeUtf8(messageOf(body).serialize({ encoding }).bytes())
      return text.slice(text.indexOf('--=_AAAAAAAAAAAAAAAAAAAA_1'), text.lastIndexOf('--=_AAAAAAAAAAAAAAAAAAAA_1\r\n'))
    })
    expect(new Set(forms).size).toBe(1)
    expect(forms[0]).not.toMatch(/[^ -~\r\n]|^From | \r\n/m)
  })

  test.each([
    ['a subtype that is none', () => multipart('a/b', [html])],
    ['an empty subtype', () => multipart('', [html])],
    ['CR LF in the subtype', () => multipart('mixed\r\nBcc: a', [html])],
    ['no parts', () => multipart('mixed', [])],
    ['a boundary', () => multipart('mixed', [html], { Boundary: 'a' })],
  ])('multipart: refuses %s', (_, make) => {
    expect(failureOf(make)).toBe('MIME_BAD_TYPE')
  })

  test('multipart: parameters cannot leave their place [security]', () => {
    for (const parameters of [{ 'a\r\nb': 'c' }, { a: 'b\r\nBcc: c' }, { a: '\u2028' }] as Record<string, string>[]) {
      expect(failureOf(() => multipart('mixed', [html], parameters))).toBe('MIME_BAD_PARAMETER')
    }
  })
})

describe('messagePart', () => {
  const inner = compose({ from: 'b@x.example', subject: 'In', text: 'é', html: 'é' }, { ...context, boundary: 'inner' })

  test('messagePart: a composed message takes the form of the whole [rfc2046 5.2.1]', () => {
    const message = messageOf(multipart('mixed', [messagePart(inner, { filename: 'in.eml' })]))
    for (const [encoding, label] of [['7bit', '7bit'] as const, ['8bit', '8bit'] as const]) {
      const form = message.serialize({ encoding })
      const octets = form.bytes()
      expect(form.size).toBe(octets.length)
      expect(decodeUtf8(octets)).toContain(decodeUtf8(inner.serialize({ encoding }).bytes()))
      expect(decodeUtf8(octets)).toContain(
        `Content-Type: message/rfc822; name=in.eml\r\nContent-Transfer-Encoding: ${label}\r\n`,
      )
    }
    expect(outline(readMessage(message.bytes()))).toBe('mixed(rfc822)')
  })

  test('messagePart: octets stay, and tell what they need [rfc2045 6.4]', () => {
    const message = messageOf(messagePart(encodeUtf8('Subject: a\r\n\r\né\r\n')))
    expect(message.needs).toEqual({ smtpUtf8: false, eightBit: true, binary: false })
    expect(decodeUtf8(message.bytes())).toContain('8bit\r\n\r\nSubject: a\r\n\r\né\r\n')
    expect(failureOf(() => message.serialize())).toBe('MIME_NEEDS_8BITMIME')
  })

  test('messagePart: a header that is not US-ASCII makes it message/global, which may be encoded [rfc6532 3.7]', () => {
    const foreign = compose({ from: 'δ@x.example', text: 'a' }, context)
    for (const one of ['Subject: é\r\n\r\na\r\n', foreign]) {
      const message = messageOf(messagePart(one))
      expect(message.body.mediaType).toBe('message/global')
      expect(message.needs).toEqual({ smtpUtf8: false, eightBit: false, binary: false })
      const octets = readMessage(message.bytes()).bytes
      expect(decodeUtf8(octets)).toBe(typeof one === 'string' ? one : decodeUtf8(foreign.bytes()))
    }
  })
})

describe('entityPart', () => {
  test('entityPart: goes out octet for octet [rfc1847 2.1]', () => {
    const octets = encodeUtf8(
      'Content-Type: text/html;\r\n charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\né\r\n',
    )
    const entity = entityPart(octets)
    expect(entity.mediaType).toBe('text/html')
    const message = messageOf(multipart('signed', [entity, part({ content: 'x' })]))
    expect(message.needs.eightBit).toBe(true)
    expect(decodeUtf8(message.serialize({ encoding: 'binary' }).bytes())).toContain(`_1\r\n${decodeUtf8(octets)}\r\n--`)
  })

  test.each([
    ['a\r\n\r\n', 'MIME_BAD_FIELD'],
    ['A: é\r\n\r\n', 'MIME_BAD_CONTENT'],
    ['A: b\nBcc: c\r\n\r\n', 'MIME_BAD_CONTENT'],
    [`A: ${'b'.repeat(998)}\r\n\r\n`, 'MIME_BAD_CONTENT'],
  ])('entityPart: refuses %j [security]', (text, code) => {
    expect(failureOf(() => entityPart(encodeUtf8(text)))).toBe(code)
  })
})
