import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectBridge } from '@posthorn/bridge'
import { type Bridge, createBridge } from '@posthorn/bridge/node'
import { type BridgeLogEntry, importTicketKey, mintTicket } from '@posthorn/bridge/server'
import { concatBytes, encodeUtf8 } from '@posthorn/core'
import { exportDkimKey, generateDkimKey, signDkim } from '@posthorn/dkim'
import { SmtpClient } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webSocketFrom } from '../../packages/bridge/test/node-lab.ts'
import { rejectionOf } from '../failure.ts'
import type { Errand } from '../runtimes/workerd/bridge-client-worker.ts'
import { startWorker, type Worker } from '../runtimes/workerd/workerd.ts'
import { type DkimPeer, startDkimpy } from './lib/dkim-peers.ts'
import { header, wireForm } from './lib/message.ts'
import { ACCOUNT, HOSTNAME, type Postfix, startPostfix } from './lib/postfix.ts'

// workerd at either end of a bridge: as the page, before a bridge on Node.js; and as the bridge, by the example.
const ORIGIN = 'https://app.example'
const fileOf = (path: string): string => new URL(path, import.meta.url).pathname
const envelope = { reversePath: `alice@${HOSTNAME}`, forwardPaths: [`bob@${HOSTNAME}`] }
const secret = crypto.getRandomValues(new Uint8Array(32))
const message = (subject: string): string =>
  `${header(subject).replaceAll('posthorn.example', HOSTNAME)}\r\n\r\nHello\r\n`

let postfix: Postfix
let dkimpy: DkimPeer
let key: Awaited<ReturnType<typeof generateDkimKey>>
let keys: Awaited<ReturnType<typeof importTicketKey>>

beforeAll(async () => {
  postfix = await startPostfix()
  dkimpy = startDkimpy()
  key = await generateDkimKey()
  keys = await importTicketKey(secret)
})
afterAll(async () => {
  dkimpy.stop()
  await postfix.stop()
})

const ticket = (port: number): Promise<string> => mintTicket(keys, { sub: 'ada', dst: [`${HOSTNAME}:${port}`] })

async function expectStored(): Promise<void> {
  const stored = wireForm(await postfix.take('bob'))
  expect(stored).toContain('with ESMTPSA')
  expect(await dkimpy.takes(encodeUtf8(stored), `bridge._domainkey.${HOSTNAME}`, key.record)).toBe(true)
}

