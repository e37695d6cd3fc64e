/**
 * The client end of mail-bridge.v1 without I/O: frames in, frames out, and what may be done now.
 * docs/bridge-protocol.md, sections "Demand and credit" and "STARTTLS".
 */

import type { MailError } from '@posthorn/core'
import { bridgeFault, errorForClose } from '../protocol/bridge-error.ts'
import {
  type BridgeFrame,
  type BridgeRemote,
  type BridgeTls,
  formatFrame,
  parseBridgeFrame,
} from '../protocol/control-frame.ts'
import { MAX_CHUNK } from '../protocol/limits.ts'

/** How far the octets of this end have come. */
export interface BridgeProgress {
  /** Octets given to the WebSocket. */
  readonly sent: number
  /** Octets that the bridge says it has written to the server. */
  readonly passedOn: number
}

type Opened = Extract<BridgeFrame, { readonly op: 'opened' }>

// Chunks asked for in advance: none before TLS, as nothing may be under way when it is raised.
const PLAIN_WINDOW = 1
const SECURE_WINDOW = 4

/**
 * The client end of one connection through a bridge.
 *
 * @internal
 */
export class ClientLink {
  #state: 'opening' | 'open' | 'securing' | 'failed' = 'opening'
  #opened: Opened | undefined
  #tls: BridgeTls | undefined
  #chunks: Uint8Array[] = []
  // Chunks asked for and not delivered.
  #owed = 0
  #credit = 0
  #sent = 0
  #granted = 0
  #ended = false
  #failure: MailError | undefined

  /** Whether the bridge has connected. */
  get isOpen(): boolean {
    return this.#opened !== undefined
  }

  /** Whether a handshake is under way. */
  get isSecuring(): boolean {
    return this.#state === 'securing'
  }

  /** The address that the bridge has connected to, where it says so. */
  get remote(): BridgeRemote | undefined {
    return this.#opened?.remote
  }

  /** The TLS that the bridge has raised. */
  get tls(): BridgeTls | undefined {
    return this.#tls
  }

  /** Why nothing goes on. */
  get failure(): MailError | undefined {
    return this.#failure
  }

  /** How far the octets of this end have come. */
  get progress(): BridgeProgress {
    return { sent: this.#sent, passedOn: this.#granted }
  }

  /** Whether the server has closed its direction and all that it sent was taken. */
  get ended(): boolean {
    return this.#ended && this.#chunks.length === 0
  }

  /** Whether octets have come, or are asked for, that nobody has taken. */
  get isExpecting(): boolean {
    return this.#owed > 0 || this.#chunks.length > 0
  }

  /** Takes a chunk that has come. */
  take(): Uint8Array | undefined {
    return this.#chunks.shift()
  }

  /** Asks for what comes next; gives the frame to send, if one is due. */
  pull(): string | undefined {
    if (this.#ended || this.#state !== 'open') return undefined
    const window = this.#tls ? SECURE_WINDOW : PLAIN_WINDOW
    const held = this.#owed + this.#chunks.length
    if (held > window / 2) return undefined
    this.#owed += window - held
    return formatFrame({ op: 'pull', n: window - held })
  }

  /** Gives as many of some octets as may be sent in one frame; none when there is no credit. */
  slice(bytes: Uint8Array): Uint8Array {
    const piece = bytes.subarray(0, Math.min(this.#credit, MAX_CHUNK))
    this.#credit -= piece.length
    this.#sent += piece.length
    return piece
  }

  /** Begins to raise TLS at the bridge; gives the frame to send. */
  startTls(servername: string): string {
    if (this.#state !== 'open' || this.#tls) throw bridgeFault('BRIDGE_OUT_OF_TURN', 'TLS is up, or being raised')
    if (this.isExpecting)
      throw bridgeFault('BRIDGE_TLS_INJECTION', 'octets that came before TLS wait, or are asked for')
    if (!this.#opened?.starttls) throw bridgeFault('BRIDGE_TLS_FAILED', 'this bridge cannot raise TLS')
    this.#state = 'securing'
    return formatFrame({ op: 'starttls', servername })
  }

  /** Takes a frame of the bridge. */
  receive(data: string | Uint8Array): void {
    if (this.#state === 'failed') return
    if (typeof data === 'string') this.#onControl(data)
    else if (this.#owed === 0 || this.#ended || data.length > MAX_CHUNK) this.#violation('a chunk out of turn')
    else this.#onChunk(data)
  }

  /** Ends the link; the first cause stays, and what has come can still be taken. */
  fail(error: MailError): void {
    this.#failure ??= error
    this.#state = 'failed'
  }

  /** Ends the link, and drops what has come. */
  abort(error: MailError): void {
    this.fail(error)
    this.#chunks = []
    this.#ended = false
  }

  #onChunk(bytes: Uint8Array): void {
    this.#owed--
    this.#chunks.push(bytes)
  }

  #onControl(text: string): void {
    const frame = parseBridgeFrame(text)
    if (!frame) this.#violation('a malformed frame')
    else if (frame.op === 'error') this.fail(errorForClose(frame.code, frame.message))
    else if (frame.op === 'opened' && this.#state === 'opening') this.#onOpened(frame)
    else if (frame.op === 'secure' && this.#state === 'securing') this.#onSecure(frame.tls)
    else if (frame.op === 'credit' && this.#opened) this.#onCredit(frame.bytes)
    else if (frame.op === 'end' && this.#state === 'open' && !this.#ended) this.#ended = true
    else this.#violation(`${frame.op} out of turn`)
  }

  #onOpened(frame: Opened): void {
    this.#opened = frame
    this.#tls = frame.tls
    this.#credit = frame.credit
    this.#state = 'open'
  }

  #onSecure(tls: BridgeTls): void {
    this.#tls = tls
    this.#state = 'open'
  }

  #onCredit(bytes: number): void {
    this.#credit += bytes
    this.#granted += bytes
    if (this.#granted > this.#sent) this.#violation('credit for more than was sent')
  }

  #violation(what: string): void {
    this.fail(errorForClose(4400, `the bridge sent ${what}`))
  }
}
