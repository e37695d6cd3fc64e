import type { SendOutcome } from '@posthorn/smtp'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { ACCOUNT as DOVECOT_ACCOUNT, type Dovecot24, startDovecot24 } from './lib/dovecot24.ts'
import { HOSTNAME as EXIM_NAME, type Exim, startExim } from './lib/exim.ts'
import { encode, header } from './lib/message.ts'
import { ACCOUNT as OPENSMTPD_ACCOUNT, HOSTNAME as OPENSMTPD_NAME, startOpenSmtpd } from './lib/opensmtpd.ts'
import { openClient, type Target } from './lib/our-client.ts'
import { type OurServer, startOurServer } from './lib/our-server.ts'
import { HOSTNAME as POSTFIX_NAME, type Postfix, startPostfix } from './lib/postfix.ts'
import { freePort } from './lib/process.ts'

// Servers that refuse a message before its end: the outcome of our client says what they said.
const PIECE = encode(`${'z'.repeat(76)}\r\n`.repeat(800))
const SHORT = encode(`${header('short')}hi\r\n`)

/** A message of unknown length; its end never comes where it stalls. */
async function* message({ pieces, stalls = false }: { readonly pieces: number; readonly stalls?: boolean }) {
  yield encode(header('long'))
  for (let count = 0; count < pieces; count++) yield PIECE
  if (stalls) await new Promise(() => undefined)
}

const told = ({ type, recipients, error }: SendOutcome): unknown[] => [
  type,
  ...recipients.map(({ status, retry, reply }) => `${status} ${retry} ${reply?.code} ${reply?.lines[0]}`),
  error?.code,
]
const envelopeTo = (recipient: string) => ({ reversePath: null, forwardPaths: [recipient] })

type NodeConnection = { id: string; send(code: number, text: string): void; close(): void }

describe('smtp-server of npm', () => {
  const HOSTNAME = 'node.posthorn.test'
  let secured: Target
  let server: SMTPServer
  let act: (connection: NodeConnection) => void

  beforeAll(async () => {
    const certificate = await makeCertificate(HOSTNAME, Date.now())
    const { key, cert } = certificate
    server = new SMTPServer({
      authOptional: true,
      key,
      cert,
      onData(stream, { id }) {
        stream.once('data', () => {
          stream.pause()
          const connections = (server as unknown as { connections: Set<NodeConnection> }).connections
          act([...connections].find((connection) => connection.id === id)!)
        })
      },
    })
    server.on('error', () => undefined)
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    secured = { port, hostname: HOSTNAME, certificate }
  })
  afterAll(() => server.close())

  describe.each([
    ['and reads no more', () => undefined],
    ['and closes the connection', (connection: NodeConnection) => connection.close()],
  ])('says 552 %s', (_, then) => {
    test.each([
      ['in the clear', 'goes on', () => ({ port: secured.port }), false],
      ['in the clear', 'stalls', () => ({ port: secured.port }), true],
      ['under TLS', 'goes on', () => secured, false],
      ['under TLS', 'stalls', () => secured, true],
    ])('%s, while the source %s', async (_, __, target, stalls) => {
      act = (connection) => {
        connection.send(552, '5.3.4 Too big')
        then(connection)
      }
      const { client } = await openClient(target())
      const outcome = await client.send(envelopeTo('b@posthorn.example'), message({ pieces: stalls ? 2 : 400, stalls }))
      await client.quit()
      expect(told(outcome)).toEqual(['refused', 'rejected never 552 Too big', 'SMTP_REFUSED'])
      expect(client.usable).toBe(false)
    })
  })
})

