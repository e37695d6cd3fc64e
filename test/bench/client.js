/**
 * A client under test, in a process of its own: whose it is, the port, and how many connections it has are its arguments.
 * For each order `{ messages }` or `{ octets }` (one large message) it tells how long it took and how much processor time it
 * used, in seconds.
 */
import { Readable } from 'node:stream'
import { createMessage } from '@upyo/core'
import { SmtpTransport } from '@upyo/smtp'
import nodemailer from 'nodemailer'
import { createMailer, requireAccepted } from 'posthorn'
import { openBareClient } from './bare-client.js'

const [FROM, TO] = ['ada@example.org', 'charles@example.net']
const MESSAGE = { from: FROM, to: TO, subject: 'Notes', text: 'The notes are with the printer.\n'.repeat(55) }
const HEADER = `From: ${FROM}\r\nTo: ${TO}\r\nSubject: Notes\r\n\r\n`
const SMALL = Buffer.from(`${HEADER}${MESSAGE.text.replaceAll('\n', '\r\n')}.\r\n`)
const CHUNK = Buffer.from(
  `${'The notes are with the printer, as they were a week ago.'.padEnd(62, '.')}\r\n`.repeat(1024),
)

function* large(octets) {
  yield Buffer.from(HEADER)
  for (let left = octets; left > 0; left -= CHUNK.length) yield CHUNK
}

const OPENERS = {
  posthorn(port, maxConnections) {
    const pool = { maxConnections, maxMessages: Number.POSITIVE_INFINITY }
    const mailer = createMailer(`smtp://127.0.0.1:${port}`, { pool })
    const envelope = { reversePath: FROM, forwardPaths: [TO] }
    return {
      send: async () => requireAccepted(await mailer.send(MESSAGE)),
      async sendLarge(octets) {
        const content = async function* () {
          yield* large(octets)
        }
        requireAccepted(await mailer.send({ raw: { content, eightBit: false }, envelope }))
      },
    }
  },

  nodemailer(port, maxConnections) {
    const limits = { maxConnections, maxMessages: Number.POSITIVE_INFINITY }
    const transporter = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true, ...limits })
    return {
      send: () => transporter.sendMail(MESSAGE),
      sendLarge: (octets) =>
        transporter.sendMail({
          envelope: { from: FROM, to: TO },
          raw: Readable.from(large(octets), { objectMode: false }),
        }),
    }
  },

  upyo(port, poolSize) {
    const transport = new SmtpTransport({ host: '127.0.0.1', port, secure: false, pool: true, poolSize })
    const message = { from: FROM, to: TO, subject: MESSAGE.subject, content: { text: MESSAGE.text } }
    return {
      async send() {
        const { successful } = await transport.send(createMessage(message))
        if (!successful) throw new Error('upyo: refused')
      },
    }
  },

  async 'bare socket'(port, connections) {
    const idle = []
    for (let count = 0; count < connections; count++) idle.push(await openBareClient(port))
    return {
      async send() {
        const client = idle.pop()
        await client.say(`MAIL FROM:<${FROM}>\r\nRCPT TO:<${TO}>\r\nDATA\r\n`, 3)
        await client.say(SMALL, 1)
        idle.push(client)
      },
    }
  },
}

const [name, port, connections] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const { send, sendLarge } = await OPENERS[name](port, connections)

async function obey({ messages, octets }) {
  if (octets) return sendLarge(octets)
  let left = messages
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) await send()
    }),
  )
}

process.on('message', async (order) => {
  const start = performance.now()
  const before = process.cpuUsage()
  await obey(order)
  const { user, system } = process.cpuUsage(before)
  process.send({ wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 })
})
process.once('disconnect', () => process.exit(0))
process.send('ready')
