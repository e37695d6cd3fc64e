import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, type Dovecot24, HOSTNAME, startDovecot24 } from './lib/dovecot24.ts'
import { hardMessage, wireForm } from './lib/message.ts'
import { type OurClient, type OurClientOptions, openClient } from './lib/our-client.ts'
import { type OurServer, startOurServer } from './lib/our-server.ts'

// Dovecot 2.4 as the server of our client: the one that binds an authentication to its TLS connection.
let dovecot: Dovecot24
let relay: OurServer

beforeAll(async () => {
  relay = await startOurServer()
  dovecot = await startDovecot24({ relayPort: relay.port })
})
afterAll(async () => {
  await dovecot.stop()
  await relay.stop()
})

const submission = (options: OurClientOptions): Promise<OurClient> =>
  openClient({ ...dovecot, port: dovecot.submissionPort }, { credentials: ACCOUNT, ...options })
const ENVELOPE = { reversePath: 'alice@posthorn.example', forwardPaths: ['bob@posthorn.example'] }

describe('submission', () => {
  test.each(['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1', 'PLAIN'])(
    'AUTH %s, and a message on to our server, octet by octet',
    async (mechanism) => {
      const { client, conversation } = await submission({ mechanisms: [mechanism] })
      const message = hardMessage(mechanism)
      const outcome = await client.send(ENVELOPE, message)
      await client.quit()
      expect(outcome.type, dovecot.log()).toBe('accepted')
      expect(usedIn(conversation)).toContain(`AUTH ${mechanism}`)
      expect(relay.messages.at(-1)!.text.endsWith(new TextDecoder().decode(message))).toBe(true)
      const wrong = submission({ mechanisms: [mechanism], credentials: { ...ACCOUNT, password: 'wrong' } })
      await expect(wrong).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
    },
  )

  test('the mechanism that is bound to TLS is chosen by itself [rfc5802 6]', async () => {
    const { client, conversation } = await submission({})
    await client.quit()
    expect(usedIn(conversation)).toEqual(['AUTH SCRAM-SHA-256-PLUS', 'STARTTLS'])
  })
})

test.each(['auto', 'never'] as const)('LMTP, chunking %s: each recipient has its own outcome', async (chunking) => {
  const { client, conversation } = await openClient({ port: dovecot.lmtpPort }, { protocol: 'lmtp' })
  const forwardPaths = ['bob', 'nobody', 'alice'].map((user) => `${user}@${HOSTNAME}`)
  const message = hardMessage(`lmtp ${chunking}`)
  const outcome = await client.send({ reversePath: null, forwardPaths }, message, { chunking })
  await client.quit()
  expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'accepted'])
  expect(usedIn(conversation)).toEqual(['8BITMIME', ...(chunking === 'auto' ? ['CHUNKING'] : []), 'LMTP', 'PIPELINING'])
  for (const user of ['bob', 'alice']) {
    expect(wireForm(await dovecot.take(user)).endsWith(new TextDecoder().decode(message))).toBe(true)
  }
})
