/** The adapter of the examples for an own TLS, by an engine that is Node's: the bridge sees ciphertext alone. */
import { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import { encodeUtf8 } from '@posthorn/core'
import { SmtpClient } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { type MakeEngine, raiseTlsWith, type TlsEngine } from '../examples/passthrough.ts'
import { type GatedServer, gatedServer } from './gated-server.ts'
import { HOST, type NodeLab, nodeLab } from './node-lab.ts'

const certificate = await makeCertificate(HOST, Date.now())
const other = await makeCertificate('other.example', Date.now())
const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

/** Node's TLS as an engine that does no I/O: what it would write to a socket is kept. */
function nodeEngine(ca: string): MakeEngine {
  return ({ serverName }) => {
    const [ciphertext, plaintext]: Buffer[][] = [[], []]
    let [ended, failure]: [boolean, Error | undefined] = [false, undefined]
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk, _, done) => {
        ciphertext!.push(chunk)
        done()
      },
    })
    const socket = tlsConnect({ socket: wire, servername: serverName, ca })
    socket
      .on('data', (chunk) => plaintext!.push(chunk))
      .on('end', () => {
        ended = true
      })
    socket.on('error', (error) => {
      failure = error
    })
    const settle = async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      if (failure) throw failure
    }
    const engine: TlsEngine = {
      get state() {
        return ended ? 'closed' : socket.authorized ? 'open' : 'handshake'
      },
      get agreed() {
        return { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().standardName }
      },
      async push(octets) {
        wire.push(octets)
        await settle()
      },
      async send(octets) {
        socket.write(octets)
        await settle()
      },
      async close() {
        socket.end()
        await settle()
      },
      takeCiphertext: () => new Uint8Array(Buffer.concat(ciphertext!.splice(0))),
      takePlaintext: () => new Uint8Array(Buffer.concat(plaintext!.splice(0))),
    }
    return engine
  }
}

async function start(): Promise<{ readonly server: GatedServer; readonly lab: NodeLab }> {
  const server = await gatedServer('never', certificate)
  cleanUp.push(() => server.close())
  // The bridge itself trusts nobody: it has nothing to verify.
  const lab = await nodeLab(server.port)
  cleanUp.push(() => lab.close())
  return { server, lab }
}

describe('raiseTlsWith', () => {
  test('a mail with STARTTLS and AUTH, and no trust in the bridge', async () => {
    const { server, lab } = await start()
    const connection = await lab.connect({ raiseTls: raiseTlsWith(nodeEngine(certificate.ca)) })
    const client = new SmtpClient(connection, {
      serverName: HOST,
      credentials: { username: 'ada', password: 'secret' },
    })
    await client.open()
    expect(connection.info.tls).toMatchObject({ protocol: 'TLSv1.3', verifiedBy: 'local', serverName: HOST })
    const message = encodeUtf8(`Subject: hi\r\n\r\n${'ciphertext to the bridge\r\n'.repeat(10_000)}`)
    const envelope = { reversePath: 'ada@client.example', forwardPaths: ['zoe@mx.example'] }
    expect((await client.send(envelope, message)).type).toBe('accepted')
    await client.quit()
    expect(server.taken).toEqual([{ type: 'whole', octets: message }])
  })

  test('a certificate that the implementation refuses ends it', async () => {
    const { server, lab } = await start()
    const connection = await lab.connect({ raiseTls: raiseTlsWith(nodeEngine(other.ca)) })
    const client = new SmtpClient(connection, {
      serverName: HOST,
      credentials: { username: 'ada', password: 'secret' },
    })
    await expect(client.open()).rejects.toThrow()
    await client.quit()
    expect(server.transactions()).toBe(0)
  })

  test('an end that TLS does not vouch for is no end', async () => {
    const { server, lab } = await start()
    const connection = await lab.connect({ raiseTls: raiseTlsWith(nodeEngine(certificate.ca)) })
    const client = new SmtpClient(connection, { serverName: HOST })
    await client.open()
    server.tap.end()
    await expect(connection.read()).rejects.toThrow('cut off')
    await client.quit()
  })
})
