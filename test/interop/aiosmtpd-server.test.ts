import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNT, type Aiosmtpd, startAiosmtpd } from './lib/aiosmtpd.ts'
import { usedIn } from './lib/conversation.ts'
import { encode, hardMessage, header } from './lib/message.ts'
import { openClient } from './lib/our-client.ts'

// aiosmtpd as the server of our client: no pipelining, no chunking.
let server: Aiosmtpd

beforeAll(async () => {
  server = await startAiosmtpd()
})
afterAll(() => server.stop())

const BOB = 'bob@posthorn.example'
const NOBODY = 'nobody@posthorn.example'

describe.each(['none', 'messages'] as const)('SmtpClient with pipelining %s, which is not offered', (pipelining) => {
  test('octet by octet, and a recipient refused', async () => {
    const { client, conversation } = await openClient(server, { pipelining })
    const message = hardMessage(pipelining)
    const outcome = await client.send({ reversePath: null, forwardPaths: [BOB, NOBODY] }, message)
    await client.quit()
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected'])
    expect(usedIn(conversation)).toEqual(['8BITMIME', 'SIZE', 'STARTTLS'])
    expect(await server.take()).toEqual(message)
  })
})

test.each(['PLAIN', 'LOGIN'])('SmtpClient: AUTH %s', async (mechanism) => {
  const { client, conversation } = await openClient(server, { credentials: ACCOUNT, mechanisms: [mechanism] })
  await client.quit()
  expect(usedIn(conversation)).toEqual([`AUTH ${mechanism}`, 'STARTTLS'])
  const wrong = openClient(server, { credentials: { ...ACCOUNT, password: 'wrong' }, mechanisms: [mechanism] })
  await expect(wrong).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
})

test('SmtpClient: SMTPUTF8 in envelope and header', async () => {
  const { client, conversation } = await openClient(server)
  const message = encode(`Subject: ναι\r\n${header('utf8')}γεια\r\n`)
  const outcome = await client.send(
    { reversePath: 'γ@posthorn.example', forwardPaths: ['δ@posthorn.example'] },
    message,
  )
  await client.quit()
  expect(outcome.type).toBe('accepted')
  expect(usedIn(conversation)).toEqual(['8BITMIME', 'SIZE', 'SMTPUTF8', 'STARTTLS'])
  expect(await server.take()).toEqual(message)
})
