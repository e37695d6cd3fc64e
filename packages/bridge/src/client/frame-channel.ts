/** The octets of one connection through a bridge: a `ClientLink` over a WebSocket. */

import { MailError } from '@posthorn/core'
import type { BridgePlatform } from '../platform.ts'
import { bridgeFault, errorForClose } from '../protocol/bridge-error.ts'
import type { BridgeErrorCode } from '../protocol/close-code.ts'
import { type BridgeTls, formatFrame } from '../protocol/control-frame.ts'
import { PROTOCOL } from '../protocol/limits.ts'
import { type BridgeProgress, ClientLink } from './client-link.ts'
import type { WebSocketEvent, WebSocketLike } from './web-socket.ts'

/** What to ask the bridge for. */
export interface OpenRequest {
  readonly host: string
  readonly port: number
  readonly tls: 'none' | 'implicit'
}

const CLOSE_DEADLINE = 2000
const NORMAL = 1000
const LOST = 1006
const GAVE_UP = 4000

/**
 * Carries octets both ways; takes and gives frames as the link says.
 *
 * @internal
 */
export class FrameChannel {
  readonly link: ClientLink = new ClientLink()
  readonly #socket: WebSocketLike
  readonly #platform: BridgePlatform
  readonly #onProgress: ((progress: BridgeProgress) => void) | undefined
  #reading = false
  #ending = false
  #isUp = false
  // Whoever waits for a change of the link.
  #waiting: (() => void)[] = []

  constructor(socket: WebSocketLike, platform: BridgePlatform, onProgress?: (progress: BridgeProgress) => void) {
    this.#socket = socket
    this.#platform = platform
    this.#onProgress = onProgress
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('message', ({ data }) => this.#onMessage(data))
    socket.addEventListener('close', (event) => this.#onClose(event))
    // QUIRK: Node.js 22 tells of a refused upgrade by this event alone, though a close event is to follow.
    socket.addEventListener('error', () => this.#give(this.#isUp ? errorForClose(LOST) : noAnswer()))
  }

  /** Asks the bridge to connect, once the WebSocket is open; resolves when it has. */
  async open({ host, port, tls }: OpenRequest): Promise<void> {
    this.#socket.addEventListener('open', () => {
      this.#isUp = true
      if (this.#socket.protocol !== PROTOCOL) this.#give(errorForClose(4400, 'it does not speak mail-bridge.v1'))
      else if (!this.link.failure) this.#socket.send(formatFrame({ op: 'open', host, port, tls }))
    })
    while (!this.link.isOpen) {
      this.#check()
      await this.#change()
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#reading) throw bridgeFault('BRIDGE_OUT_OF_TURN', 'a read is outstanding')
    this.#reading = true
    try {
      return await this.#next()
    } finally {
      this.#reading = false
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#check()
    if (this.#ending) throw bridgeFault('BRIDGE_CLOSED', 'this direction was ended')
    for (let rest = chunk; rest.length > 0; ) {
      const piece = this.link.slice(rest)
      if (piece.length > 0) this.#socket.send(piece as Uint8Array<ArrayBuffer>)
      else await this.#change()
      this.#check()
      rest = rest.subarray(piece.length)
    }
    if (chunk.length > 0) this.#onProgress?.(this.link.progress)
  }

  /** Lets the bridge raise TLS. */
  async startTls(serverName: string): Promise<BridgeTls> {
    this.refuseWhileReading()
    this.#check()
    this.#socket.send(this.link.startTls(serverName))
    while (this.link.isSecuring) await this.#change()
    this.#check()
    return this.link.tls!
  }

  /** Throws while a read is outstanding. */
  refuseWhileReading(): void {
    if (this.#reading) throw bridgeFault('BRIDGE_OUT_OF_TURN', 'a read is outstanding')
  }

  /** Ends this direction. */
  end(): void {
    if (this.#ending || this.link.failure) return
    this.#ending = true
    this.#socket.send(formatFrame({ op: 'end' }))
  }

  /** Ends both directions in good order; what still comes is dropped. */
  async close(): Promise<void> {
    const cancel = this.#platform.startTimer(CLOSE_DEADLINE, () => this.#stop(GAVE_UP, closed()))
    this.end()
    while (!this.link.failure && !this.link.ended) {
      if (!this.link.take()) await this.#arrival()
    }
    this.#stop(NORMAL, closed())
    cancel()
  }

  /** Ends at once. */
  abort(error: MailError): void {
    this.link.abort(error)
    this.#stop(GAVE_UP, error)
  }

  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.link.take()
      if (chunk) return chunk
      if (this.link.ended) return undefined
      this.#check()
      await this.#arrival()
    }
  }

  #arrival(): Promise<void> {
    const pull = this.link.pull()
    if (pull !== undefined) this.#socket.send(pull)
    return this.#change()
  }

  #check(): void {
    const { failure } = this.link
    // Each caller has an error of its own, whose stack leads to him.
    if (failure) throw new MailError(failure.code, failure.message, { cause: failure.cause ?? failure })
  }

  #onMessage(data: unknown): void {
    if (typeof data === 'string') this.link.receive(data)
    else this.link.receive(new Uint8Array(data as ArrayBuffer))
    this.#onProgress?.(this.link.progress)
    if (this.link.failure) this.#stop(GAVE_UP, this.link.failure)
    else this.#wake()
  }

  #onClose({ code = LOST, reason = '' }: WebSocketEvent): void {
    if (!this.#isUp) this.#give(noAnswer())
    else this.#give(code === NORMAL ? closed() : errorForClose(code, reason))
  }

  #give(error: MailError<BridgeErrorCode>): void {
    this.link.fail(error)
    this.#wake()
  }

  // Whoever waits hears of it at once: a peer that does not answer a close frame holds nobody up.
  #stop(code: number, error: MailError): void {
    this.link.fail(error)
    this.#socket.close(code)
    this.#wake()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

function closed(): MailError<BridgeErrorCode> {
  return bridgeFault('BRIDGE_CLOSED', 'the connection is closed')
}

function noAnswer(): MailError<BridgeErrorCode> {
  return bridgeFault('BRIDGE_UNREACHABLE', 'the bridge does not answer, or refuses the upgrade')
}
