/** What comes in over a connection, of which at most one read is outstanding: RFC 5321 section 4.2 lets a server speak early. */

import type { Connection } from './connection.ts'

type Arrival = { readonly bytes: Uint8Array | undefined } | { readonly error: unknown }

/** What an operation led to; nothing when something came in first. */
export type Result<T> = { readonly value: T } | undefined

/**
 * The reading side of a connection.
 *
 * @internal
 */
export class Inbox {
  readonly #connection: Connection
  #reading = false
  #arrival: Arrival | undefined
  #onArrival: (() => void) | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Reads what comes next, be it the read that `listen` has begun; `undefined`: the other end has closed. */
  read(): Promise<Uint8Array | undefined> {
    return this.#reading || this.#arrival ? this.#arrived() : this.#connection.read()
  }

  async #arrived(): Promise<Uint8Array | undefined> {
    if (!this.#arrival) await new Promise<void>((resolve) => this.#notify(resolve))
    return this.take()
  }

  /** Begins to read, unless a read is outstanding or what it brought has not been taken. */
  listen(): void {
    if (this.#reading || this.#arrival) return
    this.#reading = true
    this.#connection.read().then(
      (bytes) => this.#arrive({ bytes }),
      (error: unknown) => this.#arrive({ error }),
    )
  }

  /** Waits for an operation, or for what `listen` brings if that is first. */
  unlessHeard<T>(operation: Promise<T>): Promise<Result<T>> {
    if (this.#arrival) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      // One function at a time is called, so a long wait leaves nothing behind on the read.
      this.#notify(() => resolve(undefined))
      operation.then((value) => resolve({ value }), reject)
    })
  }

  /** Calls back when something comes in before `unwatch`; once, and at once where something has. */
  watch(callback: () => void): void {
    this.listen()
    if (this.#arrival) callback()
    else this.#notify(callback)
  }

  /** Takes back what `watch` asked for; what was begun to be read stays outstanding. */
  unwatch(): void {
    this.#onArrival = undefined
  }

  /** Gives what has come in and was not taken; throws what reading threw. */
  take(): Uint8Array | undefined {
    const arrival = this.#arrival
    this.#arrival = undefined
    if (arrival && 'error' in arrival) throw arrival.error
    return arrival?.bytes
  }

  #notify(callback: () => void): void {
    this.#onArrival = callback
  }

  #arrive(arrival: Arrival): void {
    this.#reading = false
    this.#arrival = arrival
    const callback = this.#onArrival
    this.#onArrival = undefined
    callback?.()
  }
}
