import { createServer } from 'node:net'
import { exportDkimKey, generateDkimKey } from '@posthorn/dkim'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Script } from '../runtimes/workerd/script.ts'
import { startWorker, type Worker } from '../runtimes/workerd/workerd.ts'
import { type DkimPeer, startDkimpy } from './lib/dkim-peers.ts'
import { wireForm } from './lib/message.ts'
import { ACCOUNT, HOSTNAME, type Postfix, RECIPIENTS, startPostfix } from './lib/postfix.ts'
import { freePort } from './lib/process.ts'

// The example of @posthorn/sockets in workerd, which submits to Postfix; dkimpy verifies what was stored.
const fileOf = (path: string): string => new URL(path, import.meta.url).pathname
const EXAMPLE = fileOf('../../packages/sockets/examples/form-worker.ts')
const SCRIPTED = fileOf('../runtimes/workerd/scripted-worker.ts')
const BOB = `bob@${HOSTNAME}`
const FIELDS = {
  name: 'Zoë',
  email: 'zoe@visitor.example',
  message: 'Hello,\n.\n..\nFrom here all is well and quiet.\nZoë',
}

let postfix: Postfix
let dkimpy: DkimPeer
let env: Record<string, string>
let record: string
const workers: Worker[] = []

beforeAll(async () => {
  postfix = await startPostfix()
  dkimpy = startDkimpy()
  const key = await generateDkimKey()
  record = key.record
  env = {
    SMTP_HOST: 'localhost',
    SMTP_PORT: String(postfix.localPort),
    SMTP_TLS: 'starttls',
    SMTP_USERNAME: ACCOUNT.username,
    SMTP_PASSWORD: ACCOUNT.password,
    MAIL_FROM: `Form <alice@${HOSTNAME}>`,
    MAIL_TO: BOB,
    DKIM_DOMAIN: HOSTNAME,
    DKIM_SELECTOR: 'form',
    DKIM_KEY: await exportDkimKey(key.privateKey),
  }
})
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop()
})
afterAll(async () => {
  dkimpy.stop()
  await postfix.stop()
})

interface Setting {
  readonly change?: Readonly<Record<string, string>>
  /** Certificate authorities to trust; default: both of Postfix. */
  readonly ca?: readonly string[]
  readonly entry?: string
}

async function start({ change = {}, ca, entry = EXAMPLE }: Setting = {}): Promise<Worker> {
  const both = [postfix.certificate.ca, postfix.implicitCertificate.ca]
  const worker = await startWorker({ entry, env: { ...env, ...change }, ca: ca ?? both })
  workers.push(worker)
  return worker
}

interface Answer {
  readonly code: number
  readonly status: string
}

async function post({ url }: Worker, change: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ ...FIELDS, ...change }) })
  const { status } = (await response.json()) as { status: string }
  return { code: response.status, status }
}

const NOT_SENT: Answer = { code: 503, status: 'deferred' }

