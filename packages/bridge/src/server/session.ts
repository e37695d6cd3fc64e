/**
 * The bridge's end of mail-bridge.v1 without I/O: frames of the client and news of the server in, orders out. It holds the
 * order of frames, demand and credit, the barrier before TLS, and the octets of the ticket. docs/bridge-protocol.md.
 */

import { type BridgeCloseCode, CLOSE_CODES } from '../protocol/close-code.ts'
import {
  type BridgeFrame,
  type BridgeRemote,
  type BridgeTls,
  type ClientFrame,
  formatFrame,
  parseClientFrame,
} from '../protocol/control-frame.ts'
import { FIRST_CREDIT, MAX_CHUNK, MAX_DEMAND } from '../protocol/limits.ts'
import { OctetQueue } from './octet-queue.ts'
import type { BridgeOrder, BridgePhase } from './order.ts'

/** What is known once the server is connected. */
export interface Connected {
  /** The address. */
  readonly remote?: BridgeRemote
  /** The TLS that began at once. */
  readonly tls?: BridgeTls
}

type Open = Extract<ClientFrame, { readonly op: 'open' }>

// Octets written and not told of; more are told of at once.
const MAX_UNTOLD = 16_384

/**
 * One connection, as a machine of frames.
 *
 * @internal
 */
export class BridgeSession {
  readonly #maxOctets: number
  #phase: BridgePhase = 'open'
  #open: Open | undefined
  #isSecure = false
  // Towards the server: what the client sent, the write under way, and what the client may still send.
  readonly #queue: OctetQueue = new OctetQueue()
  #isWriting = false
  #credit = 0
  #untold = 0
  #up = 0
  #clientEnd: 'open' | 'wanted' | 'ended' = 'open'
  // Towards the client: the chunk that was read, frames to send, the send under way, and what is owed.
  #held: Uint8Array | undefined
  #frames: string[] = []
  #isSending = false
  #isReading = false
  #demand = 0
  #down = 0
  #serverEnd: 'open' | 'wanted' | 'ended' = 'open'
  // Orders to be given once.
  #start: Extract<BridgeOrder, { readonly type: 'connect' | 'close' }> | undefined
  #wantsTls = false

  constructor({ maxOctets }: { readonly maxOctets: number }) {
    this.#maxOctets = maxOctets
  }

  /** What is awaited. */
  get phase(): BridgePhase {
    return this.#phase
  }

  /** Where the client wanted to go. */
  get destination(): { readonly host: string; readonly port: number } | undefined {
    return this.#open && { host: this.#open.host, port: this.#open.port }
  }

