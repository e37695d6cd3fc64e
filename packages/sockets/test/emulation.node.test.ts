import { createServer, type Socket } from 'node:net'
import { encodeUtf8 } from '@posthorn/core'
import { listen } from '@posthorn/node'
import { type Connection, SmtpClient, serve } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { connect } from '../src/index.ts'
import { emulate } from './emulation.ts'

// The connection over sockets that behave as workerd's, before servers that are right and servers that are not.
const HOST = 'mx.example'
const right = await makeCertificate(HOST, Date.now())
const other = await makeCertificate('other.example', Date.now())
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function rawServer(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('It has no port')
  return address.port
}

async function mailServer(tls = right, implicitTls = false): Promise<number> {
  const listener = await listen({
    tls,
    implicitTls,
    onConnection: (connection) => serve(connection, { hostname: HOST, tls: true, onMessage: () => undefined }),
    onError: () => undefined,
  })
  closers.push(() => listener.close())
  return listener.address.port
}

function dial(
  port: number,
  options: { readonly ca?: string; readonly implicitTls?: boolean } = {},
): Promise<Connection> {
  const { ca = right.ca, implicitTls = false } = options
  return connect({ host: HOST, port, implicitTls, connect: emulate({ ca }) })
}

describe('connect over emulated sockets', () => {
  test('nobody listens: SOCKETS_CONNECT_FAILED', async () => {
    const port = await rawServer(() => undefined)
    for (const close of closers.splice(0)) await close()
    expect(await rejectionOf(() => dial(port))).toBe('SOCKETS_CONNECT_FAILED')
  })

  test('a message with STARTTLS, and with TLS at once', async () => {
    for (const implicitTls of [false, true]) {
      const client = new SmtpClient(await dial(await mailServer(right, implicitTls), { implicitTls }))
      await client.open()
      const envelope = { reversePath: null, forwardPaths: ['a@b.example'] }
      expect((await client.send(envelope, encodeUtf8('Subject: hi\r\n\r\nhi\r\n'))).type).toBe('accepted')
      await client.quit()
    }
  })

  test.each([
    ['an authority that is not trusted', right, other.ca],
    ['another name in the certificate', other, other.ca],
  ])('%s: SOCKETS_TLS_FAILED, or SOCKETS_CONNECT_FAILED with TLS at once', async (_, certificate, ca) => {
    const client = new SmtpClient(await dial(await mailServer(certificate), { ca }))
    expect(await rejectionOf(() => client.open())).toBe('SOCKETS_TLS_FAILED')
    expect(client.usable).toBe(false)
    const port = await mailServer(certificate, true)
    expect(await rejectionOf(() => dial(port, { ca, implicitTls: true }))).toBe('SOCKETS_CONNECT_FAILED')
  })

  test.each([
    ['in the segment of the reply', 0, 'SMTP_TLS_INJECTION'],
    ['in a segment of their own', 20, 'SOCKETS_TLS_FAILED'],
  ])('octets that follow the reply to STARTTLS %s are an error, not a session', async (_, pause, code) => {
    const port = await rawServer((socket) => {
      socket.write('220 mx.example\r\n')
      socket.on('data', (chunk) => {
        if (/^EHLO/.test(String(chunk))) return socket.write('250-mx.example\r\n250 STARTTLS\r\n')
        if (pause === 0) return socket.write('220 go\r\n250-forged\r\n250 AUTH PLAIN\r\n')
        socket.write('220 go\r\n')
        return setTimeout(() => socket.write('250-forged\r\n250 AUTH PLAIN\r\n'), pause)
      })
    })
    const client = new SmtpClient(await dial(port), { credentials: { username: 'u', password: 'p' } })
    expect(await rejectionOf(() => client.open())).toBe(code)
  })

  test('the other end can be written to when it has closed', async () => {
    let tell: (text: string) => void = () => undefined
    const heard = new Promise<string>((resolve) => {
      tell = resolve
    })
    const port = await rawServer((socket) => {
      let text = ''
      socket.on('data', (chunk) => {
        text += String(chunk)
      })
      socket.on('end', () => tell(text))
      socket.end('bye')
    })
    const connection = await dial(port)
    expect(await connection.read()).toEqual(encodeUtf8('bye'))
    expect(await connection.read()).toBeUndefined()
    await connection.write(encodeUtf8('still here'))
    await connection.close()
    expect(await heard).toBe('still here')
  })
})
