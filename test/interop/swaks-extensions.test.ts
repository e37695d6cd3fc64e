import type { ServeOptions } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, HOSTNAME, type OurServer, PICKY, startOurServer } from './lib/our-server.ts'
import { type Finished, run } from './lib/process.ts'

// swaks as the client of our server, for all that it can do beyond a plain message.
let server: OurServer
let lmtp: OurServer
let trusting: OurServer
let behindProxy: OurServer

beforeAll(async () => {
  const start = (options: Partial<ServeOptions> = {}): Promise<OurServer> => startOurServer(options)
  server = await start()
  lmtp = await start({ protocol: 'lmtp' })
  trusting = await start({ unsafeTrustedProxy: true })
  behindProxy = await start({ unsafeProxyProtocol: true })
})
afterAll(() => Promise.all([server, lmtp, trusting, behindProxy].map((one) => one.stop())))

function swaks(target: OurServer, ...args: string[]): Promise<Finished> {
  const common = [
    '--server',
    `${HOSTNAME}:${target.port}`,
    '--from',
    'ada@posthorn.example',
    '--helo',
    'client.example',
  ]
  return run('/usr/bin/swaks', [...common, ...args])
}

const TO = ['--to', 'bob@posthorn.example']

describe('AUTH', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('%s', async (mechanism) => {
    const auth = ['--auth', mechanism, '--auth-user', ACCOUNT.username]
    const good = await swaks(server, ...TO, '--tls', ...auth, '--auth-password', ACCOUNT.password)
    expect(good.code, good.stdout).toBe(0)
    expect(usedIn(server.messages.at(-1)!.conversation)).toEqual([`AUTH ${mechanism}`, 'STARTTLS'])
    expect(server.messages.at(-1)!.user).toBe(ACCOUNT.username)
    const bad = await swaks(server, ...TO, '--tls', ...auth, '--auth-password', 'wrong')
    expect(bad.code).toBe(28)
    expect(bad.stdout).toContain('535 5.7.8')
  })
})

test('LMTP: a reply for each recipient [rfc2033 4.2]', async () => {
  const { stdout } = await swaks(lmtp, '--protocol', 'LMTP', '--to', `bob@posthorn.example,${PICKY}`)
  expect(stdout).toContain('LHLO client.example')
  expect(stdout).toMatch(/<- {2}250 2\.0\.0 Message accepted\n<\*\* 550 Not this content/)
})

test('LMTP in groups', async () => {
  const { code, stdout } = await swaks(lmtp, '--protocol', 'LMTP', ...TO, '--pipeline')
  expect(code, stdout).toBe(0)
  expect(usedIn(lmtp.messages.at(-1)!.conversation)).toEqual(['LMTP', 'PIPELINING'])
})

test('PRDR: a reply for each recipient, where the client asks for it', async () => {
  const { stdout } = await swaks(server, '--prdr', '--to', `bob@posthorn.example,${PICKY}`)
  expect(usedIn(server.messages.at(-1)!.conversation)).toEqual(['PRDR'])
  expect(stdout).toMatch(
    /353 Replies for each recipient follow\n.*250 2\.0\.0.*\n.*550 Not this content\n.*250 2\.0\.0/,
  )
})

test('XCLIENT: from a trusted proxy it is believed, from others refused', async () => {
  const attributes = ['--xclient', 'NAME=client.example ADDR=192.0.2.9 LOGIN=eve']
  const { code, stdout } = await swaks(trusting, ...TO, ...attributes)
  expect(code, stdout).toBe(0)
  const { peer, conversation } = trusting.messages.at(-1)!
  expect(usedIn(conversation)).toEqual(['XCLIENT'])
  expect(peer.client?.address).toBe('192.0.2.9')
  expect(peer.identity).toEqual({ authenticationId: 'eve' })
  expect((await swaks(server, ...TO, ...attributes)).code).not.toBe(0)
})

test.each(['1', '2'])('PROXY protocol, version %s', async (version) => {
  const proxy = ['--proxy-version', version, '--proxy-family', version === '1' ? 'TCP4' : 'AF_INET']
  const addresses = [
    '--proxy-source',
    '192.0.2.9',
    '--proxy-source-port',
    '4711',
    '--proxy-dest',
    '198.51.100.2',
    '--proxy-dest-port',
    '25',
  ]
  const { code, stdout } = await swaks(behindProxy, ...TO, ...proxy, ...addresses, '--tls')
  expect(code, stdout).toBe(0)
  const { peer, conversation } = behindProxy.messages.at(-1)!
  expect(usedIn(conversation)).toEqual(['PROXY', 'STARTTLS'])
  expect(peer.client).toEqual({ address: '192.0.2.9', port: 4711 })
})

test('PROXY protocol: a client without a header gets no session', async () => {
  const { code } = await swaks(behindProxy, ...TO, '--timeout', '3')
  expect(code).not.toBe(0)
})
