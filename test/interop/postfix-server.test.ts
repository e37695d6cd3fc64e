import { connect } from '@posthorn/node'
import { SmtpClient, type SmtpClientOptions, type TranscriptEntry } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNT, HOSTNAME, type Postfix, startPostfix } from './lib/postfix.ts'

// Postfix as the server of our client: submission with STARTTLS, and AUTH by Cyrus SASL.
let postfix: Postfix

beforeAll(async () => {
  postfix = await startPostfix()
})
afterAll(() => postfix.stop())

async function open(options: SmtpClientOptions = {}): Promise<SmtpClient> {
  const connection = await connect({ host: '127.0.0.1', port: postfix.port, ca: postfix.certificate.ca })
  return new SmtpClient(connection, { serverName: HOSTNAME, credentials: ACCOUNT, ...options })
}

const ENVELOPE = { reversePath: `alice@${HOSTNAME}`, forwardPaths: [`bob@${HOSTNAME}`, `nobody@${HOSTNAME}`] }
const HEADER = 'From: alice\r\nSubject: test\r\n\r\n'

describe.each(['data', 'none'] as const)('SmtpClient with pipelining %s', (pipelining) => {
  test('SCRAM-SHA-256 over TLS, one recipient refused, the body octet by octet', async () => {
    const entries: TranscriptEntry[] = []
    const client = await open({ pipelining, record: (entry) => entries.push(entry) })
    await client.open()
    const body = `.\r\n..\r\n.x\r\n${'y'.repeat(998)}\r\ngrüße\r\n`
    const outcome = await client.send(ENVELOPE, new TextEncoder().encode(HEADER + body))
    await client.quit()
    expect(outcome.type).toBe('partial')
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected'])
    expect(entries).toContainEqual({ type: 'command', text: 'AUTH SCRAM-SHA-256 ***' })
    const stored = new TextDecoder().decode(await postfix.take('bob'))
    expect(stored).toContain('ESMTPSA')
    expect(stored.slice(stored.indexOf('\n\n') + 2)).toBe(body.replaceAll('\r\n', '\n'))
  })

  test('several messages in one session, after one that was refused for all', async () => {
    const client = await open({ pipelining })
    await client.open()
    const refused = await client.send(
      { ...ENVELOPE, forwardPaths: [`nobody@${HOSTNAME}`] },
      new TextEncoder().encode(HEADER),
    )
    expect(refused.type).toBe('refused')
    for (const text of ['one', 'two']) {
      const message = new TextEncoder().encode(`${HEADER}${text}\r\n`)
      expect((await client.send({ ...ENVELOPE, forwardPaths: [`bob@${HOSTNAME}`] }, message)).type).toBe('accepted')
      expect(new TextDecoder().decode(await postfix.take('bob'))).toContain(`\n\n${text}\n`)
    }
    await client.quit()
  })
})

test('SmtpClient: a wrong password is refused, and the credentials stand nowhere', async () => {
  const entries: TranscriptEntry[] = []
  const password = 'not the password'
  const client = await open({
    credentials: { ...ACCOUNT, password },
    record: (entry) => entries.push(entry),
  })
  const error = await client.open().catch((cause: unknown) => cause)
  await client.quit()
  expect(error).toMatchObject({ code: 'SMTP_AUTH_FAILED' })
  expect(JSON.stringify([entries, String(error)])).not.toContain(password)
})

test('SmtpClient: without credentials every recipient of a submission port is refused', async () => {
  const connection = await connect({ host: '127.0.0.1', port: postfix.port, ca: postfix.certificate.ca })
  const client = new SmtpClient(connection, { serverName: HOSTNAME })
  await client.open()
  const outcome = await client.send(ENVELOPE, new TextEncoder().encode(HEADER))
  await client.quit()
  expect(outcome.recipients.map(({ status, reply }) => [status, reply?.code])).toEqual([
    ['rejected', 554],
    ['rejected', 554],
  ])
})

test('SmtpClient: messages laced into each other, by BDAT and by DATA, each with its own outcome', async () => {
  const client = await open({ pipelining: 'messages' })
  await client.open()
  expect(client.capabilities).toMatchObject({ chunking: true, pipelining: true, dsn: true, smtpUtf8: true })
  const messages = Array.from({ length: 8 }, (_, index) => ({
    envelope: {
      reversePath: `alice@${HOSTNAME}`,
      forwardPaths: [
        { forwardPath: `${index === 3 ? 'nobody' : 'bob'}@${HOSTNAME}`, parameters: { notify: ['FAILURE'] as const } },
      ],
      parameters: { ret: 'HDRS' as const, envid: `m${index}` },
    },
    message: new TextEncoder().encode(`${HEADER}m${index}\r\n`),
    options: { chunking: index % 2 === 0 ? ('auto' as const) : ('never' as const) },
  }))
  const types: string[] = []
  for await (const { type } of client.sendAll(messages)) types.push(type)
  await client.quit()
  expect(types).toEqual(messages.map((_, index) => (index === 3 ? 'refused' : 'accepted')))
  const bodies: string[] = []
  for (let index = 0; index < 7; index++) {
    bodies.push(
      new TextDecoder()
        .decode(await postfix.take('bob'))
        .split('\n\n')[1]!
        .trim(),
    )
  }
  expect(bodies.sort()).toEqual(['m0', 'm1', 'm2', 'm4', 'm5', 'm6', 'm7'])
})
