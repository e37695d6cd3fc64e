import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, type Dovecot24, HOSTNAME, startDovecot24 } from './lib/dovecot24.ts'
import { intercept } from './lib/interceptor.ts'
import { hardMessage, wireForm } from './lib/message.ts'
import { type OurClient, type OurClientOptions, openClient } from './lib/our-client.ts'
import { type OurServer, startOurServer } from './lib/our-server.ts'

// Dovecot 2.4 as the server of our client: the one that binds an authentication to its TLS connection.
let relay: OurServer
beforeAll(async () => {
  relay = await startOurServer()
})
afterAll(() => relay.stop())

const ENVELOPE = { reversePath: 'alice@posthorn.example', forwardPaths: ['bob@posthorn.example'] }
const PLUS = ['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS']

describe.each<['TLSv1.3' | 'TLSv1.2', boolean, string]>([
  ['TLSv1.3', false, 'p=tls-exporter,,'],
  ['TLSv1.2', true, 'p=tls-unique,,'],
])('submission over %s', (version, oldTls, bound) => {
  let dovecot: Dovecot24
  beforeAll(async () => {
    dovecot = await startDovecot24({ relayPort: relay.port, oldTls })
  })
  afterAll(() => dovecot.stop())

  const submission = (options: OurClientOptions): Promise<OurClient> =>
    openClient({ ...dovecot, port: dovecot.submissionPort }, { credentials: ACCOUNT, ...options })

  test.each([...PLUS, 'SCRAM-SHA-1', 'PLAIN'])(
    'AUTH %s, and a message on to our server, octet by octet',
    async (mechanism) => {
      const { client, conversation, gs2Header, tls } = await submission({ mechanisms: [mechanism] })
      const message = hardMessage(mechanism)
      const outcome = await client.send(ENVELOPE, message)
      await client.quit()
      expect(outcome.type, dovecot.log()).toBe('accepted')
      expect(tls?.protocol).toBe(version)
      expect(usedIn(conversation)).toContain(`AUTH ${mechanism}`)
      if (mechanism.endsWith('-PLUS')) expect(gs2Header).toBe(bound)
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

  describe('with somebody who ends TLS in the middle, and whom the client trusts [rfc5802 6]', () => {
    async function open(mechanisms: readonly string[], alter?: (text: string) => string): Promise<string | undefined> {
      const { hostname, certificate, submissionPort: port } = dovecot
      const middle = await intercept({ hostname, port, version, ca: certificate.ca, ...(alter && { alter }) })
      try {
        const { client, gs2Header } = await openClient(middle, { credentials: ACCOUNT, mechanisms })
        await client.quit()
        return gs2Header
      } finally {
        await middle.stop()
      }
    }

    test.each(PLUS)('AUTH %s is refused', async (mechanism) => {
      await expect(open([mechanism])).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
      await expect.poll(dovecot.log).toMatch(/channel bind/i)
    })

    test('AUTH SCRAM-SHA-256 is refused where -PLUS was taken off the list', async () => {
      const alter = (text: string): string => text.replaceAll(/ SCRAM-SHA-\d+-PLUS/g, '')
      await expect(open(['SCRAM-SHA-256'], alter)).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
    })

    test('AUTH PLAIN passes', async () => {
      await open(['PLAIN'])
    })
  })
})

describe('LMTP', () => {
  let dovecot: Dovecot24
  beforeAll(async () => {
    dovecot = await startDovecot24({ relayPort: relay.port })
  })
  afterAll(() => dovecot.stop())

  test.each(['auto', 'never'] as const)('chunking %s: each recipient has its own outcome', async (chunking) => {
    const { client, conversation } = await openClient({ port: dovecot.lmtpPort }, { protocol: 'lmtp' })
    const forwardPaths = ['bob', 'nobody', 'alice'].map((user) => `${user}@${HOSTNAME}`)
    const message = hardMessage(`lmtp ${chunking}`)
    const outcome = await client.send({ reversePath: null, forwardPaths }, message, { chunking })
    await client.quit()
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'accepted'])
    expect(usedIn(conversation)).toEqual([
      '8BITMIME',
      ...(chunking === 'auto' ? ['CHUNKING'] : []),
      'LMTP',
      'PIPELINING',
    ])
    for (const user of ['bob', 'alice']) {
      expect(wireForm(await dovecot.take(user)).endsWith(new TextDecoder().decode(message))).toBe(true)
    }
  })
})
