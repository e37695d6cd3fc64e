/**
 * Sends a message from a file through a bridge, on Deno, whose own WebSocket does it:
 *
 *   BRIDGE_URL=wss://bridge.example/mail TICKET=ticket.… MAIL_SERVER=smtp.example:587 MAIL_PASSWORD=… \
 *     deno run --allow-net --allow-env --allow-read deno-send.ts message.eml ada@example.org zoe@example.net
 */

import { adviseBridgeError, type BridgeErrorCode, connectBridge } from '@posthorn/bridge'
import { MailError } from '@posthorn/core'
import { SmtpClient } from '@posthorn/smtp'

const [file = '', from = '', ...to] = Deno.args
const setting = (name: string): string => Deno.env.get(name) ?? ''
const [host = '', port = ''] = setting('MAIL_SERVER').split(':')

async function send(): Promise<number> {
  const connection = await connectBridge({
    url: setting('BRIDGE_URL'),
    ticket: setting('TICKET'),
    host,
    port: Number(port),
    implicitTls: port === '465',
  })
  const client = new SmtpClient(connection, {
    serverName: host,
    credentials: { username: from, password: setting('MAIL_PASSWORD') },
    unsafeTrustBridge: true, // It is ours.
  })
  try {
    await client.open()
    const { size } = await Deno.stat(file)
    const { readable } = await Deno.open(file)
    const { type, recipients } = await client.send({ reversePath: from, forwardPaths: to }, { content: readable, size })
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

Deno.exit(await send().catch(explain))
