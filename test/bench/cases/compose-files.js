/** Composing text, HTML and three files of 100 KB: options in, the octets of a message out. */
import { randomBytes } from 'node:crypto'
import { pooledRandom } from '@posthorn/core'
import { compose } from '@posthorn/mime'
import MailComposer from 'nodemailer/lib/mail-composer'

export const title = 'Compose text, HTML and three files of 100 KB'
export const unit = 'messages/s'
export const rounds = 9

const MESSAGES = 40
const MESSAGE = {
  from: 'Ada Lovelace <ada@example.org>',
  to: 'Charles Babbage <charles@example.net>',
  subject: 'Notes on the engine',
  text: 'Dear Charles,\n\nthe notes are with the printer.\n',
  html: '<p>Dear Charles,</p><p>the notes are with the printer.</p>',
}
const files = Array.from({ length: 3 }, (_, index) => ({ filename: `${index}.bin`, content: randomBytes(100_000) }))
const random = pooledRandom(randomBytes)

async function speedOf(composeOne) {
  const start = performance.now()
  for (let count = 0; count < MESSAGES; count++) {
    const { length } = await composeOne()
    if (length < 400_000) throw new Error(`Composed ${length} octets`)
  }
  return (MESSAGES / (performance.now() - start)) * 1000
}

const byNodemailer = () =>
  new MailComposer({ ...MESSAGE, attachments: files.map((one) => ({ ...one })) }).compile().build()
const byPosthorn = () => compose({ ...MESSAGE, attachments: files }, { now: new Date(), random }).bytes()

export const rows = [
  { name: 'nodemailer', run: () => speedOf(byNodemailer) },
  { name: 'posthorn', run: () => speedOf(byPosthorn) },
]
