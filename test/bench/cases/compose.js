/**
 * Composing a small text message: options in, the octets of a message out. All make their own Date and Message-ID, and
 * give one buffer. Mimetext and emailjs do not fold fields, nor look whether text is what its label says.
 */
import { randomBytes } from 'node:crypto'
import { pooledRandom } from '@posthorn/core'
import { compose } from '@posthorn/mime'
import { Message } from 'emailjs'
import { createMimeMessage } from 'mimetext'
import MailComposer from 'nodemailer/lib/mail-composer'

export const title = 'Compose a small text message'
export const unit = 'messages/s'
export const rounds = 9

const MESSAGES = 2000

const MESSAGE = {
  from: 'Ada Lovelace <ada@example.org>',
  to: 'Charles Babbage <charles@example.net>',
  subject: 'Notes on the engine',
  text: 'Dear Charles,\n\nthe notes are with the printer; I hope that they please you.\n\nYours,\nAda\n',
}

const random = pooledRandom(randomBytes)

async function speedOf(composeOne) {
  const start = performance.now()
  for (let count = 0; count < MESSAGES; count++) {
    const { length } = await composeOne()
    if (length < 300) throw new Error(`Composed ${length} octets`)
  }
  return (MESSAGES / (performance.now() - start)) * 1000
}

function byMimetext() {
  const message = createMimeMessage()
  message.setSender(MESSAGE.from)
  message.setTo({ name: 'Charles Babbage', addr: 'charles@example.net' })
  message.setSubject(MESSAGE.subject)
  message.addMessage({ contentType: 'text/plain', data: MESSAGE.text })
  return Buffer.from(message.asRaw())
}

export const rows = [
  { name: 'nodemailer', run: () => speedOf(() => new MailComposer(MESSAGE).compile().build()) },
  { name: 'mimetext', run: () => speedOf(byMimetext) },
  { name: 'emailjs', run: () => speedOf(async () => Buffer.from(await new Message({ ...MESSAGE }).readAsync())) },
  { name: 'posthorn', run: () => speedOf(() => compose(MESSAGE, { now: new Date(), random }).bytes()) },
]
