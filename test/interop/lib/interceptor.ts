/** Somebody in the middle who ends TLS on both sides: what is said passes, what it is bound to does not. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { createSecureContext, type SecureVersion, TLSSocket, connect as tlsConnect } from 'node:tls'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'

/** A server that has somebody before it; a client that trusts the certificate notices nothing. */
export interface Interceptor {
  readonly port: number
  readonly hostname: string
  readonly certificate: ThrowAwayCertificate
  stop(): Promise<void>
}

interface Intercepted {
  readonly port: number
  readonly hostname: string
  readonly ca: string
  /** The version of TLS on both sides. */
  readonly version: SecureVersion
  /** What the client hears of what the server says under TLS; default all. */
  readonly alter?: (text: string) => string
}

async function passOne(from: Socket, to: Socket, end: RegExp): Promise<string> {
  for (let said = ''; ; ) {
    const octets: Buffer | null = from.read()
    if (octets) {
      to.write(octets)
      said += octets.toString('latin1')
      if (end.test(said)) return said
    } else if (from.destroyed) throw new Error('closed')
    else await once(from, 'readable')
  }
}

const REPLY = /^\d{3} .*\r\n$/m
const COMMAND = /\r\n$/

// Before TLS nobody groups, so that each side says one thing after the other.
async function passUntilTls(client: Socket, server: Socket): Promise<void> {
  do await passOne(server, client, REPLY)
  while ((await passOne(client, server, COMMAND)) !== 'STARTTLS\r\n')
  await passOne(server, client, REPLY)
}

/** Stands before a server, and goes by its name. */
export async function intercept({
  port,
  hostname,
  ca,
  version,
  alter = (text) => text,
}: Intercepted): Promise<Interceptor> {
  const certificate = await makeCertificate(hostname, Date.now())
  const { key, cert } = certificate
  const secureContext = createSecureContext({ key, cert, minVersion: version, maxVersion: version })
  const sockets: Socket[] = []
  const join = async (plain: Socket): Promise<void> => {
    const server = connect({ host: '127.0.0.1', port })
    sockets.push(plain, server)
    for (const socket of [plain, server]) socket.on('error', () => undefined)
    await passUntilTls(plain, server)
    const near = new TLSSocket(plain, { isServer: true, secureContext })
    const far = tlsConnect({ socket: server, servername: hostname, ca, minVersion: version, maxVersion: version })
    const altered = async function* (said: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const octets of said) yield Buffer.from(alter(octets.toString('latin1')), 'latin1')
    }
    await Promise.all([pipeline(near, far), pipeline(far, altered, near)])
  }
  const listener = createServer((plain) => void join(plain).catch(() => plain.destroy()))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    hostname,
    certificate,
    async stop() {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
