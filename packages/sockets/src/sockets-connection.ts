/** A Posthorn `Connection` over a socket of the sockets API, at the end that opened it. */

import { MailError, plainBytes } from '@posthorn/core'
import type { Connection, ConnectionInfo, StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import { endpointsOf } from './endpoint.ts'
import type { SocketsErrorCode } from './error.ts'
import { startTimer } from './platform.ts'
import { checkServerName } from './server-name.ts'
import type { SocketsInfo, SocketsReader, SocketsSocket, SocketsWriter } from './sockets-api.ts'

/** What is known of a socket when it has been opened. */
interface Opened {
  readonly host: string
  readonly secured: boolean
  readonly opened: SocketsInfo
}

const CLOSE_DEADLINE = 2000

/**
 * A connection over a socket.
 *
 * @internal
 */
export class SocketsConnection implements Connection {
  readonly #host: string
  #socket: SocketsSocket
  #reader: SocketsReader
  #writer: SocketsWriter
  #info: ConnectionInfo
  // Why nobody else may read, while that is so.
  #busy: 'a read is outstanding' | 'TLS is being raised' | undefined
  // Settle when what was begun last is done.
  #written: Promise<unknown> = Promise.resolve()
  #taken: Promise<unknown> = Promise.resolve()
  #ended = false
  // Why a write failed: what is unread then is lost in workerd, which gives the end of the stream in its place.
  #lost: MailError<SocketsErrorCode> | undefined
  #failure: MailError<SocketsErrorCode> | undefined
  #halfClosed: Promise<unknown> | undefined
  #closing: Promise<void> | undefined
  // What is outstanding: a socket does not promise to reject it when it is closed.
  readonly #outstanding = new Set<(error: Error) => void>()

  constructor(socket: SocketsSocket, { host, secured, opened }: Opened) {
    this.#host = host
    this.#socket = socket
    this.#reader = socket.readable.getReader()
    this.#writer = socket.writable.getWriter()
    this.#info = { via: 'tcp', ...endpointsOf(opened), ...(secured && { tls: evidenceFor(host) }) }
  }

  get info(): ConnectionInfo {
    return this.#info
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#busy) throw fault('SOCKETS_BUSY', this.#busy)
    if (this.#failure) throw this.#failure
    if (this.#ended) return undefined
    this.#busy = 'a read is outstanding'
    const taking = this.#next()
    this.#taken = taking.catch(() => undefined)
    try {
      return await this.#unlessGone(taking)
    } catch (cause) {
      const failure = this.#failure ?? this.#lost ?? fault('SOCKETS_CLOSED', 'it broke', cause)
      if (!this.#closing) this.#end(failure)
      throw failure
    } finally {
      this.#busy = undefined
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#busy === 'TLS is being raised') throw fault('SOCKETS_BUSY', this.#busy)
    if (this.#failure) throw this.#failure
    if (chunk.length === 0) return
    const writing = this.#writer.write(chunk)
    this.#written = writing.catch(() => undefined)
    try {
      await this.#unlessGone(writing)
    } catch (cause) {
      this.#lost ??= this.#failure ?? fault('SOCKETS_CLOSED', 'it broke', cause)
      throw this.#lost
    }
  }

  async startTls({ serverName = this.#host, checkCertificate }: StartTlsOptions): Promise<TlsInfo> {
    if (this.#busy) throw fault('SOCKETS_BUSY', this.#busy)
    if (this.#failure) throw this.#failure
    checkServerName(this.#host, serverName)
    if (checkCertificate) throw fault('SOCKETS_TLS_FAILED', 'no runtime shows the certificate')
    this.#busy = 'TLS is being raised'
    try {
      await this.#unlessGone(this.#upgrade())
    } catch (cause) {
      const failure = this.#failure ?? tlsFault(cause)
      this.#end(failure)
      throw failure
    } finally {
      this.#busy = undefined
    }
    const tls = evidenceFor(this.#host)
    this.#info = { ...this.#info, tls }
    return tls
  }

  async end(): Promise<void> {
    if (this.#busy === 'TLS is being raised') throw fault('SOCKETS_BUSY', this.#busy)
    if (this.#failure) throw this.#failure
    await this.#unlessGone(this.#endWriting())
  }

  async close(): Promise<void> {
    if (!this.#closing && this.#failure) return
    this.#closing ??= this.#leave()
    await this.#closing
  }

  abort(reason?: unknown): void {
    this.#end(fault('SOCKETS_CLOSED', 'it was aborted', reason))
  }

  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await this.#reader.read()
      if (done && this.#lost) throw this.#lost
      if (done) this.#ended = true
      if (value?.length) return plainBytes(value)
      if (done) return undefined
    }
  }

  // HAZARD: a runtime may wait for ever for a read that is pending now; and what it would give came before the handshake,
  // so nobody could use it (RFC 3207 section 4.2).
  async #upgrade(): Promise<void> {
    await this.#written
    if (this.#failure) throw this.#failure
    this.#reader.releaseLock()
    this.#writer.releaseLock()
    const socket = this.#socket.startTls()
    socket.closed.catch(() => undefined)
    this.#socket = socket
    this.#reader = socket.readable.getReader()
    this.#writer = socket.writable.getWriter()
    await socket.opened
  }

  async #leave(): Promise<void> {
    this.#reject(fault('SOCKETS_CLOSED', 'it is closed'))
    let cancel: () => void = () => undefined
    const late = new Promise<void>((resolve) => {
      cancel = startTimer(CLOSE_DEADLINE, resolve)
    })
    await Promise.race([this.#farewell().catch(() => undefined), late])
    cancel()
    this.#release()
  }

  // Ends what is written, then drops what still comes until the other end has closed too. A socket may never say that it
  // is closed, so nobody waits for that.
  async #farewell(): Promise<void> {
    await this.#endWriting()
    await this.#taken
    while (!this.#ended) await this.#next()
  }

  // A stream closes once.
  #endWriting(): Promise<unknown> {
    this.#halfClosed ??= this.#writer.close()
    return this.#halfClosed
  }

  #end(failure: MailError<SocketsErrorCode>): void {
    this.#reject(failure)
    this.#release()
  }

  #reject(failure: MailError<SocketsErrorCode>): void {
    this.#failure ??= failure
    for (const reject of this.#outstanding) reject(this.#failure)
  }

  // A socket that only closes waits for what is written and not yet taken.
  #release(): void {
    quietly(() => this.#writer.abort())
    quietly(() => this.#reader.cancel())
    closeQuietly(this.#socket)
  }

  #unlessGone<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#outstanding.add(reject)
      const settle = (): unknown => this.#outstanding.delete(reject)
      work.then(resolve, reject).then(settle, settle)
    })
  }
}

/**
 * Closes a socket without waiting for it.
 *
 * @internal
 */
export function closeQuietly(socket: SocketsSocket): void {
  quietly(() => socket.close())
}

function quietly(work: () => Promise<unknown>): void {
  try {
    work().catch(() => undefined)
  } catch {
    // What is gone already throws at once.
  }
}

// The API tells neither of protocol and cipher nor of the certificate; the runtime has checked it against the host.
function evidenceFor(host: string): TlsInfo {
  return { protocol: 'unknown', cipher: 'unknown', verifiedBy: 'local', serverName: host }
}

function fault(code: SocketsErrorCode, why: string, cause?: unknown): MailError<SocketsErrorCode> {
  return new MailError(code, `Cannot use connection: ${why}`, { cause })
}

function tlsFault(cause: unknown): MailError<SocketsErrorCode> {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new MailError('SOCKETS_TLS_FAILED', `Cannot raise TLS: ${why}`, { cause, spec: 'rfc3207#section-4.1' })
}