describe('workerd as the page', () => {
  let bridge: Bridge
  let worker: Worker
  let url: string
  const log: BridgeLogEntry[] = []
  const server = createServer()

  beforeAll(async () => {
    bridge = createBridge({
      keys,
      policy: {
        origins: [],
        allowMissingOrigin: true,
        destinations: [`${HOSTNAME}:${postfix.port}`],
        unsafeAllowPrivateAddresses: ['127.0.0.1'],
      },
      lookUp: async () => ['127.0.0.1'],
      ca: postfix.certificate.ca,
      log: (entry) => log.push(entry),
    })
    bridge.attach(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
    worker = await startWorker({ entry: fileOf('../runtimes/workerd/bridge-client-worker.ts') })
  })
  afterAll(async () => {
    await worker.stop()
    await bridge.close(0)
    server.close()
  })

  async function ask(change: Partial<Errand> = {}): Promise<unknown> {
    const errand: Errand = {
      url,
      ticket: await ticket(postfix.port),
      host: HOSTNAME,
      port: postfix.port,
      implicitTls: false,
      credentials: ACCOUNT,
      envelope,
      text: message('Through a bridge'),
      sign: { domain: HOSTNAME, selector: 'bridge', key: await exportDkimKey(key.privateKey) },
      ...change,
    }
    const response = await fetch(worker.url, { method: 'POST', body: JSON.stringify(errand) })
    return response.json()
  }

  test('STARTTLS by the bridge, AUTH, and a signed message to Postfix', async () => {
    expect(await ask()).toEqual({ type: 'accepted', tls: 'bridge' })
    await expectStored()
    await expect.poll(() => log.at(-1)).toMatchObject({ code: 1000, subject: 'ada' })
  })

  test('what the bridge refuses has its code in the worker', async () => {
    expect(await ask({ ticket: await ticket(25) })).toEqual({ code: 'BRIDGE_FORBIDDEN' })
    const used = await ticket(postfix.port)
    expect(await ask({ ticket: used, credentials: { ...ACCOUNT, password: 'wrong' } })).toEqual({
      code: 'SMTP_AUTH_FAILED',
    })
    expect(await ask({ ticket: used })).toEqual({ code: 'BRIDGE_TICKET' })
    expect(await ask({ ticket: `${used.slice(0, -3)}AAA` })).toEqual({ code: 'BRIDGE_UNREACHABLE' })
  })
})

describe('workerd as the bridge, by the example', () => {
  let worker: Worker
  let url: string

  beforeAll(async () => {
    worker = await startWorker({
      entry: fileOf('../../packages/bridge/examples/edge-bridge.ts'),
      env: {
        ORIGINS: ORIGIN,
        DESTINATIONS: [postfix.port, 1].map((port) => `${HOSTNAME}:${port}`).join(),
        TICKET_SECRET: Buffer.from(secret).toString('hex'),
      },
      ca: [postfix.certificate.ca],
      objects: { USED_TICKETS: 'UsedTicket' },
      localNames: [HOSTNAME],
    })
    url = worker.url.replace('http', 'ws')
  })
  afterAll(() => worker.stop())

  const connect = async (port = postfix.port, more: { ticket?: string; origin?: string } = {}) =>
    connectBridge({
      url,
      ticket: more.ticket ?? (await ticket(port)),
      host: HOSTNAME,
      port,
      webSocket: webSocketFrom(more.origin ?? ORIGIN),
    })

  test('STARTTLS by the bridge, AUTH, and a signed message to Postfix', async () => {
    const connection = await connect()
    const client = new SmtpClient(connection, { credentials: ACCOUNT, serverName: HOSTNAME, unsafeTrustBridge: true })
    await client.open()
    expect(connection.info.tls).toMatchObject({ verifiedBy: 'bridge', serverName: HOSTNAME })
    const octets = encodeUtf8(message('Through the edge'))
    const sign = { domain: HOSTNAME, selector: 'bridge', key: key.privateKey, now: Date.now() }
    const outcome = await client.send(envelope, concatBytes([await signDkim(octets, sign), octets]))
    expect(outcome.type).toBe('accepted')
    await client.quit()
    await expectStored()
    await expect.poll(() => worker.log()).toContain('"code":1000')
  })

  test('a large message, in both senses', async () => {
    const connection = await connect()
    const client = new SmtpClient(connection, { credentials: ACCOUNT, serverName: HOSTNAME, unsafeTrustBridge: true })
    await client.open()
    const octets = encodeUtf8(`${message('Much')}${`${'x'.repeat(76)}\r\n`.repeat(50_000)}`)
    expect((await client.send(envelope, octets)).type).toBe('accepted')
    await client.quit()
    expect(wireForm(await postfix.take('bob')).length).toBeGreaterThan(octets.length)
  })

  test('a ticket is good once, over whichever copy of the worker', async () => {
    const once = await ticket(postfix.port)
    const attempts = Array.from({ length: 5 }, () => connect(postfix.port, { ticket: once }))
    const ends = await Promise.all(attempts.map((attempt) => rejectionOf(() => attempt)))
    expect(ends.sort()).toEqual([...Array.from({ length: 4 }, () => 'BRIDGE_TICKET'), 'none'])
    for (const attempt of await Promise.allSettled(attempts)) if (attempt.status === 'fulfilled') attempt.value.abort()
  })

  test.each([
    ['another origin', 'BRIDGE_UNREACHABLE', () => connect(postfix.port, { origin: 'https://evil.example' })],
    ['a port that the policy does not name', 'BRIDGE_FORBIDDEN', () => connect(25)],
    ['a server that is not there', 'BRIDGE_CONNECT_FAILED', () => connect(1)],
  ])('%s: %s', async (_, code, attempt) => {
    expect(await rejectionOf(attempt)).toBe(code)
  })
})
