/**
 * Sends a message from a file through a bridge, on Bun, whose own WebSocket does it:
 *
 *   BRIDGE_URL=wss://bridge.example/mail TICKET=ticket.… MAIL_SERVER=smtp.example:587 MAIL_PASSWORD=… \
 *     bun bun-send.ts message.eml ada@example.org zoe@example.net
 */

import process from 'node:process'
import { adviseBridgeError, type BridgeErrorCode, connectBridge } from '@posthorn/bridge'
import { MailError } from '@posthorn/core'
import { SmtpClient } from '@posthorn/smtp'

const [, , file = '', from = '', ...to] = Bun.argv
const { BRIDGE_URL: url = '', TICKET: ticket = '', MAIL_SERVER = '', MAIL_PASSWORD: password = '' } = Bun.env
const [host = '', port = ''] = MAIL_SERVER.split(':')

async function send(): Promise<number> {
  const connection = await connectBridge({ url, ticket, host, port: Number(port), implicitTls: port === '465' })
  const client = new SmtpClient(connection, {
    serverName: host,
    credentials: { username: from, password },
    unsafeTrustBridge: true, // It is ours.
  })
  try {
    await client.open()
    const { type, recipients } = await client.send({ reversePath: from, forwardPaths: to }, Bun.file(file))
    for (const [at, { status, retry }] of recipients.entries()) console.log(`${to[at]}: ${status}, retry: ${retry}`)
    return type === 'accepted' ? 0 : 1
  } finally {
    await client.quit()
  }
}

function explain(error: unknown): number {
  if (!(error instanceof MailError)) throw error
  const advice = error.code.startsWith('BRIDGE_')
    ? adviseBridgeError(error.code as BridgeErrorCode).text
    : error.message
  console.error(`${error.code}: ${advice}`)
  return 2
}

process.exit(await send().catch(explain))
