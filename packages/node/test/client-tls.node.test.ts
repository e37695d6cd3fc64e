import { once } from 'node:events'
import { createServer as createPlainServer, type Socket } from 'node:net'
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import type { CertificateCheck, Connection, PresentedCertificates } from '@posthorn/smtp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { AUTHORITY, Authority } from '../../../test/mark-certificate.ts'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { CertificateError, type ConnectOptions, connect, listen } from '../src/index.ts'

const made = new Authority()
const expired = await makeCertificate('mx.example', Date.now() - 3 * 86_400_000)
const closers: (() => unknown)[] = []
let [ca, cert, key] = ['', '', '']

beforeAll(() => {
  ca = made.make('root', { extensions: AUTHORITY })
  made.make('issuer', { issuer: 'root', extensions: AUTHORITY })
  made.make('leaf', { issuer: 'issuer', extensions: { subjectAltName: 'DNS:mx.example,DNS:other.example' } })
  cert = made.pem('leaf') + made.pem('issuer')
  key = made.openssl('pkey', '-in', 'leaf.key').toString()
})
afterAll(() => made.remove())
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server over TLS at once, its sockets, and what it heard. */
async function serverFor(options: TlsOptions = {}): Promise<{ port: number; heard: string[]; sockets: TLSSocket[] }> {
  const [heard, sockets] = [[] as string[], [] as TLSSocket[]]
  const server = createServer({ key, cert, ...options }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => heard.push(String(chunk)))
    socket.write('220 hello\r\n')
  })
  server.on('tlsClientError', () => undefined)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => server.close())
  return { port: (server.address() as { port: number }).port, heard, sockets }
}

async function open(port: number, more: Partial<ConnectOptions> = {}): Promise<Connection> {
  const connection = await connect({
    host: 'mx.example',
    addresses: ['127.0.0.1'],
    port,
    implicitTls: true,
    ca,
    ...more,
  })
  closers.push(() => connection.abort())
  return connection
}

const failure = (promise: Promise<unknown>): Promise<CertificateError> =>
  promise.then(
    () => expect.fail('It went well'),
    (error) => error,
  )

