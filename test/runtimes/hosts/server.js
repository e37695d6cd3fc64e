/** The server of a run: a Postfix, and dkimpy to verify what it stored. It runs where TypeScript is run as it is. */
import { Dkimpy } from '../../interop/lib/dkimpy.ts'
import { wireForm } from '../../interop/lib/message.ts'
import { ACCOUNT, HOSTNAME, startPostfix } from '../../interop/lib/postfix.ts'
import { RECORDS } from '../suite/keys.js'

// RFC 5322 section 2.2.3: a field goes on as long as lines begin with a blank.
const SIGNATURE = /^DKIM-Signature:.*\r\n(?:[ \t].*\r\n)*/im

/** A Postfix for all runtimes. */
export class Server {
  #postfix
  #dkimpy = new Dkimpy()
  #stored = new Map()

  static async start() {
    const server = new Server()
    server.#postfix = await startPostfix()
    return server
  }

  /** Where a runtime sends to; the message is known by its subject. */
  targetFor(subject) {
    const { port, certificate } = this.#postfix
    return {
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
      const { verified, asked } = await this.#dkimpy.verify(octets, RECORDS[selector])
      if (!verified || !asked?.startsWith(`${selector}.`)) throw new Error(`dkimpy refuses the signature of ${asked}`)
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

  async stop() {
    this.#dkimpy.stop()
    await this.#postfix.stop()
  }
}
