/** A connection of our server that tells what the client said on it, after TLS as before. */
import type { Connection } from '@posthorn/smtp'
import type { Conversation } from './conversation.ts'

/** A connection, and what has been said on it. */
export interface Tapped {
  readonly connection: Connection
  readonly conversation: Conversation
}

const CRLF = '\r\n'
const END = '\r\n.\r\n'

/** Reads commands out of what a client sends, and passes over responses to challenges and the content of messages. */
class CommandReader implements Conversation {
  readonly commands: string[] = []
  grouped = false
  // After CRLF, so that a message of nothing but its end is seen to end.
  #buffer = ''
  #skip = 0
  #expects: 'command' | 'content' | 'response' = 'command'
  #greeted = false
  #unanswered = false

  hear(text: string): void {
    // Before the greeting nobody but a proxy speaks.
    if (!this.#greeted) {
      this.commands.push('PROXY')
      return
    }
    this.#buffer += text
    while (this.#step()) {}
  }

  /** What the server writes tells what the client sends next. */
  answer(text: string): void {
    this.#greeted = true
    this.#unanswered = false
    const last = text.split(CRLF).at(-2) ?? ''
    if (last.startsWith('354')) {
      this.#expects = 'content'
      this.#buffer = CRLF + this.#buffer
    } else if (last.startsWith('334')) this.#expects = 'response'
  }

  #step(): boolean {
    if (this.#skip > 0) return this.#skipChunk()
    const [mark, offset] = this.#expects === 'content' ? [END, END.length] : [CRLF, CRLF.length]
    const end = this.#buffer.indexOf(mark)
    if (end === -1) return false
    const line = this.#buffer.slice(0, end)
    this.#buffer = this.#buffer.slice(end + offset)
    if (this.#expects === 'command') this.#onCommand(line)
    else this.#unanswered = true
    this.#expects = 'command'
    return true
  }

  #skipChunk(): boolean {
    const skipped = Math.min(this.#skip, this.#buffer.length)
    this.#skip -= skipped
    this.#buffer = this.#buffer.slice(skipped)
    return skipped > 0
  }

  #onCommand(line: string): void {
    this.grouped ||= this.#unanswered
    this.#unanswered = true
    this.commands.push(line.replace(/^(AUTH \S+) .*/i, '$1 ***'))
    this.#skip = Number(/^BDAT (\d+)/i.exec(line)?.[1] ?? 0)
  }
}

/** Taps a connection. */
export function tap(connection: Connection): Tapped {
  const reader = new CommandReader()
  const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1')
  return {
    conversation: reader,
    connection: {
      get info() {
        return connection.info
      },
      async read() {
        const octets = await connection.read()
        if (octets) reader.hear(latin1(octets))
        return octets
      },
      write(octets) {
        reader.answer(latin1(octets))
        return connection.write(octets)
      },
      startTls: (options) => connection.startTls(options),
      close: () => connection.close(),
      abort: (reason) => connection.abort(reason),
    },
  }
}
