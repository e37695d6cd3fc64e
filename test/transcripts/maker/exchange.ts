/**
 * What was said, as commands and their replies: read from what one end recorded, where it is known who says each line and in which
 * order, so that nothing has to be inferred. It shares no code with the importer.
 */

import type { Turn } from './recorder.ts'

/** A command, a response of AUTH, or a message, with the code that answered it; the greeting has no command. */
export interface Exchange {
  readonly command: string
  code?: number
  /** The turns of the command, and of the reply. */
  readonly asked: number[]
  readonly answered: number[]
  /** The turns of message text, which many tools leave out. */
  readonly text: number[]
}

/** How a message is called among the commands. */
export const MESSAGE_WORD = 'message'
/** How a line of AUTH is called. */
export const RESPONSE_WORD = 'response'

class Reader {
  readonly exchanges: Exchange[] = []
  readonly #pending: Exchange[] = []
  #mode: 'command' | 'response' | 'text' | 'chunk' = 'command'
  #left = 0
  #message: Exchange | undefined
  #replyTurns: number[] = []

  take(turn: Turn, at: number): void {
    if (turn.by === 'client') this.#takeClient(turn.text, at, turn.octets)
    else if (turn.by === 'server') this.#takeServer(turn.text, at)
  }

  #ask(command: string, at: number): Exchange {
    const exchange = { command, asked: [at], answered: [], text: [] }
    this.exchanges.push(exchange)
    this.#pending.push(exchange)
    return exchange
  }

  #takeClient(text: string, at: number, octets: number): void {
    if (this.#mode === 'text') {
      this.#message ??= this.#ask(MESSAGE_WORD, at)
      this.#message.asked.push(at)
      this.#message.text.push(at)
      if (text !== '.') return
      this.#mode = 'command'
      this.#message = undefined
    } else if (this.#mode === 'chunk') {
      this.#left -= octets
      this.exchanges.at(-1)?.text.push(at)
      if (this.#left <= 0) this.#mode = 'command'
    } else if (this.#mode === 'response') {
      this.#ask(RESPONSE_WORD, at)
      this.#mode = 'command'
    } else {
      this.#ask(text.replace(/^(AUTH \S+) .*/i, '$1'), at)
      this.#left = Number(/^BDAT (\d+)/i.exec(text)?.[1] ?? 0)
      if (this.#left > 0) this.#mode = 'chunk'
    }
  }

  #takeServer(text: string, at: number): void {
    this.#replyTurns.push(at)
    if (text[3] === '-') return
    const code = Number(text.slice(0, 3))
    const answered = this.#replyTurns
    this.#replyTurns = []
    const asked = this.#pending.shift()
    if (!asked) {
      this.exchanges.push({ command: '', code, asked: [], answered, text: [] })
      return
    }
    asked.code = code
    asked.answered.push(...answered)
    if (code === 354) this.#mode = 'text'
    if (code === 334) this.#mode = 'response'
  }
}

/** Reads what was said. */
export function readExchanges(turns: readonly Turn[]): Exchange[] {
  const reader = new Reader()
  for (const [at, turn] of turns.entries()) reader.take(turn, at)
  return reader.exchanges
}
