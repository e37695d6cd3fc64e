import { connect } from '@posthorn/node'
import type { Credentials } from '@posthorn/sasl'
import { SmtpClient, type TranscriptEntry } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNT, type Dovecot, HOSTNAME, makeToken, startDovecot } from './lib/dovecot.ts'
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

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const HEADER = 'From: alice\r\nSubject: test\r\n\r\n'

describe.each(['none', 'data', 'messages'] as const)('LMTP with pipelining %s', (pipelining) => {
  test.each(['auto', 'never'] as const)(
    'chunking %s: each recipient has its own reply [rfc2033 4.2]',
    async (chunking) => {
      const connection = await connect({ host: '127.0.0.1', port: dovecot.lmtpPort })
      const client = new SmtpClient(connection, { protocol: 'lmtp', tls: 'none', pipelining })
      await client.open()
      const to = ['bob', 'nobody', 'full', 'bob'].map((user) => `${user}@${HOSTNAME}`)
      const body = '.\r\n..\r\ngrüße\r\n'
      const outcome = await client.send({ reversePath: null, forwardPaths: to }, encode(HEADER + body), { chunking })
      const again = await client.send({ reversePath: null, forwardPaths: [to[0]!] }, encode(`${HEADER}two\r\n`), {
        chunking,
      })
      await client.quit()
      expect(outcome.type).toBe('partial')
      expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'rejected', 'accepted'])
      expect(again.type).toBe('accepted')
      // Dovecot answers a recipient that is named twice twice, and stores the message once.
      const bodies = [await dovecot.take('bob'), await dovecot.take('bob')].map((text) =>
        text.slice(text.indexOf('\n\n') + 2),
      )
      expect(bodies.sort()).toEqual(['.\n..\ngrüße\n', 'two\n'])
    },
  )
})

interface Submission {
  readonly error: unknown
  readonly commands: string[]
  readonly accepted: boolean
}

async function submit(credentials: Credentials, mechanism: string): Promise<Submission> {
  const connection = await connect({ host: '127.0.0.1', port: dovecot.submissionPort, ca: dovecot.certificate.ca })
  const entries: TranscriptEntry[] = []
  const client = new SmtpClient(connection, {
    serverName: HOSTNAME,
    credentials,
    mechanisms: [mechanism],
    record: (entry) => entries.push(entry),
  })
  let accepted = false
  const error = await client.open().then(
    async () => {
      const envelope = { reversePath: 'alice@posthorn.example', forwardPaths: ['bob@posthorn.example'] }
      accepted = (await client.send(envelope, encode(`${HEADER}by ${mechanism}\r\n`))).type === 'accepted'
    },
    (cause: unknown) => cause,
  )
  await client.quit()
  return { error, accepted, commands: entries.flatMap((entry) => (entry.type === 'command' ? [entry.text] : [])) }
}

describe('submission', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])(
    'AUTH %s, and a message on to our server',
    async (mechanism) => {
      const { error, accepted, commands } = await submit(ACCOUNT, mechanism)
      expect(error).toBeUndefined()
      expect(accepted).toBe(true)
      expect(commands.some((text) => text.startsWith(`AUTH ${mechanism}`))).toBe(true)
      expect(relay.messages.at(-1)!.text).toContain(`by ${mechanism}`)
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
