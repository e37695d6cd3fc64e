/**
 * Composing a small text message: options in, the octets of a message out. Both make their own Date and Message-ID, and
 * give one buffer.
 */
import { randomBytes } from 'node:crypto'
import { compose } from '@posthorn/mime'
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

const random = (length) => new Uint8Array(randomBytes(length))

async function speedOf(composeOne) {
  const start = performance.now()
  for (let count = 0; count < MESSAGES; count++) {
    const { length } = await composeOne()
    if (length < 300) throw new Error(`Composed ${length} octets`)
  }
  return (MESSAGES / (performance.now() - start)) * 1000
}

export const rows = [
  { name: 'nodemailer', run: () => speedOf(() => new MailComposer(MESSAGE).compile().build()) },
  { name: 'posthorn', run: () => speedOf(() => compose(MESSAGE, { now: new Date(), random }).bytes()) },
]
