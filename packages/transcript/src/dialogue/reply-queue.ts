/** What is still to be answered, in order: RFC 2920 section 3.1. */

/** One thing that awaits a reply. */
export interface Asked {
  readonly event: number
  /** The verb; `message` for the text behind DATA. */
  readonly verb: string
  /** Whether LMTP answers it once for each recipient. */
  perRecipient?: boolean
}

// What each code can answer only: a log that lacks a reply gets into step again by these
const ONLY: Readonly<Record<number, string>> = { 221: 'QUIT', 235: 'AUTH', 334: 'AUTH', 354: 'DATA', 535: 'AUTH' }

// PRDR: a reply for each recipient follows, and then one for the message
const EACH_FOLLOWS = 353

/** A first-in first-out queue that gets into step again. */
export class ReplyQueue {
  readonly #asked: Asked[] = []
  readonly #counts = new Map<string, number>()
  #first = 0
  #message: Asked | undefined
  #left = 0
  // LMTP answers a message once for each recipient that was accepted, RFC 2033 section 4.2; PRDR does after 353
  #recipients = 0

  get isEmpty(): boolean {
    return !this.#message && this.#first >= this.#asked.length
  }

  /** Adds a command. */
  push(event: number, verb: string): void {
    this.#asked.push({ event, verb })
    this.#counts.set(verb, (this.#counts.get(verb) ?? 0) + 1)
  }

  /** Adds the text of a message, which is answered before all commands that follow. */
  pushMessage(event: number, perRecipient: boolean): void {
    this.#message = { event, verb: 'message' }
    this.#left = perRecipient ? Math.max(1, this.#recipients) : 1
  }

  /** Marks what was added last as answered once for each recipient. */
  answerPerRecipient(): void {
    const last = this.#asked.at(-1)
    if (last) last.perRecipient = true
  }

  /** Gives what a reply answers. */
  answer(code: number): Asked | undefined {
    const only = ONLY[code]
    if (only && (this.#counts.get(only) ?? 0) > 0) return this.#skipTo(only)
    const message = this.#message
    if (!message) return this.#next(code)
    if (code === EACH_FOLLOWS) this.#left += this.#recipients + 1
    if (--this.#left <= 0) this.#message = undefined
    return message
  }

  #next(code: number): Asked | undefined {
    const asked = this.#shift()
    if (!asked) return undefined
    this.#left = code === EACH_FOLLOWS ? this.#recipients + 1 : asked.perRecipient ? this.#recipients - 1 : 0
    if (this.#left > 0) this.#message = asked
    if (asked.verb === 'RCPT' && code < 300) this.#recipients++
    if (asked.verb === 'MAIL' || asked.verb === 'RSET') this.#recipients = 0
    return asked
  }

  #shift(): Asked | undefined {
    const asked = this.#asked[this.#first]
    if (!asked) return undefined
    this.#first++
    this.#counts.set(asked.verb, (this.#counts.get(asked.verb) ?? 1) - 1)
    return asked
  }

  #skipTo(verb: string): Asked | undefined {
    this.#message = undefined
    let asked = this.#shift()
    while (asked && asked.verb !== verb) asked = this.#shift()
    return asked
  }
}