describe('connect: who decides on the certificate', () => {
  test('the check is shown the chain as it was sent, and its verdict stands in the evidence', async () => {
    const { port } = await serverFor()
    const shown: PresentedCertificates[] = []
    for (const verdict of ['verified', 'unverified'] as const) {
      const connection = await open(port, {
        checkCertificate: (presented) => {
          shown.push(presented)
          return verdict
        },
      })
      expect(connection.info.tls).toMatchObject({
        verifiedBy: verdict === 'verified' ? 'local' : 'nobody',
        peer: { names: ['mx.example', 'other.example'] },
        issuers: [{ issuer: 'O=Example, CN=root' }],
      })
      expect(decodeLatin1((await connection.read())!)).toBe('220 hello\r\n')
    }
    expect(shown[0]!.chain).toEqual([made.der('leaf'), made.der('issuer')])
    expect(shown[0]!.untrusted).toBeUndefined()
    expect([shown[0]!.leadsTo(1), shown[0]!.leadsTo(2)]).toEqual([true, false])
  })

  test('a name that is not proved is left to the check, and is no lack of trust', async () => {
    const { port } = await serverFor()
    let untrusted: unknown = 'none'
    const checkCertificate: CertificateCheck = (presented) => {
      untrusted = presented.untrusted
      return presented.proves('third.example') ? 'verified' : 'unverified'
    }
    const connection = await open(port, { host: 'third.example', checkCertificate })
    expect(connection.info.tls).toMatchObject({ verifiedBy: 'nobody', serverName: 'third.example' })
    expect(untrusted).toBeUndefined()
  })

  test.each([
    ['not-trusted', () => ({})],
    ['expired', () => ({ key: expired.key, cert: expired.cert })],
  ])('a chain that is %s is said to be', async (reason, options) => {
    const { port } = await serverFor(options())
    let untrusted: unknown
    await open(port, {
      ca: reason === 'expired' ? expired.ca : made.make('another', { extensions: AUTHORITY }),
      checkCertificate: (presented) => {
        untrusted = presented.untrusted
        return 'unverified'
      },
    })
    expect(untrusted).toBe(reason)
  })

  test('what the check throws fails the handshake, shows the certificates, and nothing was sent', async () => {
    const { port, heard, sockets } = await serverFor()
    const cause = new Error('it is not in the DNS')
    const checkCertificate = async (): Promise<never> => {
      await expect.poll(() => sockets.length).toBe(1)
      throw cause
    }
    const error = await failure(open(port, { checkCertificate }))
    expect(error).toBeInstanceOf(CertificateError)
    expect(error).toMatchObject({ code: 'NODE_TLS_FAILED', cause, peer: { names: ['mx.example', 'other.example'] } })
    expect(error.issuers).toHaveLength(1)
    await expect.poll(() => sockets[0]?.destroyed).toBe(true)
    expect(heard).toEqual([])
  })

  test('a check that takes long ends with the attempt, and its verdict comes too late', async () => {
    const { port, sockets } = await serverFor()
    let decide: (verdict: 'verified') => void = () => undefined
    const checkCertificate = (): Promise<'verified'> => new Promise((resolve) => (decide = resolve))
    expect(await rejectionOf(() => open(port, { checkCertificate, timeout: 100 }))).toBe('NODE_CONNECT_TIMEOUT')
    decide('verified')
    await expect.poll(() => sockets[0]?.destroyed).toBe(true)
  })

  test('a server that goes while the check decides: NODE_TLS_FAILED', async () => {
    const { port, sockets } = await serverFor()
    const checkCertificate = async (): Promise<'verified'> => {
      await expect.poll(() => sockets.length).toBe(1)
      sockets[0]!.resetAndDestroy()
      return new Promise(() => undefined)
    }
    expect(await rejectionOf(() => open(port, { checkCertificate }))).toBe('NODE_TLS_FAILED')
  })

  test('over STARTTLS: neither read nor written until it is done, and the connection is gone when it throws', async () => {
    const errors: unknown[] = []
    const listener = await listen({
      tls: { key, cert },
      onConnection: async (connection) => {
        await connection.startTls({})
        await connection.read()
      },
      onError: (error) => errors.push(error),
    })
    closers.push(() => listener.close())
    const connection = await open(listener.address.port, { implicitTls: false })
    const during: string[] = []
    const checkCertificate: CertificateCheck = async () => {
      during.push(await rejectionOf(() => connection.read()))
      during.push(await rejectionOf(() => connection.write(encodeUtf8('a'))))
      during.push(await rejectionOf(() => connection.startTls({})))
      throw new Error('no')
    }
    expect(await rejectionOf(() => connection.startTls({ checkCertificate }))).toBe('NODE_TLS_FAILED')
    expect(during).toEqual(['NODE_BUSY', 'NODE_BUSY', 'NODE_BUSY'])
    expect(connection.info.tls).toBeUndefined()
    expect(await rejectionOf(() => connection.read())).toBe('NODE_CLOSED')
    expect(await rejectionOf(() => connection.write(encodeUtf8('a')))).toBe('NODE_CLOSED')
  })

  test('an abort while the check decides ends it', async () => {
    const listener = await listen({
      tls: { key, cert },
      onConnection: async (connection) => {
        await connection.startTls({})
        await connection.read()
      },
      onError: () => undefined,
    })
    closers.push(() => listener.close())
    const connection = await open(listener.address.port, { implicitTls: false })
    const checkCertificate = (): Promise<never> => {
      connection.abort()
      return new Promise(() => undefined)
    }
    expect(await rejectionOf(() => connection.startTls({ checkCertificate }))).toBe('NODE_TLS_FAILED')
  })
})

