/** The server of a run: a Postfix, bridges to it, and dkimpy to verify what it stored. It runs where TypeScript is run as it is. */
import { createServer } from 'node:http'
import { createBridge } from '@posthorn/bridge/node'
import { importTicketKey } from '@posthorn/bridge/server'
import { startDkimpy } from '../../interop/lib/dkim-peers.ts'
import { wireForm } from '../../interop/lib/message.ts'
import { ACCOUNT, HOSTNAME, startPostfix } from '../../interop/lib/postfix.ts'
import { DOMAIN, RECORDS } from '../suite/keys.js'

// RFC 5322 section 2.2.3: a field goes on as long as lines begin with a blank.
const SIGNATURE = /^DKIM-Signature:.*\r\n(?:[ \t].*\r\n)*/im

/** A Postfix for all runtimes. */
export class Server {
  #postfix
  #dkimpy = startDkimpy()
  #stored = new Map()
  #bridges = []

  static async start() {
    const server = new Server()
    server.#postfix = await startPostfix()
    return server
  }

  /** Where a runtime sends to, by itself or by a bridge that takes pages of an origin; messages are known by their subject. */
  async targetFor(subject, origin) {
    const { port, certificate, localPort, implicitCertificate } = this.#postfix
    const secret = [...crypto.getRandomValues(new Uint8Array(32))]
    return {
      bridge: { url: await this.#openBridge(secret, origin), secret },
      local: { host: 'localhost', port: localPort, serverName: 'localhost', ca: implicitCertificate.ca },
      host: '127.0.0.1',
      port,
      ca: certificate.ca,
      serverName: HOSTNAME,
      ...ACCOUNT,
      recipient: `bob@${HOSTNAME}`,
      subject,
    }
  }

  /** Throws unless the message with this subject was stored as it should have come, and both its signatures verify. */
  async verify(subject) {
    let message = await this.#take(subject)
    if (!message.includes('with ESMTPSA')) throw new Error('it came without TLS or AUTH')
    for (const selector of Object.keys(RECORDS)) {
      const octets = new TextEncoder().encode(message)
      const isTaken = await this.#dkimpy.takes(octets, `${selector}._domainkey.${DOMAIN}`, RECORDS[selector])
      if (!isTaken) throw new Error(`dkimpy refuses the signature of ${selector}`)
      message = message.replace(SIGNATURE, '')
    }
  }

  async #take(subject) {
    while (!this.#stored.has(subject)) {
      const message = wireForm(await this.#postfix.take('bob'))
      this.#stored.set(/^Subject: (.*)\r$/m.exec(message)?.[1], message)
    }
    return this.#stored.get(subject)
  }

  async #openBridge(secret, origin) {
    const { port, certificate } = this.#postfix
    const bridge = createBridge({
      keys: await importTicketKey(Uint8Array.from(secret)),
      policy: {
        origins: origin === undefined ? [] : [origin],
        allowMissingOrigin: origin === undefined,
        destinations: [`${HOSTNAME}:${port}`, `other.example:${port}`],
        unsafeAllowPrivateAddresses: ['127.0.0.1'],
      },
      lookUp: async () => ['127.0.0.1'],
      ca: certificate.ca,
    })
    const server = createServer()
    bridge.attach(server)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.#bridges.push({ bridge, server })
    return `ws://127.0.0.1:${server.address().port}`
  }

  async stop() {
    for (const { bridge, server } of this.#bridges) {
      await bridge.close(0)
      server.close()
    }
    this.#dkimpy.stop()
    await this.#postfix.stop()
  }
}
