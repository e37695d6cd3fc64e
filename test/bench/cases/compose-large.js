/** Composing a file of 25 MB, at once and as a stream that is read to its end. */
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pooledRandom } from '@posthorn/core'
import { compose } from '@posthorn/mime'
import MailComposer from 'nodemailer/lib/mail-composer'

export const title = 'Compose a file of 25 MB'
export const unit = 'MB/s'
export const rounds = 9

const SIZE = 25_000_000
const PIECE = 65_536
const content = randomBytes(SIZE)
const MESSAGE = {
  from: 'ada@example.org',
  to: 'charles@example.net',
  subject: 'The engine',
  text: 'See the drawing.\n',
}
const random = pooledRandom(randomBytes)

function* pieces() {
  for (let start = 0; start < SIZE; start += PIECE) yield content.subarray(start, start + PIECE)
}

async function* piecesLater() {
  yield* pieces()
}

const byNodemailer = (given) =>
  new MailComposer({ ...MESSAGE, attachments: [{ filename: 'a.bin', content: given }] }).compile()
const byPosthorn = (given) =>
  compose({ ...MESSAGE, attachments: [{ filename: 'a.bin', content: given }] }, { now: new Date(), random })

async function drain(chunks) {
  let length = 0
  for await (const chunk of chunks) length += chunk.length
  return length
}

async function speedOf(composeOne) {
  const start = performance.now()
  const length = await composeOne()
  if (length < (SIZE * 4) / 3) throw new Error(`Composed ${length} octets`)
  return SIZE / 1000 / (performance.now() - start)
}

const atOnce = async () => (await byNodemailer(content).build()).length
const streamed = () => drain(byNodemailer(Readable.from(pieces(), { objectMode: false })).createReadStream())

export const rows = [
  { name: 'nodemailer, at once', run: () => speedOf(atOnce) },
  { name: 'posthorn, at once', run: () => speedOf(() => byPosthorn(content).bytes().length) },
  { name: 'nodemailer, streamed', run: () => speedOf(streamed) },
  { name: 'posthorn, streamed', run: () => speedOf(() => drain(byPosthorn(piecesLater))) },
]