describe('connect: what TLS is raised with', () => {
  test('a certificate that is refused is shown, with the code of Node', async () => {
    const { port, heard } = await serverFor()
    const error = await failure(open(port, { ca: made.make('stranger', { extensions: AUTHORITY }) }))
    expect(error).toMatchObject({
      code: 'NODE_TLS_FAILED',
      message: 'Cannot raise TLS: the certificate is not trusted (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)',
      cause: { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
      peer: { names: ['mx.example', 'other.example'] },
    })
    const named = await failure(open(port, { serverName: 'third.example' }))
    expect(named).toMatchObject({
      message: 'Cannot raise TLS: the certificate does not name third.example but mx.example, other.example',
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
    expect(heard).toEqual([])
  })

  test('a certificate of the client, in PEM and as PKCS #12', async () => {
    const clientCert = made.make('client', { issuer: 'root', extensions: { extendedKeyUsage: 'clientAuth' } })
    const clientKey = made.openssl('pkey', '-in', 'client.key').toString()
    const secrets = ['-inkey', 'client.key', '-in', 'client.pem', '-passout', 'pass:secret']
    const pfx = new Uint8Array(made.openssl('pkcs12', '-export', ...secrets))
    const { port, sockets } = await serverFor({ requestCert: true, rejectUnauthorized: true, ca: [ca] })
    for (const own of [
      { key: clientKey, cert: clientCert },
      { pfx, passphrase: 'secret' },
    ]) {
      const connection = await open(port, own)
      await connection.read()
      expect(sockets.at(-1)!.getPeerCertificate().subject.CN).toBe('client')
    }
  })

  test('a key that is none: NODE_BAD_OPTION before anybody is asked', async () => {
    const refused = { host: 'nowhere.invalid', port: 1, cert: 'secret', key: 'secret' }
    const error = await failure(connect(refused))
    expect(error.code).toBe('NODE_BAD_OPTION')
    expect(`${error.message}${error.cause}`).not.toContain('secret')
  })

  test('alpn: offered where it is asked for alone', async () => {
    const { port, sockets } = await serverFor({ ALPNProtocols: ['smtp'] })
    await (await open(port, { alpn: ['smtp'] })).read()
    await (await open(port)).read()
    expect(sockets.map(({ alpnProtocol }) => alpnProtocol)).toEqual(['smtp', false])
  })

  test('minVersion: 1.2, or 1.3 where it is asked for', async () => {
    const { port } = await serverFor({ maxVersion: 'TLSv1.2' })
    expect((await open(port)).info.tls?.protocol).toBe('TLSv1.2')
    expect(await rejectionOf(() => open(port, { minVersion: 'TLSv1.3' }))).toBe('NODE_TLS_FAILED')
  })

  test('SNI and the name to prove have no last dot [rfc6066 3]', async () => {
    const { port, sockets } = await serverFor()
    await (await open(port, { host: 'mx.example.' })).read()
    expect(sockets[0]!.servername).toBe('mx.example')
  })
})

describe('connect: a server that resets', () => {
  const cut = (at: (socket: Socket) => void) => async (): Promise<number> => {
    const server = createPlainServer((socket) => {
      socket.on('error', () => undefined)
      at(socket)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closers.push(() => server.close())
    return (server.address() as { port: number }).port
  }

  test.each([
    ['at once', (socket: Socket) => void socket.resetAndDestroy()],
    ['after the first octets', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy())],
    ['by a text in place of a handshake', (socket: Socket) => void socket.end('220 hello\r\n')],
    ['by its end', (socket: Socket) => void socket.end()],
  ])('TLS at once, %s: NODE_TLS_FAILED and nothing is thrown beside', async (_, at) => {
    const port = await cut(at)()
    // A reset may come before the connection is told of.
    expect(['NODE_TLS_FAILED', 'NODE_CONNECT_FAILED']).toContain(await rejectionOf(() => open(port)))
  })

  test('STARTTLS, after the first octets: NODE_TLS_FAILED', async () => {
    const port = await cut((socket) => void socket.once('data', () => socket.resetAndDestroy()))()
    const connection = await open(port, { implicitTls: false })
    expect(await rejectionOf(() => connection.startTls({}))).toBe('NODE_TLS_FAILED')
    expect(await rejectionOf(() => connection.read())).toBe('NODE_CLOSED')
  })

  test('before it is read from: the next read says so', async () => {
    const port = await cut((socket) => void setImmediate(() => socket.resetAndDestroy()))()
    const connection = await open(port, { implicitTls: false })
    expect(await rejectionOf(() => connection.read())).toBe('NODE_CLOSED')
  })
})
