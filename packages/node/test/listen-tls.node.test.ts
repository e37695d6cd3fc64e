import { connect as netConnect } from 'node:net'
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { externalServer } from '@posthorn/sasl'
import type { ConnectionInfo, ServeOptions } from '@posthorn/smtp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { connect, type Listener, type ListenOptions, listen, type ServerTlsOptions } from '../src/index.ts'
import { CLIENT } from './client-certificate.ts'
import { RSA } from './rsa-certificate.ts'
import { Talk } from './talk.ts'

const now = Date.now()
const [main, other] = [await makeCertificate('mx.example', now), await makeCertificate('other.example', now)]
const SERVE: ServeOptions = { hostname: 'mx.example', onMessage: () => undefined }

let infos: ConnectionInfo[]
const closers: (() => unknown)[] = []

beforeEach(() => {
  infos = []
})

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function open(tls: ServerTlsOptions, options: ListenOptions = {}): Promise<Listener> {
  const serve = (info: ConnectionInfo): ServeOptions => {
    infos.push(info)
    return SERVE
  }
  const listener = await listen({ tls, implicitTls: true, serve, ...options })
  closers.push(() => listener.close({ timeout: 0 }))
  return listener
}

/** The name that the certificate of the server proves to somebody who asks for a name. */
async function shown({ address: { port } }: Listener, options: ConnectionOptions = {}): Promise<unknown> {
  const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  closers.push(() => socket.destroy())
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  await new Talk(socket).reply()
  return socket.getPeerCertificate().subject?.CN
}

describe('listen: certificates', () => {
  test('the one for the name that is asked for is shown, and the usual one for names that are not known', async () => {
    const asked: string[] = []
    const listener = await open({
      ...main,
      certificateFor: async (name) => {
        asked.push(name)
        return name === 'other.example' ? other : undefined
      },
    })
    const names = ['other.example', 'OTHER.example', 'unknown.example', undefined]
    const seen: unknown[] = []
    for (const servername of names) seen.push(await shown(listener, servername === undefined ? {} : { servername }))
    expect(seen).toEqual(['other.example', 'other.example', 'mx.example', 'mx.example'])
    expect(asked).toEqual(['other.example', 'unknown.example'])
    expect(infos.map(({ tls }) => tls?.serverName)).toEqual([...names.slice(0, 3), undefined])
  })

  test('names that are not known push out none that are', async () => {
    const asked: string[] = []
    const listener = await open({
      ...main,
      certificateFor: (name) => {
        asked.push(name)
        return name === 'other.example' ? other : undefined
      },
    })
    const servername = 'other.example'
    await shown(listener, { servername })
    for (let count = 0; count < 3; count++) await shown(listener, { servername: `n${count}.example` })
    await shown(listener, { servername })
    expect(asked.filter((name) => name === servername)).toHaveLength(1)
  })

  test('a certificate that cannot be had ends the handshake, and others are served', async () => {
    const errors: unknown[] = []
    const certificateFor = (): never => {
      throw new Error('the disk is gone')
    }
    const listener = await open({ ...main, certificateFor }, { onError: (error) => errors.push(error) })
    await expect(shown(listener, { servername: 'mx.example' })).rejects.toThrow()
    await expect.poll(() => errors).toEqual([expect.objectContaining({ code: 'NODE_TLS_FAILED' })])
    expect(await shown(listener)).toBe('mx.example')
  })

  test('setTls: handshakes that begin from now on have the new one, and sessions go on', async () => {
    const listener = await open(main)
    const { port } = listener.address
    const talk = new Talk(tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false }))
    await talk.reply()
    listener.setTls(other)
    expect(await shown(listener)).toBe('other.example')
    expect(await talk.say('NOOP')).toBe('250 2.0.0 OK')
    talk.socket.destroy()
  })

  test('setTls: what cannot be used is refused, and what was in use stays', async () => {
    const listener = await open(main)
    expect(() => listener.setTls({ key: main.key, cert: other.cert })).toThrow(
      expect.objectContaining({ code: 'NODE_TLS_FAILED' }),
    )
    expect(await shown(listener)).toBe('mx.example')
    const plain = await listen({ serve: SERVE })
    expect(() => plain.setTls(main)).toThrow(expect.objectContaining({ code: 'NODE_TLS_FAILED' }))
    await plain.close()
  })

  test('one of each kind: a client has the one that it can check', async () => {
    const listener = await open({ key: [RSA.key, main.key], cert: [RSA.cert, main.cert] })
    const typeWith = async (sigalgs: string): Promise<string | undefined> => {
      const { port } = listener.address
      const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, sigalgs })
      closers.push(() => socket.destroy())
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
      return socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType
    }
    expect(await typeWith('ecdsa_secp256r1_sha256')).toBe('ec')
    expect(await typeWith('rsa_pss_rsae_sha256')).toBe('rsa')
  })

  test.each([
    [{}, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }],
    [{ minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }],
  ] as const)('%j: a client with %j is refused', async (own, theirs) => {
    const listener = await open({ ...main, ...own })
    await expect(shown(listener, theirs)).rejects.toThrow()
  })

  test('a protocol is agreed on by ALPN where it is asked for', async () => {
    const listener = await open({ ...main, alpn: ['smtp'] })
    const { port } = listener.address
    const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2', 'smtp'] })
    closers.push(() => socket.destroy())
    await new Promise((resolve) => socket.once('secureConnect', resolve))
    expect(socket.alpnProtocol).toBe('smtp')
  })
})

