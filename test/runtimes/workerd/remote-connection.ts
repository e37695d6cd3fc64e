/** A connection that a worker holds, as one of this process, so that a suite that runs here can try it there. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createInterface } from 'node:readline'
import { decodeBase64, encodeBase64, MailError } from '@posthorn/core'
import type { Connection, ConnectionInfo, StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import type { Answer, Call } from './call.ts'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never

class RemoteConnection implements Connection {
  info: ConnectionInfo = { via: 'tcp' }
  readonly #send: (line: string) => void
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0

  constructor(send: (line: string) => void) {
    this.#send = send
  }

  async read(): Promise<Uint8Array | undefined> {
    const value = await this.#call({ method: 'read' })
    return typeof value === 'string' ? decodeBase64(value) : undefined
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#call({ method: 'write', octets: encodeBase64(chunk) })
  }

  startTls(options: StartTlsOptions): Promise<TlsInfo> {
    return this.#call({ method: 'startTls', options }) as Promise<TlsInfo>
  }

  async end(): Promise<void> {
    await this.#call({ method: 'end' })
  }

  async close(): Promise<void> {
    await this.#call({ method: 'close' })
  }

  abort(): void {
    this.#call({ method: 'abort' }).catch(() => undefined)
  }

  /** Takes an answer of the worker. */
  take({ id, value, code, info }: Answer): void {
    this.info = info
    const { resolve, reject } = this.#waiting.get(id) ?? {}
    this.#waiting.delete(id)
    if (code === undefined) resolve?.(value)
    else reject?.(/^[A-Z_]+$/.test(code) ? new MailError(code, 'Cannot do this in the worker') : new Error(code))
  }

  #call(call: Unnumbered<Call>): Promise<unknown> {
    const id = ++this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#send(`${JSON.stringify({ id, ...call })}\n`)
    })
  }
}

/** Has a worker open a connection; `release` ends the request that holds it. */
export async function connectThrough(
  url: string,
  port: number,
): Promise<{ readonly connection: Connection; readonly release: () => Promise<void> }> {
  const calls = request(`${url}/?port=${port}`, { method: 'POST' })
  calls.flushHeaders()
  const connection = new RemoteConnection((line) => calls.write(line))
  const [answers] = (await once(calls, 'response')) as [IncomingMessage]
  const lines = createInterface({ input: answers })
  const [opened, ended] = [once(lines, 'line'), once(lines, 'close')]
  lines.on('line', (line) => connection.take(JSON.parse(line) as Answer))
  await opened
  return {
    connection,
    async release() {
      calls.end()
      await ended
    },
  }
}
