/**
 * Composing and sending small messages over open connections of the loopback interface to one server in a process of its
 * own, by several clients, all of which pipeline where they can; and by a bare socket that is given the octets, which is
 * what cannot be undercut.
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { pooledRandom } from '@posthorn/core'
import { compose } from '@posthorn/mime'
import { connect } from '@posthorn/node'
import { SmtpClient } from '@posthorn/smtp'
import { createMessage } from '@upyo/core'
import { SmtpTransport } from '@upyo/smtp'
import nodemailer from 'nodemailer'
import { openBareClient } from './bare-client.js'

const MESSAGES = 2000
const [FROM, TO] = ['ada@example.org', 'charles@example.net']
const MESSAGE = { from: FROM, to: TO, subject: 'Notes', text: 'The notes are with the printer.\n'.repeat(55) }
const OCTETS = Buffer.from(
  `From: ${FROM}\r\nTo: ${TO}\r\nSubject: Notes\r\n\r\n${MESSAGE.text.replaceAll('\n', '\r\n')}`,
)

const random = pooledRandom(randomBytes)

const seconds = {
  wall: () => performance.now() / 1000,
  cpu() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
}

async function openNodemailer(port, maxConnections) {
  const limits = { maxConnections, maxMessages: Number.POSITIVE_INFINITY }
  const pool = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true, ...limits })
  return {
    async send() {
      const { accepted } = await pool.sendMail(MESSAGE)
      if (accepted.length !== 1) throw new Error(`nodemailer: ${accepted.length} accepted`)
    },
    close: () => pool.close(),
  }
}

async function openUpyo(port, poolSize) {
  const transport = new SmtpTransport({ host: '127.0.0.1', port, secure: false, pool: true, poolSize })
  const message = { from: FROM, to: TO, subject: MESSAGE.subject, content: { text: MESSAGE.text } }
  return {
    async send() {
      const { successful } = await transport.send(createMessage(message))
      if (!successful) throw new Error('upyo: refused')
    },
    close: () => transport.closeAllConnections(),
  }
}

async function openPosthorn(port, connections) {
  const clients = []
  for (let count = 0; count < connections; count++) {
    const client = new SmtpClient(await connect({ host: '127.0.0.1', port }), { tls: 'none' })
    await client.open()
    clients.push(client)
  }
  const envelope = { reversePath: FROM, forwardPaths: [TO] }
  return {
    async send(connection) {
      const message = compose(MESSAGE, { now: new Date(), random })
      const { type } = await clients[connection].send(envelope, message.bytes(), { chunking: 'never' })
      if (type !== 'accepted') throw new Error(`posthorn: ${type}`)
    },
    close: () => Promise.all(clients.map((client) => client.quit())),
  }
}

async function openBare(port, connections) {
  const clients = []
  for (let count = 0; count < connections; count++) clients.push(await openBareClient(port))
  const envelope = `MAIL FROM:<${FROM}>\r\nRCPT TO:<${TO}>\r\nDATA\r\n`
  const body = Buffer.concat([OCTETS, Buffer.from('.\r\n')])
  return {
    async send(connection) {
      await clients[connection].say(envelope, 3)
      await clients[connection].say(body, 1)
    },
    close() {
      for (const client of clients) client.close()
    },
  }
}

const OPENERS = [
  ['nodemailer', openNodemailer],
  ['upyo', openUpyo],
  ['posthorn', openPosthorn],
  ['bare socket', openBare],
]

/**
 * @param {'wall' | 'cpu'} clock By which seconds the messages are counted.
 * @param {number} connections How many connections each client has, and how many messages are on their way at once.
 */
export async function prepareSending(clock, connections) {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)))
  const { port } = await new Promise((resolve) => server.once('message', resolve))
  const senders = []
  for (const [name, open] of OPENERS) senders.push({ name, ...(await open(port, connections)) })

  async function rateOf(send) {
    const start = seconds[clock]()
    let left = MESSAGES
    await Promise.all(
      Array.from({ length: connections }, async (_, connection) => {
        while (left-- > 0) await send(connection)
      }),
    )
    return MESSAGES / (seconds[clock]() - start)
  }

  return {
    rows: senders.map(({ name, send }) => ({ name, run: () => rateOf(send) })),
    async close() {
      for (const { close } of senders) await close()
      server.disconnect()
    },
  }
}
