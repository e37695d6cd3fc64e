/**
 * Composing a message with one large file, at once and as a stream that is read to its end, by several composers. Mimetext
 * takes text in Base64 alone, which it does not cut into lines.
 */
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pooledRandom } from '@posthorn/core'
import { compose } from '@posthorn/mime'
import { Message } from 'emailjs'
import { createMimeMessage } from 'mimetext'
import MailComposer from 'nodemailer/lib/mail-composer'

const PIECE = 65_536
const MESSAGE = {
  from: 'ada@example.org',
  to: 'charles@example.net',
  subject: 'The engine',
  text: 'See the drawing.\n',
}
const FILE = { filename: 'a.bin', contentType: 'application/octet-stream' }
const random = pooledRandom(randomBytes)

function* piecesOf(content) {
  for (let start = 0; start < content.length; start += PIECE) yield content.subarray(start, start + PIECE)
}

async function* laterPiecesOf(content) {
  yield* piecesOf(content)
}

async function drain(chunks) {
  let length = 0
  for await (const chunk of chunks) length += chunk.length
  return length
}

const streamOf = (content) => Readable.from(piecesOf(content), { objectMode: false })
const byNodemailer = (content) => new MailComposer({ ...MESSAGE, attachments: [{ ...FILE, content }] }).compile()
const byPosthorn = (content) =>
  compose({ ...MESSAGE, attachments: [{ ...FILE, content }] }, { now: new Date(), random })

const byEmailjs = async (content) => {
  const attachment = [{ name: FILE.filename, type: FILE.contentType, stream: streamOf(content) }]
  return Buffer.from(await new Message({ ...MESSAGE, attachment }).readAsync())
}

const byMimetext = (content) => {
  const message = createMimeMessage()
  message.setSender(MESSAGE.from)
  message.setTo(MESSAGE.to)
  message.setSubject(MESSAGE.subject)
  message.addMessage({ contentType: 'text/plain', data: MESSAGE.text })
  message.addAttachment({ ...FILE, data: content.toString('base64') })
  return Buffer.from(message.asRaw())
}

/**
 * @param {number} size The octets of the file.
 * @returns The rows of a case: megabytes of the file a second.
 */
export function composingRows(size) {
  const content = randomBytes(size)
  const row = (name, composeOne) => ({
    name,
    async run() {
      const start = performance.now()
      const length = await composeOne(content)
      if (length < (size * 4) / 3) throw new Error(`Composed ${length} octets`)
      return size / 1000 / (performance.now() - start)
    },
  })
  return [
    row('nodemailer, at once', async (file) => (await byNodemailer(file).build()).length),
    row('mimetext, at once, without lines', (file) => byMimetext(file).length),
    row('emailjs, at once', async (file) => (await byEmailjs(file)).length),
    row('posthorn, at once', (file) => byPosthorn(file).bytes().length),
    row('nodemailer, streamed', (file) => drain(byNodemailer(streamOf(file)).createReadStream())),
    row('posthorn, streamed', (file) => drain(byPosthorn(() => laterPiecesOf(file)))),
  ]
}
