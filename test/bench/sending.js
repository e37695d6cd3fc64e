/**
 * Sending a small message over one open connection of the loopback interface, again and again, to one server in a
 * process of its own. Both clients pipeline; both are given the octets of the message, so that composing does not count.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { connect } from '@posthorn/node'
import { SmtpClient } from '@posthorn/smtp'
import nodemailer from 'nodemailer'

const MESSAGES = 500
const ENVELOPE = { from: 'ada@example.org', to: ['charles@example.net', 'mary@example.net'] }
const MESSAGE = Buffer.from(
  `From: ada@example.org\r\nTo: charles@example.net\r\nSubject: Notes\r\n\r\n${'The notes are with the printer.\r\n'.repeat(60)}`,
)

const seconds = {
  wall: () => performance.now() / 1000,
  cpu() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
}

async function sendWithNodemailer(pool) {
  const { accepted } = await pool.sendMail({ envelope: ENVELOPE, raw: MESSAGE })
  if (accepted.length !== 2) throw new Error(`nodemailer: ${accepted.length} accepted`)
}

async function sendWithPosthorn(client) {
  const { type } = await client.send({ reversePath: ENVELOPE.from, forwardPaths: ENVELOPE.to }, MESSAGE)
  if (type !== 'accepted') throw new Error(`posthorn: ${type}`)
}

/** @param {'wall' | 'cpu'} clock By which seconds the messages are counted. */
export async function prepareSending(clock) {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)))
  const { port } = await new Promise((resolve) => server.once('message', resolve))
  const limits = { maxConnections: 1, maxMessages: Number.POSITIVE_INFINITY }
  const pool = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true, ...limits })
  const client = new SmtpClient(await connect({ host: '127.0.0.1', port }), { tls: 'none' })
  await client.open()

  async function rateOf(sendOne) {
    const start = seconds[clock]()
    for (let count = 0; count < MESSAGES; count++) await sendOne()
    return MESSAGES / (seconds[clock]() - start)
  }

  return {
    rows: [
      { name: 'nodemailer', run: () => rateOf(() => sendWithNodemailer(pool)) },
      { name: 'posthorn', run: () => rateOf(() => sendWithPosthorn(client)) },
    ],
    async close() {
      pool.close()
      await client.quit()
      server.disconnect()
    },
  }
}
