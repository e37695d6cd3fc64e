/** An NSD of the test's own with one zone, and a server of HTTP before it that hands on messages of the DNS. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Daemon, freePort } from './process.ts'

/** An NSD at work. */
export interface Nsd {
  /** Where questions go by HTTP, as RFC 8484 has them. */
  readonly url: string
  /** Where they go as ever, on loopback. */
  readonly port: number
  stop(): Promise<void>
}

const TYPE = 'application/dns-message'

function configuration(folder: string, port: number, zones: readonly string[]): string {
  return `server:
  ip-address: 127.0.0.1
  port: ${port}
  username: ""
  zonesdir: "${folder}"
  pidfile: ""
  database: ""
  zonelistfile: "${folder}/zone.list"
  xfrdfile: "${folder}/xfrd.state"
  server-count: 1
remote-control:
  control-enable: no
${zones.map((name, at) => `zone:\n  name: ${name}\n  zonefile: zone${at}\n`).join('')}`
}

// RFC 7766: a message over TCP, its length before it.
function ask(port: number, question: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    let received = Buffer.alloc(0)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      socket.destroy()
      resolve(received.subarray(2))
    })
    const length = Buffer.alloc(2)
    length.writeUInt16BE(question.length)
    socket.write(Buffer.concat([length, question]))
  })
}

async function questionOf(request: IncomingMessage): Promise<Uint8Array> {
  const given = new URL(request.url!, 'http://127.0.0.1').searchParams.get('dns')
  if (given !== null) return Buffer.from(given, 'base64url')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function forward(port: number): Promise<Server> {
  const server = createServer(async (request, response) => {
    const answer = await ask(port, await questionOf(request))
    response.writeHead(200, { 'content-type': TYPE }).end(answer)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

/** Starts an NSD that has a zone of this text, and zones without one, for which it answers SERVFAIL. */
export async function startNsd(zone: string, origin: string, failing: readonly string[] = []): Promise<Nsd> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-nsd-'))
  const port = await freePort()
  writeFileSync(join(folder, 'zone0'), `$ORIGIN ${origin === '.' ? '' : origin}.\n${zone}`)
  writeFileSync(join(folder, 'nsd.conf'), configuration(folder, port, [origin, ...failing]))
  const daemon = new Daemon('/usr/sbin/nsd', ['-d', '-c', join(folder, 'nsd.conf')])
  await daemon.ready(port)
  const server = await forward(port)
  const address = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${address.port}/dns-query`,
    port,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
