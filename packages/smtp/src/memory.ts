/** A pair of connections in memory, for tests and demonstrations: what one end writes, the other reads. */

import { MailError } from '@posthorn/core'
import type {
  CertificateCheck,
  Connection,
  ConnectionInfo,
  PresentedCertificates,
  StartTlsOptions,
  TlsInfo,
} from './connection.ts'
import type { SmtpErrorCode } from './error.ts'

/** How {@link memoryPair} carries octets. */
export interface MemoryPairOptions {
  /** Most octets that one read gives; default: all that wait. */
  readonly chunkSize?: number
  /** Who is said to have verified the certificate when TLS is raised; default `local`. */
  readonly verifiedBy?: TlsInfo['verifiedBy']
  /** What the server presents, for whoever decides on certificates himself; default: nothing can be shown. */
  readonly presents?: PresentedCertificates
}

const HIGH_WATER = 64 * 1024

/**
 * One direction: octets that wait, and who waits for them.
 */
class Pipe {
  readonly #chunkSize: number
  readonly #chunks: Uint8Array[] = []
  #waiting = 0
  #ended = false
  #failure: unknown
  #wake: (() => void)[] = []

  constructor(chunkSize: number) {
    this.#chunkSize = chunkSize
  }

  get waiting(): number {
    return this.#waiting
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure
    if (this.#ended) throw closed()
    if (chunk.length > 0) this.#chunks.push(chunk.slice())
    this.#waiting += chunk.length
    this.#notify()
    while (this.#waiting > HIGH_WATER && !this.#ended && !this.#failure) await this.#change()
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure
      const first = this.#chunks.shift()
      if (first) return this.#cut(first)
      if (this.#ended) return undefined
      await this.#change()
    }
  }

  end(): void {
    this.#ended = true
    this.#notify()
  }

  fail(error: unknown): void {
    this.#failure ??= error
    this.#notify()
  }

  #cut(first: Uint8Array): Uint8Array {
    const chunk = first.subarray(0, this.#chunkSize)
    if (chunk.length < first.length) this.#chunks.unshift(first.subarray(chunk.length))
    this.#waiting -= chunk.length
    this.#notify()
    return chunk
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve))
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}

class MemoryConnection implements Connection {
  readonly #incoming: Pipe
  readonly #outgoing: Pipe
  readonly #handshake: Handshake
  #info: ConnectionInfo = { via: 'memory' }
  #reading = false

  constructor(incoming: Pipe, outgoing: Pipe, handshake: Handshake) {
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.#handshake = handshake
  }

  get info(): ConnectionInfo {
    return this.#info
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#reading) throw fault('SMTP_BUSY', 'a read is outstanding')
    this.#reading = true
    try {
      return await this.#incoming.read()
    } finally {
      this.#reading = false
    }
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.#outgoing.write(chunk)
  }

  async startTls(options: StartTlsOptions): Promise<TlsInfo> {
    if (this.#reading) throw fault('SMTP_BUSY', 'a read is outstanding')
    if (this.#incoming.waiting > 0) throw fault('SMTP_TLS_INJECTION', 'plaintext is buffered')
    const met = await this.#handshake.meet()
    const checked = options.checkCertificate && (await this.#check(options.checkCertificate))
    const tls: TlsInfo = {
      ...met,
      ...(checked && { verifiedBy: checked === 'verified' ? 'local' : 'nobody' }),
      ...(options.serverName && { serverName: options.serverName }),
    }
    this.#info = { ...this.#info, tls }
    return tls
  }

  async #check(check: CertificateCheck): Promise<'verified' | 'unverified'> {
    const { presents } = this.#handshake
    try {
      if (!presents) throw fault('SMTP_TLS_UNAVAILABLE', 'memory has no certificates to show')
      return await check(presents)
    } catch (error) {
      this.abort(error)
      throw error
    }
  }

  async end(): Promise<void> {
    this.#outgoing.end()
    this.#handshake.fail(closed())
  }

  close(): Promise<void> {
    return this.end()
  }

  abort(reason?: unknown): void {
    const error = reason ?? closed()
    this.#incoming.fail(error)
    this.#outgoing.fail(closed())
    this.#handshake.fail(error)
  }
}

// The handshake is done when both ends have asked for it.
class Handshake {
  readonly presents: PresentedCertificates | undefined
  readonly #info: TlsInfo
  #first: { resolve: (info: TlsInfo) => void; reject: (error: unknown) => void } | undefined
  #failure: unknown

  constructor({ verifiedBy = 'local', presents }: MemoryPairOptions) {
    this.presents = presents
    const channelBindings = [{ type: 'tls-exporter' as const, data: new Uint8Array(32) }]
    this.#info = { protocol: 'memory', cipher: 'NULL', verifiedBy, channelBindings }
  }

  async meet(): Promise<TlsInfo> {
    if (this.#failure) throw this.#failure
    const first = this.#first
    if (first) {
      this.#first = undefined
      first.resolve(this.#info)
      return this.#info
    }
    return new Promise((resolve, reject) => {
      this.#first = { resolve, reject }
    })
  }

  fail(error: unknown): void {
    this.#failure ??= error
    this.#first?.reject(error)
  }
}

/**
 * Makes two connections that are each other's far end.
 *
 * @param options How octets are cut, and what TLS claims.
 * @returns Both ends.
 * @example
 * const [near, far] = memoryPair({ chunkSize: 3 })
 * await near.write(new TextEncoder().encode('EHLO'))
 * await far.read() // new Uint8Array([0x45, 0x48, 0x4c])
 */
export function memoryPair(options: MemoryPairOptions = {}): readonly [Connection, Connection] {
  const chunkSize = options.chunkSize ?? Number.POSITIVE_INFINITY
  const [there, back] = [new Pipe(chunkSize), new Pipe(chunkSize)]
  const handshake = new Handshake(options)
  return [new MemoryConnection(back, there, handshake), new MemoryConnection(there, back, handshake)]
}

function closed(): MailError<SmtpErrorCode> {
  return fault('SMTP_CLOSED', 'the connection is closed')
}

function fault(code: SmtpErrorCode, why: string): MailError<SmtpErrorCode> {
  return new MailError(code, `Cannot use connection: ${why}`)
}
