import type { Credentials } from '@posthorn/sasl'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, type Dovecot, HOSTNAME, makeToken, startDovecot } from './lib/dovecot.ts'
import { encode, hardMessage, header, wireForm } from './lib/message.ts'
import { openClient } from './lib/our-client.ts'
import { type OurServer, startOurServer } from './lib/our-server.ts'

// Dovecot as the server of our client: LMTP, and submission with every mechanism it knows, relaying to our server.
let dovecot: Dovecot
let relay: OurServer

beforeAll(async () => {
  relay = await startOurServer()
  dovecot = await startDovecot({ relayPort: relay.port })
})
afterAll(async () => {
  await dovecot.stop()
  await relay.stop()
})

describe.each(['none', 'data', 'messages'] as const)('LMTP with pipelining %s', (pipelining) => {
  test.each(['auto', 'never'] as const)(
    'chunking %s: each recipient has its own reply [rfc2033 4.2]',
    async (chunking) => {
      const { client, conversation } = await openClient({ port: dovecot.lmtpPort }, { protocol: 'lmtp', pipelining })
      const forwardPaths = ['bob', 'nobody', 'full', 'bob'].map((user) => `${user}@${HOSTNAME}`)
      const message = hardMessage(`lmtp ${pipelining} ${chunking}`)
      const outcome = await client.send({ reversePath: null, forwardPaths }, message, { chunking })
      const second = encode(`${header('two')}two\r\n`)
      const again = await client.send({ reversePath: null, forwardPaths: [`bob@${HOSTNAME}`] }, second, { chunking })
      await client.quit()
      expect(outcome.type).toBe('partial')
      expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'rejected', 'accepted'])
      expect(again.type).toBe('accepted')
      expect(usedIn(conversation)).toEqual([
        '8BITMIME',
        ...(chunking === 'auto' ? ['CHUNKING'] : []),
        'LMTP',
        ...(pipelining === 'none' ? [] : ['PIPELINING']),
      ])
      // Dovecot answers a recipient that is named twice twice, and stores the message once.
      const stored = [await dovecot.take('bob'), await dovecot.take('bob')].map(wireForm)
      for (const sent of [message, second]) {
        expect(stored.filter((text) => text.endsWith(new TextDecoder().decode(sent)))).toHaveLength(1)
      }
    },
  )
})

interface Submission {
  readonly error: unknown
  readonly used: string[]
  readonly accepted: boolean
}

async function submit(credentials: Credentials, mechanism: string): Promise<Submission> {
  const target = { port: dovecot.submissionPort, hostname: HOSTNAME, certificate: dovecot.certificate }
  try {
    const { client, conversation } = await openClient(target, { credentials, mechanisms: [mechanism] })
    const envelope = { reversePath: 'alice@posthorn.example', forwardPaths: ['bob@posthorn.example'] }
    const { type } = await client.send(envelope, hardMessage(`by ${mechanism}`))
    await client.quit()
    return { error: undefined, accepted: type === 'accepted', used: usedIn(conversation) }
  } catch (error) {
    return { error, accepted: false, used: [] }
  }
}

describe('submission', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])(
    'AUTH %s, and a message on to our server',
    async (mechanism) => {
      const { error, accepted, used } = await submit(ACCOUNT, mechanism)
      expect(error).toBeUndefined()
      expect(accepted).toBe(true)
      expect(used).toContain(`AUTH ${mechanism}`)
      // As a client it sends in chunks, in a group.
      expect(usedIn(relay.messages.at(-1)!.conversation)).toEqual(['8BITMIME', 'CHUNKING', 'PIPELINING', 'SIZE'])
      expect(relay.messages.at(-1)!.text.endsWith(new TextDecoder().decode(hardMessage(`by ${mechanism}`)))).toBe(true)
    },
  )

  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])(
    'AUTH %s with a wrong password is refused',
    async (mechanism) => {
      const { error } = await submit({ ...ACCOUNT, password: 'wrong' }, mechanism)
      expect(error).toMatchObject({ code: 'SMTP_AUTH_FAILED' })
    },
  )

  test.each(['OAUTHBEARER', 'XOAUTH2'])(
    'AUTH %s: a stale token is asked for anew, and the fresh one taken',
    async (mechanism) => {
      const asked: boolean[] = []
      const token = ({ refresh }: { readonly refresh: boolean }): string => {
        asked.push(refresh)
        return makeToken({ expired: !refresh })
      }
      const { error, accepted } = await submit({ username: ACCOUNT.username, token }, mechanism)
      expect(error).toBeUndefined()
      expect(accepted).toBe(true)
      expect(asked).toEqual([false, true])
    },
  )

  test('AUTH OAUTHBEARER: why a token is refused is told', async () => {
    const { error } = await submit({ username: ACCOUNT.username, token: makeToken({ expired: true }) }, 'OAUTHBEARER')
    expect(error).toMatchObject({ code: 'SMTP_AUTH_FAILED', cause: { status: 'invalid_token' } })
  })

  test('AUTH XOAUTH2: a refused token is refused', async () => {
    const { error } = await submit({ username: ACCOUNT.username, token: makeToken({ expired: true }) }, 'XOAUTH2')
    expect(error).toMatchObject({ code: 'SMTP_AUTH_FAILED' })
  })
})
