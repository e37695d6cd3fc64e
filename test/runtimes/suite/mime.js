/** Messages: the same octets from the same input, and received text as it was meant, whatever the runtime's decoders do. */
import { concatBytes, decodeUtf8, encodeBase64, encodeUtf8 } from '@posthorn/core'
import {
  compose,
  decodeWords,
  encodeWords,
  formatAddress,
  formatDate,
  formatParameter,
  lintMessage,
  parseAddress,
  readAddressList,
  readMessageIds,
  readReceived,
  splitMessage,
  toAsciiDomain,
  toUnicodeDomain,
} from '@posthorn/mime'
import { check, counted, equal, fails } from './check.js'

const CONTEXT = { now: new Date('2026-11-29T12:00:00Z'), random: counted }
const ADA = { from: 'Ada Lovelace <ada@example.org>' }
const ALL = Uint8Array.from({ length: 512 }, (_, index) => index & 255)

const EVERY_KIND = {
  ...ADA,
  to: ['"Babbage, Charles" <charles@example.net>', { name: 'Анна', address: 'anna@example.com' }],
  bcc: 'archive@example.org',
  subject: 'Grüße aus 山田',
  text: 'Zeile eins\nzwei\r\n',
  html: '<p>é <img src="cid:one"></p>',
  attachments: [
    { contentId: 'one', contentType: 'image/png', content: ALL.subarray(3, 200) },
    { filename: 'naïve 山田.txt', content: 'First note\nsecond\n' },
    { filename: 'all.bin', content: ALL },
    { contentType: 'message/rfc822', content: encodeUtf8('Subject: in\n\nside\n') },
  ],
}

// SHA-256 of what EVERY_KIND becomes.
const DIGEST = 'XXpj+bvCSViheecSJJkwfB9+cIfFU7N09g6zAz51Eic='

const digest = async (bytes) => encodeBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

// Those that have a form in US-ASCII, and those that must have none whatever a runtime maps them to.
const DOMAINS = {
  'BÜCHER.Example': 'xn--bcher-kva.example',
  'straße.example': 'xn--strae-oqa.example',
  'STRAẞE.example': 'xn--strae-oqa.example',
  'ΒΌΛΟΣ.example': 'xn--nxasmq6b.example',
  'نامه\u200cای.com': 'xn--mgba3gch31f060k.com',
  'l·l.example': 'xn--ll-0ea.example',
  '１２７.0.0.1': undefined,
  'bücher。example': undefined,
  'bü\u00adcher.example': undefined,
  'bü\u200dcher.example': undefined,
  'ab--ü.example': undefined,
  'אa.example': undefined,
  'bücher.1': undefined,
}
const LABELS = [
  'xn--a',
  'xn--0049',
  'xn--',
  'xn--example-',
  'xn--bcher-kva8445foa',
  'xn--ls8h',
  'xn--zn7c',
  'xn--a-ecp',
]

const FAULTY = [
  'From: "a@x.example" <b@x.example>',
  'Subject: na\u00efve =?x-none?Q?a?=',
  'Content-Type: text/plain; charset=koi8-r; format=flowed',
  'Content-Transfer-Encoding: base64',
  '',
  '*AAAA=B',
].join('\r\n')
const FAULTS = [
  'missing-date 0',
  'missing-message-id 0',
  'missing-recipients 0',
  'mime-version-missing 0',
  'address-in-name 6',
  'header-utf8 46',
  'word-charset 51',
  'base64-character 161',
  'base64-stray-padding 166',
  'base64-after-padding 167',
  'base64-cut 168',
]

