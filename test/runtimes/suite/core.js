/** Octets and text: where the decoders and the errors of runtimes differ. */
import {
  decodeBase64,
  decodeLatin1,
  decodeQuotedPrintable,
  decodeUtf8,
  encodeBase64,
  encodeBase64Url,
  encodeLatin1,
  encodeQuotedPrintable,
  encodeUtf8,
  isDomain,
  isUtf8,
  LineBuffer,
  MailError,
} from '@posthorn/core'
import { check, equal, fails, pieces } from './check.js'
import { codecDigest } from './codecs.js'

const ALL = Uint8Array.from({ length: 256 }, (_, octet) => octet)
const LINES = encodeUtf8('one\r\n\r\ntwo\nthree\r\n')

// RFC 4648 section 10
const BASE64 = { '': '', f: 'Zg==', fo: 'Zm8=', foo: 'Zm9v', foob: 'Zm9vYg==', fooba: 'Zm9vYmE=', foobar: 'Zm9vYmFy' }

function linesOf(size) {
  const buffer = new LineBuffer({ maxLength: 100 })
  const found = []
  for (const piece of pieces(LINES, size)) {
    buffer.push(piece)
    for (let line = buffer.next(); line; line = buffer.next()) found.push(`${decodeLatin1(line.bytes)}|${line.ending}`)
  }
  return found
}

export const core = [
  check('core: codecs give what they give everywhere, natively or not', () => equal(codecDigest(), '82c72cea')),
  check('core: Base64 has the vectors of RFC 4648 and refuses stray bits', async () => {
    for (const [plain, encoded] of Object.entries(BASE64)) {
      equal(encodeBase64(encodeUtf8(plain)), encoded)
      equal(decodeUtf8(decodeBase64(encoded)), plain)
    }
    equal(encodeBase64Url(Uint8Array.of(251, 255, 254)), '-__-')
    await fails('BASE64_BAD_PADDING', () => decodeBase64('Zh=='))
  }),
  check('core: Base64 carries a megabyte', () => {
    const octets = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 31 + (index >> 8)) & 255)
    const text = encodeBase64(octets)
    equal(text.length, 1_333_336)
    const back = decodeBase64(text)
    equal(back.length === octets.length && back.every((octet, index) => octet === octets[index]), true)
  }),
  check('core: every octet is the character of its number, and back', () => {
    const text = decodeLatin1(ALL)
    for (let octet = 0; octet < 256; octet++) equal(text.charCodeAt(octet), octet)
    equal(encodeLatin1(text), ALL)
  }),
  check('core: UTF-8 is told from what is none', () => {
    equal(decodeUtf8(encodeUtf8('\ufeffGrüße, 山田 📫')), '\ufeffGrüße, 山田 📫')
    equal(
      [isUtf8(encodeUtf8('é')), isUtf8(Uint8Array.of(0xc0, 0x80)), isUtf8(Uint8Array.of(0xed, 0xa0, 0x80))],
      [true, false, false],
    )
  }),
  check('core: quoted-printable carries every octet', () => {
    equal(decodeQuotedPrintable(encodeQuotedPrintable(ALL)), ALL)
    equal(decodeLatin1(encodeQuotedPrintable(encodeLatin1('.a=b \r\né'))), '=2Ea=3Db=20\r\n=E9')
  }),
  check('core: lines are the same at every split', () => {
    for (const size of [1, 2, 3, 64]) equal(linesOf(size), ['one|crlf', '|crlf', 'two|lf', 'three|crlf'], `by ${size}`)
  }),
  check('core: domains with and without U-labels', () => {
    equal([isDomain('mx.example.org'), isDomain('bücher.example'), isDomain('-a.example')], [true, false, false])
    equal([isDomain('bücher.example', { unicode: true }), isDomain('ｅ.example', { unicode: true })], [true, false])
  }),
  check('core: errors have a code, a source and a cause', () => {
    const cause = new TypeError('why')
    const error = new MailError('A_CODE', 'Cannot do it', { spec: 'rfc5321#section-4', cause })
    equal(
      [error instanceof Error, error.name, error.code, error.spec],
      [true, 'MailError', 'A_CODE', 'rfc5321#section-4'],
    )
    equal(error.cause === cause, true)
  }),
]
