import { createServer, type Server, type Socket } from 'node:net'
import { decodeLatin1, encodeUtf8, MailError } from '@posthorn/core'
import { type Connection, SmtpClient, serve } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { connect, type ListenOptions, listen } from '../src/index.ts'

const HOSTNAME = 'mx.example'
const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())
const other = await makeCertificate('other.example', Date.now())
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serverFor(options: Partial<ListenOptions>): Promise<number> {
  const listener = await listen({ onConnection: (connection) => connection.close(), ...options })
  closers.push(() => listener.close())
  return listener.address.port
}

/** A server of raw sockets. */
async function rawServer(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
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

describe('connect', () => {
  test('nobody listens: NODE_CONNECT_FAILED with its cause', async () => {
    const port = await rawServer(() => undefined)
    for (const close of closers.splice(0)) await close()
    const error = await connect({ host: '127.0.0.1', port }).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'NODE_CONNECT_FAILED', cause: { code: 'ECONNREFUSED' } })
  })

  test('a name that does not exist: NODE_CONNECT_FAILED', async () => {
    expect(await rejectionOf(() => connect({ host: 'nowhere.invalid', port: 25 }))).toBe('NODE_CONNECT_FAILED')
  })

  test('a signal that has fired, and one that fires: NODE_ABORTED', async () => {
    expect(await rejectionOf(() => connect({ host: '127.0.0.1', port: 1, signal: AbortSignal.abort() }))).toBe(
      'NODE_ABORTED',
    )
    const port = await rawServer(() => undefined)
    const abort = new AbortController()
    const opening = rejectionOf(() => connect({ host: '127.0.0.1', port, implicitTls: true, signal: abort.signal }))
    setTimeout(() => abort.abort(), 20)
    expect(await opening).toBe('NODE_ABORTED')
  })

  test('a server that never shakes hands: NODE_CONNECT_TIMEOUT', async () => {
    const port = await rawServer(() => undefined)
    expect(await rejectionOf(() => connect({ host: '127.0.0.1', port, implicitTls: true, timeout: 30 }))).toBe(
      'NODE_CONNECT_TIMEOUT',
    )
  })

  test('a connection says its addresses', async () => {
    const port = await serverFor({})
    const connection = await connect({ host: '127.0.0.1', port })
    expect(connection.info).toMatchObject({ via: 'tcp', remote: { address: '127.0.0.1', port } })
    await connection.close()
  })
})

describe('connect: TLS at once [rfc8314 3.3]', () => {
  const echo: Partial<ListenOptions> = {
    implicitTls: true,
    tls: { key, cert },
    onConnection: async (connection) => {
      const bytes = await connection.read()
      if (bytes) await connection.write(bytes)
      await connection.close()
    },
    onError: () => undefined,
  }

  test('a certificate for the name is verified, TLS 1.2 at least', async () => {
    const port = await serverFor({ ...echo, tls: await certificateFor('localhost') })
    const connection = await connect({ host: 'localhost', port, implicitTls: true, ca: localCa })
    expect(connection.info.tls).toMatchObject({ verifiedBy: 'local', serverName: 'localhost' })
    expect(connection.info.tls?.protocol).toMatch(/^TLSv1\.[23]$/)
    await connection.write(encodeUtf8('hi'))
    expect(decodeLatin1((await connection.read())!)).toBe('hi')
    await connection.close()
  })

  test.each([
    ['an authority that is not trusted', { ca: other.ca }],
    ['another name in the certificate', { ca }],
    ['the authorities of the system', {}],
  ])('%s: NODE_TLS_FAILED', async (_, options) => {
    const port = await serverFor(echo)
    expect(await rejectionOf(() => connect({ host: '127.0.0.1', port, implicitTls: true, ...options }))).toBe(
      'NODE_TLS_FAILED',
    )
  })

  test('unsafeSkipVerification takes any certificate, and says that nobody verified it', async () => {
    const port = await serverFor(echo)
    const connection = await connect({ host: '127.0.0.1', port, implicitTls: true, unsafeSkipVerification: true })
    expect(connection.info.tls?.verifiedBy).toBe('nobody')
    connection.abort()
  })

  let localCa = ''
  async function certificateFor(name: string): Promise<{ key: string; cert: string }> {
    const made = await makeCertificate(name, Date.now())
    localCa = made.ca
    return { key: made.key, cert: made.cert }
  }
})