export const mime = [
  check('mime: what is wrong with a message is the same in every runtime', () => {
    equal(
      lintMessage(FAULTY).map(({ rule, start }) => `${rule} ${start}`),
      FAULTS,
    )
  }),
  check('mime: domain names in other scripts are the same in every runtime', () => {
    for (const [domain, ascii] of Object.entries(DOMAINS)) equal([domain, toAsciiDomain(domain)], [domain, ascii])
    equal(toUnicodeDomain('XN--BCHER-KVA.example'), 'bücher.example')
    for (const label of LABELS) equal(toUnicodeDomain(label), label)
  }),
  check('mime: header fields are read alike in every runtime', () => {
    const { entries, defects } = readAddressList('=?utf-8?Q?=C3=96?= <"é"@[IPv6:::1]> (c), G: a@good <b@evil.example>;')
    equal(entries, [
      {
        type: 'mailbox',
        name: 'Ö',
        localPart: 'é',
        domain: '[IPv6:::1]',
        address: 'é@[IPv6:::1]',
        comments: ['c'],
      },
      {
        type: 'group',
        name: 'G',
        members: [
          { type: 'mailbox', name: 'a@good', localPart: 'b', domain: 'evil.example', address: 'b@evil.example' },
        ],
      },
    ])
    equal(defects, [{ code: 'address-in-name', start: 44, end: 50, other: 'a@good' }])
    equal(readMessageIds('<a@b> (c) <d @ e>').ids, ['<a@b>', '<d@e>'])
    equal(readReceived('from a ([192.0.2.1]) by b; now').from?.address, '192.0.2.1')
  }),
  check('mime: a message of every kind of part is the same octets in every runtime', async () => {
    const message = compose(EVERY_KIND, CONTEXT)
    const { envelope } = message
    const bytes = message.bytes()
    equal(envelope.forwardPaths, ['charles@example.net', 'anna@example.com', 'archive@example.org'])
    equal(decodeUtf8(bytes).includes('archive'), false)
    equal(await digest(bytes), DIGEST)
  }),
  check('mime: a short message, line for line', () => {
    const message = {
      ...ADA,
      to: 'b@example.net',
      subject: 'Grüße',
      text: 'é\n',
      headers: [{ name: 'X-A', value: 'b' }],
    }
    const { bytes, messageId } = compose(message, CONTEXT)
    equal(decodeUtf8(bytes()).split('\r\n'), [
      'Date: Sun, 29 Nov 2026 12:00:00 +0000',
      'From: Ada Lovelace <ada@example.org>',
      'To: b@example.net',
      `Message-ID: ${messageId}`,
      'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
      'MIME-Version: 1.0',
      'X-A: b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '=C3=A9',
      '',
    ])
  }),
  check('mime: nothing given ends its line', async () => {
    const composing = (more) => () => compose({ ...ADA, ...more }, CONTEXT).serialize()
    await fails('MIME_BAD_HEADER', composing({ subject: 'a\r\nBcc: x@example.com' }))
    await fails('MIME_BAD_ADDRESS', composing({ to: 'a\u0000@example.com' }))
    await fails('MIME_BAD_PARAMETER', composing({ attachments: [{ filename: 'a\u2028', content: 'x' }] }))
    await fails('MIME_NEEDS_SMTPUTF8', composing({ to: 'δοκιμή@example.com' }))
  }),
  check('mime: encoded words are cut at characters and joined again', () => {
    for (const text of ['Привет, 📫', `${'a'.repeat(200)}é`, '山田太郎 '.repeat(30), '👩‍👩‍👧'.repeat(20), ' ', '=?']) {
      const words = encodeWords(text)
      equal(
        words.split(' ').every((word) => word.length <= 75),
        true,
      )
      equal(decodeWords(words), text)
    }
    equal(encodeWords('\ud83d'), '=?utf-8?B?77+9?=')
  }),
  check('mime: windows-1252 is read as such under all its names', () => {
    for (const charset of ['iso-8859-1', 'windows-1252', 'latin1', 'cp1252']) {
      equal(decodeWords(`=?${charset}?Q?=80_=9F=E9=FF?=`), '€ Ÿéÿ', charset)
    }
  }),
  check('mime: other charsets are read, and unknown ones left alone', () => {
    const read = [
      ['=?koi8-r?B?8NLJ18XU?=', 'Привет'],
      ['=?iso-2022-jp?B?GyRCOzNFRBsoQg==?=', '山田'],
      ['=?shift_jis?B?jlKTYw==?=', '山田'],
      ['=?gb18030?B?ye3M7w==?=', '身田'],
      ['=?euc-kr?B?x9GxuQ==?=', '한국'],
      ['=?utf-8?Q?=E5=B1?= =?utf-8?Q?=B1?=', '山'],
      ['=?utf-7?Q?a?=', '=?utf-7?Q?a?='],
      ['=?utf-8?Q?a=0D=0Ab?=', 'a  b'],
    ]
    for (const [words, text] of read) equal(decodeWords(words), text, words)
  }),
  check('mime: parameters beyond US-ASCII have the form of RFC 2231', () => {
    equal(formatParameter({ name: 'filename', value: 'naïve.txt' }), ["filename*=utf-8''na%C3%AFve.txt"])
    const sections = formatParameter({ name: 'filename', value: `${'山'.repeat(40)}.txt` })
    equal(
      sections.every((section) => section.length <= 74),
      true,
    )
    const encoded = sections.map((section) => section.slice(section.indexOf('=') + 1)).join('')
    equal(decodeURIComponent(encoded.slice("utf-8''".length)), `${'山'.repeat(40)}.txt`)
  }),
  check('mime: addresses and dates', async () => {
    equal(parseAddress('"Lovelace, Ada" <ada@example.org>'), { name: 'Lovelace, Ada', address: 'ada@example.org' })
    equal(formatAddress({ name: 'Anaïs Nin', address: 'an@example.fr' }), '=?utf-8?Q?Ana=C3=AFs_Nin?= <an@example.fr>')
    equal(formatDate(new Date(0)), 'Thu, 01 Jan 1970 00:00:00 +0000')
    await fails('MIME_BAD_ADDRESS', () => parseAddress('a@b.example, c@d.example'))
  }),
  check('mime: a message is cut where its header ends', async () => {
    const octets = concatBytes([encodeUtf8('Subject: a\r\n b\r\nX: é\r\n\r\n'), ALL])
    const { fields, body } = splitMessage(octets)
    equal([fields.map(({ name }) => name), body], [['Subject', 'X'], ALL])
    await fails('MIME_HEADER_TOO_LONG', () => splitMessage(octets, { maxHeaderLength: 10 }))
  }),
]
