import { connect } from '@posthorn/node'
import { SmtpClient, type SmtpClientOptions, type TranscriptEntry } from '@posthorn/smtp'
import { SMTPServer, type SMTPServerAuthentication, type SMTPServerOptions } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate, type ThrowAwayCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { freePort } from './lib/process.ts'

// smtp-server of npm as the server of our client: SMTP with AUTH, and LMTP.
const HOSTNAME = 'node.posthorn.test'
const ACCOUNT = { username: 'ada', password: 'péncil' }

interface Served {
  readonly port: number
  readonly messages: string[]
  readonly close: () => void
}

function isGood({ username, password, accessToken, validatePassword }: SMTPServerAuthentication): boolean {
  if (username !== ACCOUNT.username) return false
  return accessToken === 'good' || password === ACCOUNT.password || validatePassword(ACCOUNT.password)
}

let certificate: ThrowAwayCertificate
let smtp: Served
let lmtp: Served

async function start(options: SMTPServerOptions): Promise<Served> {
  const port = await freePort()
  const messages: string[] = []
  const server = new SMTPServer({
    ...options,
    key: certificate.key,
    cert: certificate.cert,
    size: 1_000_000,
    onAuth: (auth, _, done) => done(isGood(auth) ? null : new Error('Wrong'), { user: auth.username }),
    onRcptTo: ({ address }, _, done) =>
      done(address.startsWith('nobody') ? Object.assign(new Error('No such user'), { responseCode: 550 }) : undefined),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', () => {
        messages.push(Buffer.concat(chunks).toString())
        const each = session.envelope.rcptTo.map(({ address }) =>
          address.startsWith('full') ? Object.assign(new Error('Full'), { responseCode: 452 }) : 'Taken',
        )
        done(null, options.lmtp ? each : undefined)
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { port, messages, close: () => server.close() }
}

beforeAll(async () => {
  certificate = await makeCertificate(HOSTNAME, Date.now())
  smtp = await start({ authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'], authOptional: true })
  lmtp = await start({ lmtp: true, authOptional: true })
})
afterAll(() => {
  smtp.close()
  lmtp.close()
})

async function open(options: SmtpClientOptions, port = smtp.port): Promise<{ client: SmtpClient; commands: string[] }> {
  const connection = await connect({ host: '127.0.0.1', port, ca: certificate.ca })
  const commands: string[] = []
  const record = (entry: TranscriptEntry): void => {
    if (entry.type === 'command') commands.push(entry.text)
  }
  const client = new SmtpClient(connection, { serverName: HOSTNAME, record, ...options })
  await client.open()
  return { client, commands }
}

const MESSAGE = 'Subject: grüße\r\n\r\n.\r\n..\r\nfin\r\n'
const octets = new TextEncoder().encode(MESSAGE)

describe('SMTP', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])(
    'AUTH %s over STARTTLS, two messages, a recipient refused',
    async (mechanism) => {
      const { client, commands } = await open({ credentials: ACCOUNT, mechanisms: [mechanism] })
      const envelope = { reversePath: 'a@b.example', forwardPaths: ['bob@c.example', 'nobody@c.example'] }
      for (let round = 0; round < 2; round++) {
        const outcome = await client.send(envelope, octets)
        expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected'])
        expect(smtp.messages.at(-1)).toBe(MESSAGE)
      }
      await client.quit()
      expect(commands.some((text) => text.startsWith(`AUTH ${mechanism}`))).toBe(true)
    },
  )

  test('AUTH XOAUTH2: a stale token is asked for anew', async () => {
    const token = ({ refresh }: { readonly refresh: boolean }): string => (refresh ? 'good' : 'stale')
    const { client, commands } = await open({ credentials: { username: ACCOUNT.username, token } })
    await client.quit()
    expect(commands.filter((text) => text.startsWith('AUTH XOAUTH2'))).toHaveLength(2)
  })

  test('messages laced into each other', async () => {
    const { client } = await open({ pipelining: 'messages' })
    const one = { envelope: { reversePath: null, forwardPaths: ['bob@c.example'] }, message: octets }
    const types: string[] = []
    for await (const { type } of client.sendAll(Array.from({ length: 5 }, () => one))) types.push(type)
    await client.quit()
    expect(types).toEqual(new Array(5).fill('accepted'))
  })

  test('a message over the size that is offered is not sent', async () => {
    const { client } = await open({})
    const large = new TextEncoder().encode('x\r\n'.repeat(400_000))
    const sending = client.send({ reversePath: null, forwardPaths: ['bob@c.example'] }, large)
    await expect(sending).rejects.toMatchObject({ code: 'SMTP_MESSAGE_TOO_LARGE' })
    await client.quit()
  })
})

test('LMTP: each recipient has its own outcome', async () => {
  const { client } = await open({ protocol: 'lmtp', tls: 'none' }, lmtp.port)
  const forwardPaths = ['bob@c.example', 'nobody@c.example', 'full@c.example']
  const outcome = await client.send({ reversePath: null, forwardPaths }, octets)
  await client.quit()
  expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'deferred'])
})
