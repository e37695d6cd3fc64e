/** Proxies on loopback: HTTP CONNECT and SOCKS 4A and 5, which send the server's first octets with their own answer. */

import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** One at work. */
export interface TestProxy {
  readonly port: number
  /** What was asked for, as `host:port`, with the credentials before it. */
  readonly asked: string[]
  close(): void
}

/** Where a proxy connects to in truth, whatever it is asked for; nothing: it refuses. */
type Route = (host: string) => number | undefined

const sockets = new WeakMap<object, Set<Socket>>()

async function started(server: Server, asked: string[]): Promise<TestProxy> {
  const open = new Set<Socket>()
  sockets.set(server, open)
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = (): void => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  return { port, asked, close }
}

// Waits for the greeting of the server, so that it goes out with the head.
function join(client: Socket, port: number, head: Uint8Array | string): void {
  const server = connect({ port, host: '127.0.0.1' })
  server.on('error', () => client.destroy())
  client.on('error', () => server.destroy())
  client.on('close', () => server.destroy())
  server.once('data', (greeting: Buffer) => {
    client.write(Buffer.concat([Buffer.from(head as string), greeting]))
    client.pipe(server).pipe(client)
  })
}

/** One that speaks HTTP, over TLS where it is given a certificate. */
export function httpProxy(route: Route, tls?: { key: string; cert: string }): Promise<TestProxy> {
  const asked: string[] = []
  const http = createHttpServer()
  http.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    const basic = headers['proxy-authorization']?.slice('Basic '.length)
    asked.push(`${basic ? `${Buffer.from(basic, 'base64')}@` : ''}${url}`)
    const port = route(url.replace(/:\d+$/, ''))
    socket.on('error', () => undefined)
    if (port === undefined) socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
    else join(socket, port, 'HTTP/1.1 200 Connection established\r\nX-By: test\r\n\r\n')
  })
  if (!tls) return started(http, asked)
  return started(
    createTlsServer(tls, (socket) => void http.emit('connection', socket)),
    asked,
  )
}

const portAt = (octets: Buffer, at: number): number => octets.readUInt16BE(at)

// The address of a request of SOCKS 5, from the octet of its type.
function addressOf(octets: Buffer): { host: string; port: number } {
  if (octets[3] === 1) return { host: [...octets.subarray(4, 8)].join('.'), port: portAt(octets, 8) }
  if (octets[3] === 3) {
    const end = 5 + octets[4]!
    return { host: octets.subarray(5, end).toString(), port: portAt(octets, end) }
  }
  const groups = Array.from({ length: 8 }, (_, at) => portAt(octets, 4 + 2 * at).toString(16))
  return { host: groups.join(':'), port: portAt(octets, 20) }
}

/** One that speaks SOCKS 4A and 5; with a password where it is given one. */
export function socksProxy(route: Route, password?: string): Promise<TestProxy> {
  const asked: string[] = []
  const server = createServer(async (socket) => {
    const next = (): Promise<Buffer> => new Promise((resolve) => socket.once('data', resolve))
    const first = await next()
    if (first[0] === 4) return answer4(socket, first)
    let who = ''
    if (password === undefined) socket.write(Uint8Array.of(5, 0))
    else {
      socket.write(Uint8Array.of(5, 2))
      const given = await next()
      const [name, secret] = [given.subarray(2, 2 + given[1]!), given.subarray(3 + given[1]!)]
      who = `${name}:${secret}@`
      socket.write(Uint8Array.of(1, String(secret) === password ? 0 : 1))
      if (String(secret) !== password) return
    }
    const { host, port } = addressOf(await next())
    asked.push(`${who}${host}:${port}`)
    const target = route(host)
    if (target === undefined) socket.end(Uint8Array.of(5, 4, 0, 1, 0, 0, 0, 0, 0, 0))
    else join(socket, target, Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0))
  })
  function answer4(socket: Socket, octets: Buffer): void {
    const [user = '', name] = octets.subarray(8).toString('latin1').split('\0')
    // SOCKS 4A: an address of 0.0.0.x stands for a name.
    const host = octets.readUIntBE(4, 3) === 0 ? (name ?? '') : octets.subarray(4, 8).join('.')
    asked.push(`${user === '' ? '' : `${user}@`}${host}:${portAt(octets, 2)}`)
    const target = route(host)
    if (target === undefined) socket.end(Uint8Array.of(0, 91, 0, 0, 0, 0, 0, 0))
    else join(socket, target, Uint8Array.of(0, 90, 0, 0, 0, 0, 0, 0))
  }
  return started(server, asked)
}
