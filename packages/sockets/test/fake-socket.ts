/** A socket whose every answer the test gives itself. */
import type { SocketsInfo, SocketsReader, SocketsSocket } from '../src/index.ts'

/** What can be said of a fake socket beside what it does by itself. */
export interface FakeOptions {
  readonly opened?: Promise<SocketsInfo>
  /** What `startTls` gives. */
  readonly secured?: () => SocketsSocket
  /** Takes what is written; default: at once. */
  readonly onWrite?: (chunk: Uint8Array) => Promise<void>
  /** Whether the socket never says that it is closed, nor that the stream has ended. */
  readonly hangs?: boolean
}

const NEVER = new Promise<never>(() => undefined)

// workerd lets one read of a stream be pending.
function oneAtATime(reader: ReadableStreamDefaultReader<Uint8Array>): SocketsReader {
  let pending = false
  return {
    async read() {
      if (pending) throw new TypeError('This stream supports a single pending read')
      pending = true
      try {
        return await reader.read()
      } finally {
        pending = false
      }
    },
    cancel: (reason) => reader.cancel(reason),
    releaseLock: () => reader.releaseLock(),
  }
}

/** A socket that reads what the test puts into it, and tells in `calls` what was done to it. */
export class FakeSocket implements SocketsSocket {
  readonly calls: string[] = []
  readonly opened: Promise<SocketsInfo>
  readonly closed: Promise<unknown> = NEVER
  readonly readable: { getReader(): SocketsReader }
  readonly writable: WritableStream<Uint8Array>
  readonly #options: FakeOptions
  readonly #chunks: (Uint8Array | Error | undefined)[] = []
  readonly #stream: ReadableStream<Uint8Array>
  #arrived: () => void = () => undefined

  constructor(options: FakeOptions = {}) {
    this.#options = options
    this.opened = options.opened ?? Promise.resolve({})
    const { calls } = this
    this.#stream = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller), cancel: () => void calls.push('cancel') },
      { highWaterMark: 0 },
    )
    this.readable = { getReader: () => oneAtATime(this.#stream.getReader()) }
    this.writable = new WritableStream<Uint8Array>({
      write: (chunk) => {
        calls.push(`write ${new TextDecoder().decode(chunk)}`)
        return options.onWrite?.(chunk)
      },
      close: () => {
        calls.push('end')
        return options.hangs ? NEVER : undefined
      },
      abort: () => void calls.push('abort'),
    })
  }

  /** Lets octets arrive, the end, or a failure. */
  put(...chunks: (Uint8Array | Error | undefined)[]): this {
    this.#chunks.push(...chunks)
    this.#arrived()
    return this
  }

  close(): Promise<unknown> {
    this.calls.push('close')
    return this.#options.hangs ? NEVER : Promise.resolve()
  }

  startTls(): SocketsSocket {
    const locked = this.#stream.locked || this.writable.locked ? ' locked' : ''
    this.calls.push(`startTls${locked}`)
    if (!this.#options.secured) throw new TypeError('Cannot startTls on a TLS socket.')
    return this.#options.secured()
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.calls.push('pull')
    while (this.#chunks.length === 0) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
    const chunk = this.#chunks.shift()
    if (chunk instanceof Error) controller.error(chunk)
    else if (chunk) controller.enqueue(chunk)
    else controller.close()
  }
}
