import { encodeUtf8 } from '@posthorn/core'
import type { Connection, StartTlsOptions, TlsInfo } from '@posthorn/smtp'

/** What goes wrong. */
export const FAULTS = ['drop', 'stall', '421', 'garbage', 'half-close', 'tls'] as const

/** Octets that the client says or hears, or decisions of the server. */
export type Counted = Readonly<Record<'out' | 'in' | 'decisions', number>>

/** A fault, and where it strikes. */
export interface Fault {
  readonly kind: (typeof FAULTS)[number]
  readonly direction: keyof Counted
  /** After how many of them. */
  readonly after: number
}

/**
 * All places where a fault can strike, each `step`th. A server that says 421 has not taken what it leaves unanswered, so
 * that strikes where the server decides or what it hears ends.
 */
export function placesOf(kind: Fault['kind'], counted: Counted, step: number): Fault[] {
  if (kind === 'tls') return [{ kind, direction: 'in', after: 0 }]
  const directions = kind === '421' ? (['out', 'decisions'] as const) : (['in', 'out'] as const)
  return directions.flatMap((direction) => {
    const every = direction === 'decisions' ? 1 : step
    return Array.from({ length: Math.ceil(counted[direction] / every) }, (_, index) => ({
      kind,
      direction,
      after: index * every,
    }))
  })
}

/** A connection on which one thing goes wrong, once; it counts the octets of both directions. */
export class FaultyConnection implements Connection {
  readonly counted = { in: 0, out: 0 }
  readonly #inner: Connection
  readonly #fault: Fault | undefined
  #struck = false
  #end: (() => void) | undefined
  // What the other end is taken to have said, after which it has closed.
  #last: Uint8Array | undefined
  #closed = false
  #pending: Uint8Array | undefined

  constructor(inner: Connection, fault?: Fault) {
    this.#inner = inner
    this.#fault = fault
  }

  /** Whether it went wrong. */
  get struck(): boolean {
    return this.#struck
  }

  get info() {
    return this.#inner.info
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#pending) return this.#take()
    if (this.#struck) return this.#afterwards()
    const bytes = await this.#inner.read()
    if (!bytes) return undefined
    // What strikes while a read is outstanding cuts what comes of it.
    if (this.#struck) return this.#afterwards()
    this.#pending = bytes
    return this.#take()
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#struck && this.#fault?.kind === 'stall') return this.#never()
    if (this.#struck && this.#fault?.kind !== 'half-close') throw new Error('broken')
    const left = this.#left('out')
    if (chunk.length <= left) {
      this.counted.out += chunk.length
      return this.#inner.write(chunk)
    }
    await this.#inner.write(chunk.subarray(0, left))
    this.counted.out += left
    this.#strike()
    if (this.#fault?.kind === 'half-close') return this.#inner.write(chunk.subarray(left))
    if (this.#fault?.kind === 'stall') return this.#never()
    throw new Error('broken')
  }

  async startTls(options: StartTlsOptions): Promise<TlsInfo> {
    if (this.#fault?.kind !== 'tls') return this.#inner.startTls(options)
    this.#struck = true
    this.#inner.abort()
    throw new Error('the handshake failed')
  }

  async end(): Promise<void> {
    await this.#inner.end?.()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#end?.()
    await this.#inner.close()
  }

  abort(reason?: unknown): void {
    this.#closed = true
    this.#end?.()
    this.#inner.abort(reason)
  }

  #left(direction: 'in' | 'out'): number {
    if (this.#struck || this.#fault?.direction !== direction || this.#fault.kind === 'tls')
      return Number.POSITIVE_INFINITY
    return this.#fault.after - this.counted[direction]
  }

  #take(): Uint8Array | Promise<Uint8Array | undefined> | undefined {
    const bytes = this.#pending!
    const left = this.#left('in')
    this.#pending = undefined
    this.counted.in += Math.min(bytes.length, left)
    if (bytes.length <= left) return bytes
    this.#strike()
    return left > 0 ? bytes.subarray(0, left) : this.#afterwards()
  }

  #strike(): void {
    this.#struck = true
    const { kind } = this.#fault!
    if (kind === '421') this.#last = encodeUtf8('421 4.3.2 mx.example goes away\r\n')
    if (kind === 'garbage') this.#last = Uint8Array.of(0xff, 0, 0x32, 13, 13, 10, 0xc3, 13, 10)
    // The server of a half-closed connection still hears the client.
    if (kind === 'drop' || kind === '421' || kind === 'garbage') this.#inner.abort(new Error('broken'))
  }

  async #afterwards(): Promise<Uint8Array | undefined> {
    const { kind } = this.#fault!
    if (kind === 'drop' || this.#closed) throw new Error('broken')
    if (kind === 'stall') return this.#never()
    const last = this.#last
    this.#last = undefined
    return last
  }

  #never(): Promise<never> {
    return new Promise((_, reject) => {
      this.#end = () => reject(new Error('broken'))
    })
  }
}