describe('STARTTLS [rfc3207]', () => {
  const serving = (connection: Connection): Promise<void> =>
    serve(connection, { hostname: HOSTNAME, tls: true, onMessage: () => undefined })

  test('a certificate for another name fails the handshake, and the client sends nothing more', async () => {
    const port = await serverFor({ tls: { key: other.key, cert: other.cert }, onConnection: serving })
    const connection = await connect({ host: '127.0.0.1', port, ca: other.ca })
    const client = new SmtpClient(connection, { serverName: HOSTNAME })
    expect(await rejectionOf(() => client.open())).toBe('NODE_TLS_FAILED')
    expect(client.usable).toBe(false)
  })

  test('without serverName the host is what the certificate must prove', async () => {
    const port = await serverFor({ tls: { key, cert }, onConnection: serving })
    const client = new SmtpClient(await connect({ host: '127.0.0.1', port, ca }))
    expect(await rejectionOf(() => client.open())).toBe('NODE_TLS_FAILED')
  })

  test('plaintext that follows the reply in the same segment is an error, not a session', async () => {
    const port = await rawServer((socket) => {
      socket.write('220 mx.example\r\n')
      socket.on('data', (chunk) => {
        if (/^EHLO/.test(String(chunk))) socket.write('250-mx.example\r\n250 STARTTLS\r\n')
        else socket.write('220 go\r\n250-forged\r\n250 AUTH PLAIN\r\n')
      })
    })
    const client = new SmtpClient(await connect({ host: '127.0.0.1', port, ca }), {
      credentials: { username: 'u', password: 'p' },
    })
    expect(await rejectionOf(() => client.open())).toBe('SMTP_TLS_INJECTION')
  })

  test('a server whose client sends no handshake but commands hears of it and lives on', async () => {
    const errors: unknown[] = []
    const port = await serverFor({
      tls: { key, cert },
      onConnection: (connection) =>
        serve(connection, {
          hostname: HOSTNAME,
          tls: true,
          onMessage: () => undefined,
          onError: (error) => errors.push(error),
        }),
    })
    const raw = await connect({ host: '127.0.0.1', port })
    await readLine(raw)
    await raw.write(encodeUtf8('EHLO a.example\r\n'))
    await readLine(raw)
    await raw.write(encodeUtf8('STARTTLS\r\n'))
    await readLine(raw)
    await raw.write(encodeUtf8('MAIL FROM:<a@b.example>\r\n'))
    await rejectionOf(() => readLine(raw))
    await expect.poll(() => errors.length).toBe(1)
    expect(errors[0]).toMatchObject({ code: 'NODE_TLS_FAILED' })
    const next = await connect({ host: '127.0.0.1', port })
    expect(await readLine(next)).toContain('220 ')
    next.abort()
    raw.abort()
  })

  test.each([false, true])(
    'a client that ends instead of a handshake, TLS at once %s: NODE_TLS_FAILED',
    async (implicitTls) => {
      const errors: unknown[] = []
      const port = await serverFor({
        tls: { key, cert },
        implicitTls,
        onConnection: async (connection) => {
          await connection.write(encodeUtf8('220 go ahead\r\n'))
          await connection.startTls({})
        },
        onError: (error) => errors.push(error),
      })
      const raw = await connect({ host: '127.0.0.1', port })
      if (!implicitTls) await readLine(raw)
      await raw.end?.()
      await expect.poll(() => errors.length).toBe(1)
      expect(errors[0]).toMatchObject({ code: 'NODE_TLS_FAILED', cause: { code: 'ECONNRESET' } })
      raw.abort()
    },
  )

  test('startTls with a client that has gone: NODE_CLOSED', async () => {
    const errors: unknown[] = []
    const port = await serverFor({
      tls: { key, cert },
      onConnection: async (connection) => {
        expect(await connection.read()).toBeUndefined()
        await connection.startTls({})
      },
      onError: (error) => errors.push(error),
    })
    const raw = await connect({ host: '127.0.0.1', port })
    await raw.end?.()
    await expect.poll(() => errors.length).toBe(1)
    expect(errors[0]).toMatchObject({ code: 'NODE_CLOSED' })
    raw.abort()
  })

  test('a listener without a certificate cannot raise TLS', async () => {
    const port = await serverFor({
      onConnection: async (connection) => void (await connection.startTls({})),
      onError: () => undefined,
    })
    const connection = await connect({ host: '127.0.0.1', port })
    expect(await connection.read()).toBeUndefined()
    await connection.close()
  })
})

async function readLine(connection: Connection): Promise<string> {
  let text = ''
  while (!text.endsWith('\n')) {
    const bytes = await connection.read()
    if (!bytes) throw new MailError('SMTP_CLOSED', 'The other end closed')
    text += decodeLatin1(bytes)
  }
  return text
}
