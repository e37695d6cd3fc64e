/** Drives a `BridgeSession` over a WebSocket and a connection to the server, on any runtime. */

import type { Connection, TlsInfo } from '@posthorn/smtp'
import type { ServerPlatform } from '../platform.ts'
import type { BridgeTls } from '../protocol/control-frame.ts'
import type { BridgeOrder } from './order.ts'
import { cutPeer } from './peer-evidence.ts'
import { BridgeSession } from './session.ts'
import { type BridgeTimeLimits, Deadlines } from './time-limits.ts'
import { type BridgeFault, faultOf } from './upstream-fault.ts'

/** A WebSocket that has been accepted, as a bridge uses it. */
export interface BridgeSocket {
  /** Sends a frame; resolves when it was handed on, so that the next one may follow. */
  send(data: string | Uint8Array): Promise<void>
  /** Closes. */
  close(code: number, reason: string): void
  /** Has the frames that come, and the end, told of. */
  listen(listener: { onFrame(data: string | Uint8Array): void; onClose(code: number): void }): void
}

/** Where a client wants to go, as it says. */
export interface OpenRequest {
  readonly host: string
  readonly port: number
  readonly implicitTls: boolean
}

/** What came of it; `host` is what the certificate must prove. */
export type DialResult =
  | { readonly type: 'connected'; readonly host: string; readonly connection: Connection }
  | { readonly type: 'refused'; readonly fault: BridgeFault }

/** Connects to a server, if it may; rejects as a `connect` of Posthorn does. */
export type Dial = (request: OpenRequest, signal: AbortSignal) => Promise<DialResult>

/** How to run one connection. */
export interface RunOptions {
  readonly dial: Dial
  readonly maxOctets: number
  readonly timeLimits: BridgeTimeLimits
  /** Counts one control frame; `false`: they come too fast. */
  readonly takeControl: () => boolean
  readonly platform: ServerPlatform
}

/** What one connection came to. */
export interface BridgeOutcome {
  readonly destination?: { readonly host: string; readonly port: number }
  readonly address?: string
  /** The close code, of whichever end closed. */
  readonly code: number
  readonly reason: string
  readonly octets: { readonly up: number; readonly down: number }
}

const LOST_SERVER: BridgeFault = { code: 4503, reason: 'lost' }

/**
 * One connection through a bridge, from the upgrade to its end.
 *
 * @internal
 */
export class BridgeRun {
  /** Settles when both ends are closed. */
  readonly outcome: Promise<BridgeOutcome>
  readonly #socket: BridgeSocket
  readonly #options: RunOptions
  readonly #session: BridgeSession
  readonly #deadlines: Deadlines
  readonly #giveUp = new AbortController()
  #connection: Connection | undefined
  #host = ''
  #clientCode: number | undefined
  #finish: (outcome: BridgeOutcome) => void = () => undefined

  constructor(socket: BridgeSocket, options: RunOptions) {
    this.#socket = socket
    this.#options = options
    this.#session = new BridgeSession(options)
    this.outcome = new Promise((resolve) => {
      this.#finish = resolve
    })
    this.#deadlines = new Deadlines(options.timeLimits, options.platform, (what) =>
      this.fail({ code: 4408, reason: what }),
    )
    socket.listen({ onFrame: (data) => this.#onFrame(data), onClose: (code) => this.#onClose(code) })
  }

  /** Ends the connection. */
  fail({ code, reason }: BridgeFault): void {
    this.#tell(() => this.#session.fail(code, reason))
  }

  #onFrame(data: string | Uint8Array): void {
    if (typeof data === 'string' && !this.#options.takeControl()) this.fail({ code: 4429, reason: 'control' })
    else this.#tell(() => this.#session.receive(data))
  }

  #onClose(code: number): void {
    this.#clientCode = code
    this.#tell(() => this.#session.gone())
  }

  // Tells the session what has happened, and does what it wants then.
  #tell(what: () => void): void {
    what()
    this.#deadlines.touch(this.#session.phase)
    for (let order = this.#session.nextOrder(); order; order = this.#session.nextOrder()) this.#carryOut(order)
  }

  #carryOut(order: BridgeOrder): void {
    if (order.type === 'close') this.#close(order)
    else if (order.type === 'connect') this.#connect(order)
    else if (order.type === 'send') this.#send(order.data)
    else this.#carryOutThere(order, this.#connection!)
  }

  // What cannot be sent any more is not missed: the close that follows tells why.
  #send(data: string | Uint8Array): void {
    this.#socket.send(data).then(
      () => this.#tell(() => this.#session.sent()),
      () => undefined,
    )
  }

  #carryOutThere(order: Exclude<BridgeOrder, { type: 'close' | 'connect' | 'send' }>, connection: Connection): void {
    if (order.type === 'read') this.#do(connection.read(), (chunk) => this.#session.read(chunk), LOST_SERVER)
    else if (order.type === 'write') {
      this.#do(connection.write(order.bytes), () => this.#session.wrote(order.bytes.length), LOST_SERVER)
    } else if (order.type === 'end') this.#do(connection.end?.() ?? Promise.resolve(), () => undefined, LOST_SERVER)
    else this.#startTls(connection)
  }

  #do<T>(work: Promise<T>, then: (value: T) => void, otherwise: BridgeFault): void {
    work.then(
      (value) => this.#tell(() => then(value)),
      (error) => this.fail(faultOf(error, otherwise)),
    )
  }

  #connect(request: OpenRequest): void {
    const dialling = this.#options.dial(request, this.#giveUp.signal)
    this.#do(dialling, (result) => this.#onDialled(result), { code: 4502, reason: 'connect' })
  }

  #onDialled(result: DialResult): void {
    if (result.type === 'refused') this.#session.fail(result.fault.code, result.fault.reason)
    // The client may have gone meanwhile.
    else if (this.#session.phase === 'closed') result.connection.abort()
    else this.#onConnected(result)
  }

  #onConnected({ connection, host }: Extract<DialResult, { readonly type: 'connected' }>): void {
    this.#connection = connection
    this.#host = host
    const { remote, tls } = connection.info
    const secured = tls && { tls: this.#describe(tls) }
    this.#session.connected({ ...(remote && { remote }), ...secured })
  }

  #startTls(connection: Connection): void {
    const securing = connection.startTls({ serverName: this.#host })
    this.#do(securing, (tls) => this.#session.secured(this.#describe(tls)), { code: 4525, reason: 'handshake' })
  }

  #describe({ protocol, cipher, peer }: TlsInfo): BridgeTls {
    return { protocol, cipher, servername: this.#host, ...(peer && { peer: cutPeer(peer) }) }
  }

  #close({ code, reason, frame, reset }: Extract<BridgeOrder, { readonly type: 'close' }>): void {
    this.#deadlines.stop()
    this.#giveUp.abort()
    const address = this.#connection?.info.remote?.address
    if (reset) this.#connection?.abort()
    // A frame that cannot be sent any more is not missed.
    if (frame !== undefined) this.#socket.send(frame).catch(() => undefined)
    this.#socket.close(code, reason)
    const { destination, octets } = this.#session
    const outcome: BridgeOutcome = {
      ...(destination && { destination }),
      ...(address !== undefined && { address }),
      code: this.#clientCode ?? code,
      reason,
      octets,
    }
    const closing = reset ? Promise.resolve() : (this.#connection?.close() ?? Promise.resolve())
    closing.then(
      () => this.#finish(outcome),
      () => this.#finish(outcome),
    )
  }
}
