/** A client of a test, who says lines and hears replies over a socket. */

import type { Socket } from 'node:net'

/** One conversation. */
export class Talk {
  readonly socket: Socket
  #heard = ''
  #ended = false
  #wake: () => void = () => undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.on('data', (text: string) => {
      this.#heard += text
      this.#wake()
    })
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#ended = true
        this.#wake()
      })
    }
  }

  /** The next line of the server; `undefined` when it has closed. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#heard.indexOf('\r\n')
      if (end >= 0) {
        const line = this.#heard.slice(0, end)
        this.#heard = this.#heard.slice(end + 2)
        return line
      }
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** The last line of the next reply. */
  async reply(): Promise<string | undefined> {
    for (;;) {
      const line = await this.line()
      if (line?.[3] !== '-') return line
    }
  }

  /** Says a line and gives the last line of the reply. */
  async say(text: string): Promise<string | undefined> {
    this.socket.write(`${text}\r\n`)
    return this.reply()
  }

  /** Waits until the server has closed. */
  async end(): Promise<void> {
    while ((await this.line()) !== undefined);
  }
}
