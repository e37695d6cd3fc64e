/** Charsets: whatever the runtime's own decoders do, text is the same, whole or in pieces. */
import { encodeBase64, encodeUtf8 } from '@posthorn/core'
import { CharsetDecoder, decodeCharset, readDate, readText } from '@posthorn/mime'
import { legacyCharsets } from '@posthorn/mime/charsets'
import { check, equal, pieces } from './check.js'

const OF_ONE_OCTET = [
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((part) => `iso-8859-${part}`),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 874].map((page) => `windows-${page}`),
  ...['koi8-r', 'koi8-u', 'ibm866', 'macintosh', 'x-mac-cyrillic', 'us-ascii', 'utf-7'],
]

// SHA-256 of what all of them make of all octets.
const ONE_OCTET_DIGEST = 'Jz3K8yi5MdZ1VddMSuETuICm98s4LrfAQTp0Itq3nAY='

// SHA-256 of what they make of all pairs of octets, each with two LF behind it.
const PAIR_DIGESTS = {
  big5: 'esaIS/Z5ejXZ75ay+hD6azz13+aO/jdRCm7f432R8hY=',
  'euc-jp': 'WxyToX29sYM5jFqKNZM26rGXR07VAndSFlSyzD07+gY=',
  'euc-kr': 'etGeJk7zLiadPkvkhVD0M2xghJ+FIlLYpZwYwoU42Yk=',
  gb18030: 'LT8R7KhzuGn5OChSU6rd0eaiq6Zy8zA4/sjdRj+DGvE=',
  'iso-2022-jp': 'rlgSJ1+NwfGT2CQT3AN8JRnThmwHlRHsuOq1B6zRcxU=',
  shift_jis: 'rixLObJqsxLdD7vjVl64397phA1/w6btvJpU4FBosi0=',
  'utf-8': 'e65S2JjQOmORBHI3OqoIyomwMVmDgOYMCjHcH+He6yc=',
  'utf-16le': 'A1fMtoOHVd+yiM8MOiB0xnDfPjUGxgNFgAatoJNwd1c=',
  'utf-16be': '/qykUL7Oy+jmL3FDDt1g4Rpl43Li4Xc8FnILZCra9vk=',
}

const decoder = legacyCharsets
const ALL = Uint8Array.from({ length: 256 }, (_, octet) => octet)
const pairsOf = (lead) => Uint8Array.from({ length: 1024 }, (_, at) => [lead, at >> 2, 10, 10][at & 3])

async function digest(text) {
  return encodeBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', encodeUtf8(text))))
}

function cutEverywhere(label, bytes, options) {
  const pushed = new CharsetDecoder(label, options)
  let text = ''
  for (const piece of pieces(bytes, 3)) text += pushed.push(piece)
  equal(text + pushed.end() === decodeCharset(bytes, label, options).text, true, label)
}

export const charset = [
  check('mime: charsets of one octet a character are the same in every runtime', async () => {
    const texts = OF_ONE_OCTET.map((label) => decodeCharset(ALL, label).text)
    equal(await digest(texts.join('')), ONE_OCTET_DIGEST)
  }),
  ...Object.entries(PAIR_DIGESTS).map(([label, expected]) =>
    check(`mime: ${label} is the same in every runtime`, async () => {
      const texts = Array.from(ALL, (lead) => decodeCharset(pairsOf(lead), label, { decoder }).text)
      equal(await digest(texts.join('')), expected)
    }),
  ),
  check('mime: GB 18030 needs no library', async () => {
    const texts = Array.from(ALL, (lead) => decodeCharset(pairsOf(lead), 'gbk').text)
    equal(await digest(texts.join('')), PAIR_DIGESTS.gb18030)
  }),
  check('mime: octets may be cut anywhere, for the library and for the runtime', () => {
    for (const label of [...Object.keys(PAIR_DIGESTS), 'utf-16', 'koi8-r']) {
      for (const lead of [0x1b, 0x80, 0x8f, 0xa1, 0xc3, 0xd8, 0xe2, 0xfe]) {
        for (const options of [{ decoder }, {}]) cutEverywhere(label, pairsOf(lead), options)
      }
    }
  }),
  check('mime: fields of text and dates', () => {
    equal(readText('=?big5?Q?=87?=\r\n =?big5?B?QA==?= a', { decoder }), { text: '䏰 a', defects: [] })
    equal(readDate('Sunday, 06-Nov-94 08:49:37 EST').date?.toISOString(), '1994-11-06T13:49:37.000Z')
  }),
]
