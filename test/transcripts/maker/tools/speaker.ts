/** Our own client, for logs that servers write: it says what the dialogue wants, and records both ends. */

import { connect } from '@posthorn/node'
import { ACCOUNT, type Dialogue, MESSAGE } from '../dialogues.ts'
import { record, type Turn } from '../recorder.ts'

/** Whom to speak to. */
export interface Address {
  readonly port: number
  readonly ca: string
  readonly serverName: string
  readonly account?: { readonly username: string; readonly password: string }
}

const CRLF = '\r\n'

/** Has the dialogue with a server; where it takes no `hangup`, the client hangs up. */
export async function speak(
  dialogue: Dialogue,
  { port, ca, serverName, account = ACCOUNT }: Address,
): Promise<readonly Turn[]> {
  const { connection, turns } = record(await connect({ host: '127.0.0.1', port, ca }), 'client')
  let buffer = ''
  const reply = async (): Promise<number> => {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*(\d{3})(?: .*)?\r\n/.exec(buffer)
      if (found) {
        buffer = buffer.slice(found[0].length)
        return Number(found[1])
      }
      const octets = await connection.read()
      if (!octets) return 0
      buffer += Buffer.from(octets).toString('latin1')
    }
  }
  const say = async (text: string): Promise<number> => {
    await connection.write(new TextEncoder().encode(text + CRLF))
    return reply()
  }
  try {
    await reply()
    await say('EHLO client.example.com')
    if (dialogue.password) {
      await say('STARTTLS')
      await connection.startTls({ serverName })
      await say('EHLO client.example.com')
      const password = dialogue.name === 'denied' ? dialogue.password : account.password
      await say('AUTH LOGIN')
      await say(Buffer.from(account.username).toString('base64'))
      if ((await say(Buffer.from(password).toString('base64'))) !== 235) return await leave(say, turns)
    }
    if ((await say(`MAIL FROM:<${dialogue.from}>`)) >= 400) return await leave(say, turns)
    for (const to of dialogue.to) {
      if (to.startsWith('hangup')) {
        connection.abort()
        return turns
      }
      await say(`RCPT TO:<${to}>`)
    }
    if ((await say('DATA')) === 354) await say(`${MESSAGE.replaceAll(/^\./gm, '..').replaceAll('\n', CRLF)}.`)
    return await leave(say, turns)
  } finally {
    await connection.close().catch(() => undefined)
  }
}

async function leave(say: (text: string) => Promise<number>, turns: readonly Turn[]): Promise<readonly Turn[]> {
  await say('QUIT')
  return turns
}
