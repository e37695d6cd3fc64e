/**
 * Sending a small message over one open connection of the loopback interface, again and again, to one server in a
 * process of its own. Both pipeline; both are given the octets of the message, so that composing does not count.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { connect } from '@posthorn/node'
import { SmtpClient } from '@posthorn/smtp'
import nodemailer from 'nodemailer'

export const title = 'Send a small message over one open connection'
export const unit = 'messages/s'
export const rounds = 11

const MESSAGES = 500
const ENVELOPE = { from: 'ada@example.org', to: ['charles@example.net', 'mary@example.net'] }
const MESSAGE = Buffer.from(
  `From: ada@example.org\r\nTo: charles@example.net\r\nSubject: Notes\r\n\r\n${'The notes are with the printer.\r\n'.repeat(60)}`,
)

let server
let pool
let client

async function speedOf(sendOne) {
  const start = performance.now()
  for (let count = 0; count < MESSAGES; count++) await sendOne()
  return (MESSAGES / (performance.now() - start)) * 1000
}

async function sendWithNodemailer() {
  const { accepted } = await pool.sendMail({ envelope: ENVELOPE, raw: MESSAGE })
  if (accepted.length !== 2) throw new Error(`nodemailer: ${accepted.length} accepted`)
}

async function sendWithPosthorn() {
  const { type } = await client.send({ reversePath: ENVELOPE.from, forwardPaths: ENVELOPE.to }, MESSAGE)
  if (type !== 'accepted') throw new Error(`posthorn: ${type}`)
}

export async function setup() {
  server = fork(fileURLToPath(new URL('../server.js', import.meta.url)))
  const { port } = await new Promise((resolve) => server.once('message', resolve))
  const limits = { maxConnections: 1, maxMessages: Number.POSITIVE_INFINITY }
  pool = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true, ...limits })
  client = new SmtpClient(await connect({ host: '127.0.0.1', port }), { tls: 'none' })
  await client.open()
  return [
    { name: 'nodemailer', run: () => speedOf(sendWithNodemailer) },
    { name: 'posthorn', run: () => speedOf(sendWithPosthorn) },
  ]
}

export async function teardown() {
  pool?.close()
  await client?.quit()
  server?.disconnect()
}
