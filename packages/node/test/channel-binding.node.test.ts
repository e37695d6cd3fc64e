import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type TLSSocket, connect as tlsConnect } from 'node:tls'
import type { Connection, TlsInfo } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { channelBindingsOf } from '../src/channel-binding.ts'
import { connect, listen } from '../src/index.ts'
import { CERTIFICATES } from './certificates.ts'

const { ca, cert, key } = await makeCertificate('mx.example', Date.now())
const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const told = ({ channelBindings = [] }: Pick<TlsInfo, 'channelBindings'>): Record<string, string> =>
  Object.fromEntries(channelBindings.map(({ type, data }) => [type, Buffer.from(data).toString('hex')]))

const sha256 = new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase()

/** What a socket of Node's own tells of its connection. */
function known(socket: TLSSocket, isServer: boolean): Record<string, string> {
  const finished = isServer ? socket.getPeerFinished() : socket.getFinished()
  if (socket.getProtocol() !== 'TLSv1.3') return { 'tls-unique': finished!.toString('hex') }
  const exported = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
  return { 'tls-exporter': exported.toString('hex') }
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('channel bindings over %s', (maxVersion) => {
  test('a client has those of the other end [rfc5929 3, rfc5929 4, rfc9266 2]', async () => {
    const server = createServer({ key, cert, maxVersion }).listen(0, '127.0.0.1')
    closers.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const accepted = once(server, 'secureConnection')
    const connection = await connect({ host: '127.0.0.1', port, implicitTls: true, ca, serverName: 'mx.example' })
    closers.push(() => connection.abort())
    const [socket] = (await accepted) as [TLSSocket]
    expect(told(connection.info.tls!)).toEqual({ ...known(socket, true), 'tls-server-end-point': sha256 })
    const { issuer, validTo } = new X509Certificate(cert)
    const notAfter = new Date(validTo).toISOString()
    expect(connection.info.tls?.peer).toEqual({ names: ['mx.example'], issuer, notAfter, sha256 })
  })

  test('a server has those of the other end [rfc5929 3, rfc5929 4, rfc9266 2]', async () => {
    let serving: (connection: Connection) => void
    const served = new Promise<Connection>((resolve) => {
      serving = resolve
    })
    const listener = await listen({ tls: { key, cert }, implicitTls: true, onConnection: async (one) => serving(one) })
    closers.push(() => listener.close())
    const socket = tlsConnect({
      port: listener.address.port,
      host: '127.0.0.1',
      ca,
      servername: 'mx.example',
      maxVersion,
    })
    socket.on('error', () => undefined)
    await once(socket, 'secureConnect')
    const { info } = await served
    expect(told(info.tls!)).toEqual({ ...known(socket, false), 'tls-server-end-point': sha256 })
  })
})

test.each(CERTIFICATES)('tls-server-end-point: $algorithm [rfc5929 4.1]', ({ certificate, digest }) => {
  const socket = {
    getProtocol: () => 'TLSv1.2',
    isSessionReused: () => false,
    getFinished: () => undefined,
  }
  const bindings = channelBindingsOf(socket as unknown as TLSSocket, false, new X509Certificate(certificate))
  expect(told({ channelBindings: bindings })).toEqual(digest === undefined ? {} : { 'tls-server-end-point': digest })
})

test('tls-unique is not had from a session that was resumed [rfc7627 1]', () => {
  const socket = {
    getProtocol: () => 'TLSv1.2',
    isSessionReused: () => true,
    getFinished: () => Buffer.from('finished'),
  }
  expect(channelBindingsOf(socket as unknown as TLSSocket, false, undefined)).toEqual([])
})

test('a socket that exports no keying material, as in Deno, has the other binding alone [rfc5929 4]', () => {
  const socket = { getProtocol: () => 'TLSv1.3' } as TLSSocket
  expect(told({ channelBindings: channelBindingsOf(socket, false, new X509Certificate(cert)) })).toEqual({
    'tls-server-end-point': sha256,
  })
})
