import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMailer } from 'posthorn'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ASCII_ACCOUNT, HOSTNAME, type OurServer, startOurServer } from './lib/our-server.ts'
import { Daemon, freePort } from './lib/process.ts'

// Connections by proxies that others wrote: tinyproxy, which speaks HTTP, and microsocks, which speaks SOCKS 5.
const USER = { name: 'prö:xy', password: 'p@ss/word' }

interface Proxy {
  readonly port: number
  stop(): Promise<void>
}

async function startTinyproxy(allowed: number): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-tinyproxy-'))
  const port = await freePort()
  const file = join(folder, 'tinyproxy.conf')
  // Its configuration takes no user with a colon or a letter beyond US-ASCII.
  writeFileSync(file, `Port ${port}\nListen 127.0.0.1\nBasicAuth proxy p.ss_word\nConnectPort ${allowed}\nTimeout 20\n`)
  const daemon = new Daemon('/usr/bin/tinyproxy', ['-d', '-c', file])
  await daemon.ready(port)
  return {
    port,
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startMicrosocks(): Promise<Proxy> {
  const port = await freePort()
  const daemon = new Daemon('/usr/bin/microsocks', [
    ...['-i', '127.0.0.1', '-p', String(port)],
    ...['-u', USER.name, '-P', USER.password],
  ])
  await daemon.ready(port)
  return { port, stop: () => daemon.stop() }
}

const KINDS = [
  { name: 'tinyproxy', scheme: 'http', start: startTinyproxy, user: 'proxy', password: 'p.ss_word' },
  { name: 'microsocks', scheme: 'socks5h', start: startMicrosocks, user: USER.name, password: USER.password },
]

describe.each(KINDS)('by $name', ({ scheme, start, user, password }) => {
  let server: OurServer
  let proxy: Proxy
  beforeAll(async () => {
    server = await startOurServer()
    proxy = await start(server.port)
  })
  afterAll(async () => {
    await proxy.stop()
    await server.stop()
  })

  const url = (secret: string): string =>
    `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@127.0.0.1:${proxy.port}`

  function mailerBy(secret: string, port = server.port) {
    const { username, password: own } = ASCII_ACCOUNT
    return createMailer(`submission://${username}:${encodeURIComponent(own)}@${HOSTNAME}:${port}`, {
      ca: server.ca,
      proxy: url(secret),
      pool: { maxConnections: 2, attempts: 1 },
    })
  }

  const letter = (index: number) => ({
    from: 'ada@posthorn.example',
    to: 'bob@posthorn.example',
    subject: `Letter ${index}`,
    text: `${'By proxy.\n'.repeat(3000)}`,
  })

  test('messages are sent after STARTTLS and AUTH, and the certificate must prove the server', async () => {
    const mailer = mailerBy(password)
    const outcomes = await Promise.all(Array.from({ length: 6 }, (_, index) => mailer.send(letter(index))))
    await mailer.close()
    expect(outcomes.map(({ type }) => type)).toEqual(Array(6).fill('accepted'))
    expect(server.messages.map(({ text }) => /^Subject: (.*)$/m.exec(text)![1]!.trim()).sort()).toEqual(
      Array.from({ length: 6 }, (_, index) => `Letter ${index}`),
    )
    expect(server.messages.every(({ user: who, peer }) => who === ASCII_ACCOUNT.username && peer.connection.tls)).toBe(
      true,
    )
  })

  test('a wrong password is told of, and is in no error', async () => {
    const mailer = mailerBy('wr0ng-secret')
    const outcome = await mailer.send(letter(0))
    await mailer.close()
    expect(outcome).toMatchObject({ type: 'refused', error: { code: 'NODE_PROXY_FAILED' } })
    for (let error: unknown = outcome.error; error instanceof Error; error = error.cause) {
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('wr0ng')
    }
  })

  test('a port where nobody listens, or that the proxy does not allow, is told of', async () => {
    const mailer = mailerBy(password, await freePort())
    const outcome = await mailer.send(letter(0))
    await mailer.close()
    expect(outcome).toMatchObject({ type: 'refused', error: { code: 'NODE_PROXY_FAILED' } })
  })
})