describe('listen: certificates of clients', () => {
  const ASKS = { ...main, requestCert: true, ca: CLIENT.cert }

  test.each([
    ['one that is vouched for', CLIENT, 'local', ['ada.example']],
    ['one that is not', { key: other.key, cert: other.cert }, 'nobody', ['other.example']],
    ['none', {}, 'nobody', undefined],
  ])('%s', async (_, own, verifiedBy, names) => {
    const listener = await open(ASKS)
    await shown(listener, own)
    expect(infos[0]?.tls?.verifiedBy).toBe(verifiedBy)
    expect(infos[0]?.tls?.peer?.names).toEqual(names)
  })

  test('a session that is resumed has it too', async () => {
    const listener = await open(ASKS)
    const { port } = listener.address
    const first = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.2', ...CLIENT })
    const session = await new Promise<Buffer>((resolve) => first.once('session', resolve))
    first.destroy()
    await shown(listener, { session, maxVersion: 'TLSv1.2', ...CLIENT })
    expect(infos.map(({ tls }) => tls?.verifiedBy)).toEqual(['local', 'local'])
  })

  test('EXTERNAL can be offered to whoever has shown one, behind STARTTLS too', async () => {
    const serve = (): ServeOptions => ({
      ...SERVE,
      mechanisms: [externalServer(() => ({ authenticationId: 'ada' }))],
      onMail: (_path, _parameters, { connection, identity }) => ({
        code: 250,
        lines: [`${connection.tls?.verifiedBy} ${connection.tls?.peer?.names} ${identity?.authenticationId}`],
      }),
    })
    const listener = await open(ASKS, { implicitTls: false, serve })
    const plain = netConnect({ port: listener.address.port, host: '127.0.0.1' })
    const greeting = new Talk(plain)
    await greeting.reply()
    await greeting.say('EHLO c.example')
    await greeting.say('STARTTLS')
    plain.removeAllListeners('data')
    const secured: TLSSocket = tlsConnect({ socket: plain, rejectUnauthorized: false, ...CLIENT })
    closers.push(() => secured.destroy())
    const talk = new Talk(secured)
    await talk.say('EHLO c.example')
    expect(await talk.say('AUTH EXTERNAL =')).toMatch(/^235 /)
    expect(await talk.say('MAIL FROM:<a@b.example>')).toBe('250 local ada.example ada')
  })
})

test('listen: behind a proxy TLS begins after its header', async () => {
  const listener = await open(main, { proxyProtocol: { from: ['127.0.0.1'] } })
  const plain = netConnect({ port: listener.address.port, host: '127.0.0.1' })
  await new Promise((resolve) => plain.once('connect', resolve))
  plain.write('PROXY TCP4 203.0.113.9 192.0.2.1 5000 465\r\n')
  const secured = tlsConnect({ socket: plain, servername: 'mx.example', ca: main.ca })
  expect(await new Talk(secured).reply()).toBe('220 mx.example ESMTP')
  expect(infos[0]?.remote?.address).toBe('203.0.113.9')
  secured.destroy()
})

test('listen: STARTTLS is offered where there is a certificate', async () => {
  const listener = await open(main, { implicitTls: false })
  const connection = await connect({ host: '127.0.0.1', port: listener.address.port, ca: main.ca })
  await connection.read()
  await connection.write(new TextEncoder().encode('EHLO c.example\r\n'))
  expect(new TextDecoder().decode(await connection.read())).toContain('STARTTLS')
  connection.abort()
})