describe('Postfix', () => {
  let postfix: Postfix
  beforeAll(async () => {
    postfix = await startPostfix()
  })
  afterAll(() => postfix.stop())
  const recipient = `bob@${POSTFIX_NAME}`

  test('421 when the source stalls for too long', async () => {
    const { client } = await openClient({ port: postfix.limitedPort })
    const outcome = await client.send(envelopeTo(recipient), message({ pieces: 2, stalls: true }), {
      chunking: 'never',
    })
    await client.quit()
    const reply = `deferred later 421 ${POSTFIX_NAME} Error: timeout exceeded`
    expect(told(outcome)).toEqual(['refused', reply, 'SMTP_CLOSED'])
  })

  test.each([false, true])(
    'a chunk over the size is refused, and the session goes on; stalling: %s',
    async (stalls) => {
      const { client } = await openClient({ port: postfix.limitedPort })
      const outcome = await client.send(envelopeTo(recipient), message({ pieces: 400, stalls }))
      expect(told(outcome)).toEqual(['refused', 'rejected never 552 Chunk exceeds message size limit', undefined])
      expect((await client.send(envelopeTo(recipient), SHORT)).type).toBe('accepted')
      await client.quit()
      await postfix.take('bob')
    },
  )
})

describe.each(['bookworm', 'trixie'] as const)('Exim of %s', (release) => {
  let exim: Exim
  beforeAll(async () => {
    exim = await startExim({ release, patience: 1 })
  })
  afterAll(() => exim.stop())
  const recipient = `bob@${EXIM_NAME}`

  // Under TLS it says so in the clear, so that nobody can hear it.
  test('421 when the source stalls for too long', async () => {
    const { client } = await openClient({ port: exim.port })
    const outcome = await client.send(envelopeTo(recipient), message({ pieces: 2, stalls: true }), {
      chunking: 'never',
    })
    await client.quit()
    const reply = `421 ${EXIM_NAME} SMTP incoming data timeout - closing connection.`
    expect(told(outcome)).toEqual(['refused', `deferred later ${reply}`, 'SMTP_CLOSED'])
  })

  // QUIRK: it takes what is left of a refused chunk for commands, and soon resets the connection. Of as many pieces it is
  // the last chunk, so that no write fails before the reply is heard.
  test('a chunk over the size is refused', async () => {
    const { client } = await openClient(exim)
    const outcome = await client.send(envelopeTo(recipient), message({ pieces: 70, stalls: true }))
    await client.quit()
    expect(told(outcome).slice(0, 2)).toEqual(['refused', 'rejected never 552 Message size exceeds maximum permitted'])
  })
})

describe('Dovecot 2.4', () => {
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
  const open = () => openClient({ ...dovecot, port: dovecot.submissionPort }, { credentials: DOVECOT_ACCOUNT })
  const envelope = envelopeTo('b@posthorn.example')

  test.each([false, true])(
    'a chunk over the size is refused, and the session goes on; stalling: %s',
    async (stalls) => {
      const { client } = await open()
      const outcome = await client.send(envelope, message({ pieces: 400, stalls }))
      const reply = '552 Message size exceeds administrative limit'
      expect(told(outcome)).toEqual(['refused', `rejected never ${reply}`, undefined])
      expect((await client.send(envelope, SHORT)).type).toBe('accepted')
      await client.quit()
    },
  )

  test('far over the size it closes the connection without a word: deferred', async () => {
    const { client } = await open()
    const outcome = await client.send(envelope, message({ pieces: 400 }), { chunking: 'never' })
    await client.quit()
    expect(outcome.recipients).toMatchObject([{ status: 'deferred', retry: 'now-on-another-host' }])
    expect(outcome.recipients[0]!.reply).toBeUndefined()
    await expect.poll(dovecot.log).toContain('Command data size exceeds absolute limit')
  })
})

test('OpenSMTPD: 500 for a line that is too long, and the connection is closed', async () => {
  const nowhere = { port: 1, lmtpPort: 1, ca: '', hostname: 'nowhere', account: OPENSMTPD_ACCOUNT }
  const opensmtpd = await startOpenSmtpd(nowhere)
  try {
    const { client } = await openClient(opensmtpd)
    const outcome = await client.send(envelopeTo(`bob@${OPENSMTPD_NAME}`), async function* () {
      yield encode(`${header('line')}${'x'.repeat(200_000)}`)
      await new Promise(() => undefined)
    })
    await client.quit()
    expect(told(outcome)).toEqual(['refused', 'rejected never 500 Line too long', 'SMTP_REFUSED'])
  } finally {
    await opensmtpd.stop()
  }
})
