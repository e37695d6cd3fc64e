/** Parsing messages by several parsers, each asked for the same: subject, author, recipients, date, text, HTML, attachments. */
import { parseMessage } from '@posthorn/mime'
import { extract } from 'letterparser'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'

const QUOTED = 'A line of text with an \u00e9, which is not US-ASCII, and more.\r\n'
const PARTS = 20

function header(type) {
  return [
    'Received: from a.example by b.example with ESMTPS id 1234; Wed, 25 Nov 2026 20:00:00 +0000',
    'From: Ada Lovelace <ada@example.org>',
    'To: "Babbage, Charles" <charles@example.net>',
    'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from here',
    'Date: Wed, 25 Nov 2026 20:00:00 +0000',
    'Message-ID: <a1234567@example.org>',
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    '',
    '',
  ].join('\r\n')
}

function small() {
  const plain = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
  const html = 'Content-Type: text/html; charset=utf-8\r\n\r\n<p>A line of text.</p>\r\n'
  const body = `--b1\r\n${plain}${QUOTED.repeat(PARTS)}\r\n--b1\r\n${html}\r\n--b1--\r\n`
  return Buffer.from(header('multipart/alternative; boundary="b1"') + body)
}

function large(octets) {
  const file = Buffer.alloc(octets, 'An attachment of any octets. ').toString('base64').replace(/.{76}/g, '$&\r\n')
  const plain = 'Content-Type: text/plain\r\n\r\nSee what is attached.\r\n'
  const attached =
    'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\n'
  return Buffer.from(
    `${header('multipart/mixed; boundary="b1"')}--b1\r\n${plain}--b1\r\n${attached}${file}\r\n--b1--\r\n`,
  )
}

const READERS = {
  'postal-mime': async (message) => {
    const { subject, from, to, date, text, html, attachments } = await PostalMime.parse(message)
    return [subject, from.address, to[0].address, date, text, html, attachments[0]?.content.byteLength]
  },
  mailparser: async (message) => {
    const options = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true }
    const { subject, from, to, date, text, html, attachments } = await simpleParser(message, options)
    return [subject, from.value[0].address, to.value[0].address, date, text, html, attachments[0]?.content.length]
  },
  letterparser: (message) => {
    const { subject, from, to, date, text, html, attachments } = extract(message.toString())
    return [subject, from.address, to[0].address, date, text, html, attachments?.[0]?.body.length]
  },
  posthorn: (given) => {
    const message = parseMessage(given)
    const { subject, date, text, html, header: fields, attachments } = message
    const [from, to] = [fields.addresses('from')[0].address, fields.addresses('to')[0].address]
    const content = attachments[0] && message.contentOf(attachments[0].part).bytes.length
    return [subject, from, to, date, text, html, content]
  },
}

/**
 * @param {number} count How many a round.
 * @param {number} [octets] What is attached; nothing: a message of 2 KB.
 * @returns The rows of a case: messages a second.
 */
export async function parsingRows(count, octets) {
  const message = octets === undefined ? small() : large(octets)
  const subjects = await Promise.all(Object.values(READERS).map(async (read) => (await read(message))[0]))
  if (new Set(subjects).size > 1) throw new Error(`They read ${subjects.join(', ')}`)
  return Object.entries(READERS).map(([name, read]) => ({
    name,
    async run() {
      const start = performance.now()
      for (let turn = 0; turn < count; turn++) await read(message)
      return count / ((performance.now() - start) / 1000)
    },
  }))
}