describe('form worker in workerd', () => {
  test.each(['starttls', 'implicit'] as const)('%s and AUTH to Postfix: stored as signed', async (tls) => {
    const change: Record<string, string> =
      tls === 'implicit' ? { SMTP_TLS: tls, SMTP_PORT: String(postfix.implicitPort) } : {}
    const worker = await start({ change })
    expect(await post(worker)).toEqual({ code: 202, status: 'accepted' })
    const stored = wireForm(await postfix.take('bob'))
    expect(stored).toContain('with ESMTPSA')
    expect(stored).toContain(`\r\nFrom: Form <alice@${HOSTNAME}>\r\n`)
    expect(stored).toContain('\r\nReply-To: =?utf-8?Q?Zo=C3=AB?= <zoe@visitor.example>\r\n')
    await expect.poll(postfix.log).toContain(`sasl_method=SCRAM-SHA-256, sasl_username=${ACCOUNT.username}`)
    const octets = new TextEncoder().encode(stored)
    expect(await dkimpy.takes(octets, `form._domainkey.${HOSTNAME}`, record)).toBe(true)
  })

  test('one worker serves several forms, one after the other and at once', async () => {
    const worker = await start()
    expect(await post(worker, { name: 'First' })).toMatchObject({ status: 'accepted' })
    const answers = await Promise.all([1, 2, 3].map((one) => post(worker, { name: `Visitor ${one}` })))
    expect(answers.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    for (let count = 0; count < 4; count++) expect(wireForm(await postfix.take('bob'))).toContain('Message from ')
  })

  test.each([
    ['another name in the certificate', 'SOCKETS_TLS_FAILED', () => ({ change: { SMTP_PORT: String(postfix.port) } })],
    ['an authority that is not trusted', 'SOCKETS_TLS_FAILED', () => ({ ca: [postfix.certificate.ca] })],
    [
      'the same with TLS at once',
      'SOCKETS_CONNECT_FAILED',
      () => ({
        ca: [postfix.certificate.ca],
        change: { SMTP_TLS: 'implicit', SMTP_PORT: String(postfix.implicitPort) },
      }),
    ],
    ['a server that does no TLS at once', 'SOCKETS_CONNECT_FAILED', () => ({ change: { SMTP_TLS: 'implicit' } })],
    ['credentials that are refused', 'SMTP_AUTH_FAILED', () => ({ change: { SMTP_PASSWORD: 'not the password' } })],
    ['a name that does not exist', 'SOCKETS_CONNECT_FAILED', () => ({ change: { SMTP_HOST: 'nowhere.invalid' } })],
  ])('%s: nothing is sent, and the log has the code', async (_, code, setting) => {
    const worker = await start(setting())
    expect(await post(worker)).toEqual(NOT_SENT)
    expect(worker.log()).toContain(code)
    expect(worker.log()).not.toContain('password')
  })

  test('nobody listens: nothing is sent, and the log has the code', async () => {
    const worker = await start({ change: { SMTP_PORT: String(await freePort()) } })
    expect(await post(worker)).toEqual(NOT_SENT)
    expect(worker.log()).toContain('SOCKETS_CONNECT_FAILED')
  })

  test.each([
    ['is not there', () => `nobody@${HOSTNAME}`, { code: 502, status: 'rejected' }],
    ['takes nothing now', () => RECIPIENTS.later, NOT_SENT],
  ])('a recipient who %s is told', async (_, to, expected) => {
    const worker = await start({ change: { MAIL_TO: to() } })
    expect(await post(worker)).toEqual(expected)
  })

  test('a field that would be a header is refused', async () => {
    const worker = await start({ change: { SMTP_PORT: '1' } })
    const invalid = { code: 422, status: 'invalid' }
    expect(await post(worker, { name: `Zoë\r\nBcc: carol@${HOSTNAME}` })).toEqual(invalid)
    expect(await post(worker, { email: `zoe@visitor.example\nBcc: carol@${HOSTNAME}` })).toEqual(invalid)
  })
})

/** A server that offers STARTTLS, and says more in the clear after its reply; gives what it has heard. */
async function forger(): Promise<{ port: number; heard: () => string; stop: () => void }> {
  let heard = ''
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 localhost\r\n')
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      if (/EHLO .*\r\n$/.test(heard)) socket.write('250-localhost\r\n250 STARTTLS\r\n')
      if (heard.endsWith('STARTTLS\r\n')) socket.write('220 go\r\n250-localhost\r\n250 AUTH PLAIN LOGIN\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('It has no port')
  return { port: address.port, heard: () => heard, stop: () => server.close() }
}

test('octets in the clear behind the reply to STARTTLS end the session before any credentials', async () => {
  const { port, heard, stop } = await forger()
  const worker = await start({ change: { SMTP_PORT: String(port) } })
  expect(await post(worker)).toEqual(NOT_SENT)
  expect(worker.log()).toContain('SMTP_TLS_INJECTION')
  expect(heard()).toBe(`EHLO ${HOSTNAME}\r\nSTARTTLS\r\n`)
  stop()
})

test('a message that is given up in the middle of DATA is no message', async () => {
  const { url } = await start({ entry: SCRIPTED })
  const script: Script = {
    target: { host: 'localhost', port: postfix.localPort },
    steps: [
      {
        do: 'abandon',
        credentials: ACCOUNT,
        envelope: { reversePath: `alice@${HOSTNAME}`, forwardPaths: [BOB] },
        text: 'Subject: half of it\r\n\r\nThis is not all',
      },
    ],
  }
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(script) })
  expect(await response.json()).toEqual([{ value: 'connected' }, { value: 'SMTP_ABORTED' }])
  await expect.poll(() => postfix.log(), { timeout: 10_000 }).toContain('lost connection after DATA')
  expect(postfix.log()).not.toContain('half of it')
})
