import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { encode, hardMessage, header, wireForm } from './lib/message.ts'
import { ACCOUNT, HOSTNAME, type OpenSmtpd, startOpenSmtpd } from './lib/opensmtpd.ts'
import { openClient } from './lib/our-client.ts'
import { ASCII_ACCOUNT, HOSTNAME as OUR_NAME, type OurServer, startOurServer } from './lib/our-server.ts'

// OpenSMTPD as the server of our client, without pipelining, and as the client of our server.
let opensmtpd: OpenSmtpd
let server: OurServer
let lmtp: OurServer

beforeAll(async () => {
  server = await startOurServer({ requireAuth: true })
  lmtp = await startOurServer({ protocol: 'lmtp' })
  const { port, ca } = server
  opensmtpd = await startOpenSmtpd({ port, lmtpPort: lmtp.port, ca, hostname: OUR_NAME, account: ASCII_ACCOUNT })
})
afterAll(async () => {
  await opensmtpd.stop()
  await Promise.all([server.stop(), lmtp.stop()])
})

const ALICE = `alice@${HOSTNAME}`
const BOB = `bob@${HOSTNAME}`

describe('SmtpClient', () => {
  test.each(['none', 'data', 'messages'] as const)(
    'pipelining %s, which is not offered: octet by octet, a recipient refused, another deferred',
    async (pipelining) => {
      const { client, conversation } = await openClient(opensmtpd, { pipelining })
      const forwardPaths = [BOB, `nobody@${HOSTNAME}`, `greylist@${HOSTNAME}`, 'bob@elsewhere.example']
      const message = hardMessage(pipelining)
      const outcome = await client.send({ reversePath: ALICE, forwardPaths }, message)
      await client.quit()
      expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'deferred', 'rejected'])
      expect(usedIn(conversation)).toEqual(['8BITMIME', 'SIZE', 'STARTTLS'])
      expect(wireForm(await opensmtpd.take('bob')).endsWith(new TextDecoder().decode(message))).toBe(true)
    },
  )

  test.each(['PLAIN', 'LOGIN'])('AUTH %s', async (mechanism) => {
    const target = { ...opensmtpd, port: opensmtpd.submissionPort }
    const { client, conversation } = await openClient(target, { credentials: ACCOUNT, mechanisms: [mechanism] })
    const outcome = await client.send({ reversePath: ALICE, forwardPaths: [BOB] }, encode(`${header(mechanism)}x\r\n`))
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).toEqual([`AUTH ${mechanism}`, 'SIZE', 'STARTTLS'])
    await opensmtpd.take('bob')
  })

  test('DSN parameters are taken', async () => {
    const { client, conversation } = await openClient(opensmtpd)
    const recipient = { forwardPath: BOB, parameters: { notify: ['FAILURE'] as const } }
    const envelope = {
      reversePath: ALICE,
      forwardPaths: [recipient],
      parameters: { ret: 'HDRS' as const, envid: 'a1' },
    }
    const outcome = await client.send(envelope, encode(`${header('dsn')}x\r\n`))
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).toContain('DSN')
    await opensmtpd.take('bob')
  })
})

async function relayed(to: string, target: OurServer): ReturnType<OurServer['arrival']> {
  const arrival = target.arrival(target.messages.length + 1, opensmtpd.log)
  const { client } = await openClient(opensmtpd)
  const outcome = await client.send({ reversePath: ALICE, forwardPaths: [to] }, hardMessage('relayed'))
  await client.quit()
  expect(outcome.type).toBe('accepted')
  return arrival
}

const sent = new TextDecoder().decode(hardMessage('relayed'))

describe('serve', () => {
  test('takes a message over TLS that it verifies, after AUTH, octet by octet', async () => {
    const { text, user, peer, conversation } = await relayed('ada@posthorn.example', server)
    expect(user).toBe(ASCII_ACCOUNT.username)
    expect(peer.connection.tls?.protocol).toBe('TLSv1.3')
    expect(text.endsWith(sent)).toBe(true)
    expect(usedIn(conversation)).toEqual(expect.arrayContaining(['STARTTLS', expect.stringMatching(/^AUTH /)]))
  })

  test('takes a message by LMTP', async () => {
    const { text, conversation } = await relayed('ada@lmtp.posthorn.example', lmtp)
    expect(text.endsWith(sent)).toBe(true)
    expect(usedIn(conversation)).toContain('LMTP')
  })
})