  /** Octets from the client, and from the server. */
  get octets(): { readonly up: number; readonly down: number } {
    return { up: this.#up, down: this.#down }
  }

  /** Takes a frame of the client. */
  receive(data: string | Uint8Array): void {
    if (this.#phase === 'closed') return
    if (typeof data === 'string') this.#onControl(data)
    else if (data.length === 0 || data.length > MAX_CHUNK) this.fail(4400, 'frame')
    else if (this.#phase !== 'idle' || this.#clientEnd !== 'open') this.fail(4400, 'turn')
    else if (data.length > this.#credit) this.fail(4400, 'credit')
    else this.#onOctets(data)
  }

  #onControl(text: string): void {
    const frame = parseClientFrame(text)
    if (!frame) this.fail(4400, 'frame')
    else if ((frame.op === 'open') !== (this.#phase === 'open') || this.#isBetween()) this.fail(4400, 'turn')
    else if (frame.op === 'open') this.#onOpen(frame)
    else if (frame.op === 'pull') this.#onPull(frame.n)
    else if (frame.op === 'starttls') this.#onStartTls(frame.servername)
    else this.#onEnd()
  }

  /** Notes that the server is connected. */
  connected(connected: Connected): void {
    if (this.#phase !== 'connect') return
    const { remote, tls } = connected
    this.#phase = 'idle'
    this.#isSecure = tls !== undefined
    this.#credit = FIRST_CREDIT
    this.#say({
      op: 'opened',
      credit: this.#credit,
      starttls: tls === undefined,
      ...(remote && { remote }),
      ...(tls && { tls }),
    })
  }

  /** Notes what the server sent; `undefined`: it has closed its direction. */
  read(chunk: Uint8Array | undefined): void {
    this.#isReading = false
    if (this.#phase === 'closed') return
    if (chunk) this.#count(0, chunk.length)
    if (this.#isClosed()) return
    if (chunk && chunk.length > 0) this.#held = chunk
    else if (!chunk) this.#serverEnd = 'wanted'
  }

  /** Notes that octets were written to the server. */
  wrote(octets: number): void {
    this.#isWriting = false
    this.#untold += octets
  }

  /** Notes that a frame was handed to the client's socket, so that another may follow. */
  sent(): void {
    this.#isSending = false
  }

  /** Notes that TLS is up. */
  secured(tls: BridgeTls): void {
    if (this.#phase !== 'tls') return
    this.#phase = 'idle'
    this.#isSecure = true
    this.#say({ op: 'secure', tls })
  }

  /** Ends the connection because of a fault, whosoever it is; the first one stays. */
  fail(code: BridgeCloseCode, reason: string): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    const retryable = CLOSE_CODES[code]?.retry !== 'never'
    const frame = formatFrame({ op: 'error', code, message: reason, retryable })
    this.#start = { type: 'close', code, reason, frame, reset: true }
  }

  /** Notes that the client is gone: what it has not ended has no end that looks like one. */
  gone(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#start = { type: 'close', code: 1000, reason: '', reset: !this.#isDone() }
  }

  /** Gives what is to be done next; `undefined`: nothing, until something happens. */
  nextOrder(): BridgeOrder | undefined {
    const start = this.#start
    this.#start = undefined
    if (start || this.#phase === 'closed') return start
    return this.#nextSend() ?? this.#nextTls() ?? this.#nextWrite() ?? this.#nextRead() ?? this.#nextEnd()
  }

  #onOpen(frame: Open): void {
    this.#open = frame
    this.#phase = 'connect'
    this.#start = { type: 'connect', host: frame.host, port: frame.port, implicitTls: frame.tls === 'implicit' }
  }

  #onPull(n: number): void {
    if (this.#demand + n > MAX_DEMAND) this.fail(4400, 'demand')
    else this.#demand += n
  }

  #onEnd(): void {
    if (this.#clientEnd !== 'open') this.fail(4400, 'turn')
    else this.#clientEnd = 'wanted'
  }

  #onStartTls(servername: string): void {
    const isBusy = this.#demand > 0 || !this.#queue.isEmpty
    const isEnding = this.#clientEnd !== 'open' || this.#serverEnd !== 'open'
    if (isBusy || isEnding || this.#isSecure) this.fail(4400, 'turn')
    else if (servername.toLowerCase() !== this.#open?.host.toLowerCase()) this.fail(4400, 'servername')
    // HAZARD: what came before the handshake would pass for what it protects (RFC 3207 section 4.2).
    else if (this.#held) this.fail(4460, 'plaintext')
    else {
      this.#phase = 'tls'
      this.#wantsTls = true
    }
  }

  #onOctets(bytes: Uint8Array): void {
    this.#credit -= bytes.length
    this.#count(bytes.length, 0)
    if (!this.#isClosed()) this.#queue.push(bytes)
  }

  #count(up: number, down: number): void {
    this.#up += up
    this.#down += down
    if (this.#up + this.#down > this.#maxOctets) this.fail(4413, 'octets')
  }

  #nextSend(): BridgeOrder | undefined {
    if (this.#isSending) return undefined
    const hasChunk = this.#held !== undefined && this.#demand > 0
    const hasEnd = this.#serverEnd === 'wanted' && this.#held === undefined
    if (this.#frames.length > 0) return this.#send(this.#frames.shift()!)
    if (this.#untold > (hasChunk || hasEnd ? 0 : MAX_UNTOLD - 1)) return this.#tell()
    if (hasChunk) return this.#send(this.#takeHeld())
    if (!hasEnd) return undefined
    this.#serverEnd = 'ended'
    return this.#send(formatFrame({ op: 'end' }))
  }

  #tell(): BridgeOrder {
    const bytes = this.#untold
    this.#untold = 0
    this.#credit += bytes
    return this.#send(formatFrame({ op: 'credit', bytes }))
  }

  #takeHeld(): Uint8Array {
    const chunk = this.#held!
    this.#demand--
    this.#held = chunk.length > MAX_CHUNK ? chunk.subarray(MAX_CHUNK) : undefined
    return chunk.subarray(0, MAX_CHUNK)
  }

  // What was written last may be known to the client by its answer before it is known here.
  #nextTls(): BridgeOrder | undefined {
    if (!this.#wantsTls || this.#isWriting) return undefined
    this.#wantsTls = false
    return { type: 'start-tls' }
  }

  #nextWrite(): BridgeOrder | undefined {
    if (this.#isWriting || this.#phase === 'tls') return undefined
    const bytes = this.#queue.shift()
    if (bytes) {
      this.#isWriting = true
      return { type: 'write', bytes }
    }
    if (this.#clientEnd !== 'wanted') return undefined
    this.#clientEnd = 'ended'
    return { type: 'end' }
  }

  // A chunk is read only when it is owed, the one before it has gone, and no handshake is under way.
  #nextRead(): BridgeOrder | undefined {
    const isWanted = this.#demand > 0 && this.#phase === 'idle' && this.#serverEnd === 'open'
    if (!isWanted || this.#isReading || this.#held || this.#isSending) return undefined
    this.#isReading = true
    return { type: 'read' }
  }

  #nextEnd(): BridgeOrder | undefined {
    if (!this.#isDone() || this.#isSending) return undefined
    this.#phase = 'closed'
    return { type: 'close', code: 1000, reason: '', reset: false }
  }

  #isDone(): boolean {
    return this.#clientEnd === 'ended' && this.#serverEnd === 'ended'
  }

  // Nothing is taken while it connects, or raises TLS.
  #isBetween(): boolean {
    return this.#phase === 'connect' || this.#phase === 'tls'
  }

  // What has happened meanwhile is not seen by the compiler.
  #isClosed(): boolean {
    return this.#phase === 'closed'
  }

  #say(frame: BridgeFrame): void {
    this.#frames.push(formatFrame(frame))
  }

  #send(data: string | Uint8Array): BridgeOrder {
    this.#isSending = true
    return { type: 'send', data }
  }
}
