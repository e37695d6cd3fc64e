import { connect } from '@posthorn/node'
import { SmtpClient, type SmtpClientOptions, type TranscriptEntry } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNT, type Exim, HOSTNAME, startExim } from './lib/exim.ts'

// Exim as the server of our client: CHUNKING, PRDR, DSN, SMTPUTF8, and AUTH of several kinds.
let exim: Exim

beforeAll(async () => {
  exim = await startExim()
})
afterAll(() => exim.stop())

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const HEADER = 'From: alice\r\nSubject: test\r\n\r\n'
const BODY = `.\r\n..\r\n.x\r\n${'y'.repeat(998)}\r\ngrüße\r\n`

interface Open {
  readonly client: SmtpClient
  readonly commands: () => string[]
}

async function open(options: SmtpClientOptions = {}): Promise<Open> {
  const connection = await connect({ host: '127.0.0.1', port: exim.port, ca: exim.certificate.ca })
  const entries: TranscriptEntry[] = []
  const client = new SmtpClient(connection, {
    serverName: HOSTNAME,
    record: (entry) => entries.push(entry),
    ...options,
  })
  await client.open()
  return { client, commands: () => entries.flatMap((entry) => (entry.type === 'command' ? [entry.text] : [])) }
}

describe.each(['none', 'envelope', 'data', 'messages'] as const)('SmtpClient with pipelining %s', (pipelining) => {
  test.each(['auto', 'never'] as const)(
    'chunking %s: the body octet by octet, a recipient refused, another deferred',
    async (chunking) => {
      const { client, commands } = await open({ pipelining })
      const to = ['bob', 'nobody', 'greylist'].map((user) => `${user}@${HOSTNAME}`)
      const outcome = await client.send({ reversePath: null, forwardPaths: to }, encode(HEADER + BODY), { chunking })
      await client.quit()
      expect(outcome.recipients.map(({ status, retry }) => `${status} ${retry}`)).toEqual([
        'accepted never',
        'rejected never',
        'deferred later',
      ])
      const stored = await exim.take('bob')
      expect(stored.slice(stored.indexOf('\n\n') + 2)).toBe(BODY.replaceAll('\r\n', '\n'))
      expect(commands().some((text) => text.startsWith('BDAT'))).toBe(chunking === 'auto')
    },
  )
})

test('SmtpClient: ten messages laced into each other, by DATA and by BDAT, one of them refused', async () => {
  const { client } = await open({ pipelining: 'messages' })
  const messages = Array.from({ length: 10 }, (_, index) => ({
    envelope: { reversePath: null, forwardPaths: [index === 4 ? `nobody@${HOSTNAME}` : `bob@${HOSTNAME}`] },
    message: encode(`${HEADER}m${index}\r\n`),
    options: { chunking: index < 5 ? 'never' : 'auto' } as const,
  }))
  const outcomes: string[] = []
  for await (const { type } of client.sendAll(messages)) outcomes.push(type)
  await client.quit()
  expect(outcomes).toEqual(messages.map((_, index) => (index === 4 ? 'refused' : 'accepted')))
  const bodies: string[] = []
  for (let index = 0; index < 9; index++) bodies.push((await exim.take('bob')).split('\n\n')[1]!.trim())
  expect(bodies.sort()).toEqual(['m0', 'm1', 'm2', 'm3', 'm5', 'm6', 'm7', 'm8', 'm9'])
})

test('SmtpClient: 3 MB from a stream in chunks arrives whole', async () => {
  const line = encode(`${'z'.repeat(76)}\r\n`)
  const { client, commands } = await open()
  async function* content(): AsyncGenerator<Uint8Array> {
    yield encode(HEADER)
    for (let index = 0; index < 40_000; index++) yield line
  }
  const outcome = await client.send({ reversePath: null, forwardPaths: [`bob@${HOSTNAME}`] }, content())
  await client.quit()
  expect(outcome.type).toBe('accepted')
  expect(commands().filter((text) => text.startsWith('BDAT')).length).toBeGreaterThan(30)
  const stored = await exim.take('bob')
  expect(stored.slice(stored.indexOf('\n\n') + 2).length).toBe(40_000 * 77)
})

test('SmtpClient: PRDR gives each recipient its own reply', async () => {
  const { client } = await open()
  const to = ['bob', 'picky'].map((user) => `${user}@${HOSTNAME}`)
  const outcome = await client.send(
    { reversePath: null, forwardPaths: to, parameters: { prdr: true } },
    encode(`${HEADER}hi\r\n`),
  )
  await client.quit()
  expect(outcome.type).toBe('partial')
  expect(outcome.recipients.map(({ status, reply }) => [status, reply?.code])).toEqual([
    ['accepted', 250],
    ['rejected', 550],
  ])
  expect(await exim.take('bob')).toContain('hi')
})

test('SmtpClient: DSN and SMTPUTF8 parameters are taken', async () => {
  const { client, commands } = await open()
  const outcome = await client.send(
    {
      reversePath: 'δ@posthorn.example',
      forwardPaths: [{ forwardPath: `bob@${HOSTNAME}`, parameters: { notify: ['FAILURE', 'DELAY'] } }],
      parameters: { ret: 'HDRS', envid: 'a+b' },
    },
    encode(`${HEADER}hi\r\n`),
  )
  await client.quit()
  expect(outcome.type).toBe('accepted')
  expect(commands().find((text) => text.startsWith('MAIL'))).toMatch(/SMTPUTF8 RET=HDRS ENVID=a\+2Bb$/)
  expect(exim.log()).toMatch(/NOTIFY=FAILURE,DELAY|bob@exim/)
  await exim.take('bob')
})

test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('SmtpClient: AUTH %s', async (mechanism) => {
  const { client, commands } = await open({ credentials: ACCOUNT, mechanisms: [mechanism] })
  await client.quit()
  expect(commands().some((text) => text.startsWith(`AUTH ${mechanism}`))).toBe(true)
  const wrong = open({ credentials: { ...ACCOUNT, password: 'wrong' }, mechanisms: [mechanism] })
  await expect(wrong).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
})
