/** Somebody in the middle who ends TLS on both sides: what is said passes, what it is bound to does not. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type SecureVersion, TLSSocket, connect as tlsConnect } from 'node:tls'
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
export async function intercept({ port, hostname, ca }: Intercepted): Promise<Interceptor> {
  const certificate = await makeCertificate(hostname, Date.now())
  const sockets: Socket[] = []
  const join = async (plain: Socket): Promise<void> => {
    const server = connect({ host: '127.0.0.1', port })
    sockets.push(plain, server)
    for (const socket of [plain, server]) socket.on('error', () => undefined)
    await passUntilTls(plain, server)
    const near = new TLSSocket(plain, { isServer: true, key: certificate.key, cert: certificate.cert })
    near.on('error', () => undefined)
    await once(near, 'secure')
    const version = near.getProtocol() as SecureVersion
    const far = tlsConnect({ socket: server, servername: hostname, ca, maxVersion: version })
    far.on('error', () => undefined)
    near.pipe(far).pipe(near)
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
