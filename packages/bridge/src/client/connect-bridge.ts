/** Opens a connection through a bridge: docs/bridge-protocol.md, sections "The upgrade" and "Frames". */

import { attempt } from '@posthorn/core'
import type { Connection } from '@posthorn/smtp'
import { type BridgePlatform, defaultPlatform, runtimeWebSocket } from '../platform.ts'
import { bridgeFault } from '../protocol/bridge-error.ts'
import { isPort } from '../protocol/destination.ts'
import { PROTOCOL } from '../protocol/limits.ts'
import { isTicket } from '../protocol/ticket-form.ts'
import { BridgeConnection, type RaiseTls } from './bridge-connection.ts'
import type { BridgeProgress } from './client-link.ts'
import { FrameChannel } from './frame-channel.ts'
import type { OpenWebSocket, WebSocketLike } from './web-socket.ts'

/** Which bridge to take, and where to. */
export interface BridgeOptions {
  /** The bridge, as `wss://bridge.example/mail`. */
  readonly url: string
  /** The ticket that the application's backend made for this connection, or what asks it for one. */
  readonly ticket: string | (() => string | Promise<string>)
  /** The host of the server, by name; a certificate is checked against it. */
  readonly host: string
  /** The port: 587 for submission, 465 for submission over implicit TLS. */
  readonly port: number
  /** Whether TLS begins at once; default `false`. */
  readonly implicitTls?: boolean
  /**
   * Raises TLS at this end, so that the bridge sees ciphertext alone; default: the bridge raises it, and sees passwords and
   * mail.
   */
  readonly raiseTls?: RaiseTls
  /** How long to wait for the connection, TLS at once included, in milliseconds; default 30,000. */
  readonly timeout?: number
  /** Ends the attempt when it fires. */
  readonly signal?: AbortSignal
  /** Hears how far the octets of this end have come. */
  readonly onProgress?: (progress: BridgeProgress) => void
  /** The class of WebSockets; default: the runtime's own. Node.js 20 has none: give that of the package `ws`. */
  readonly webSocket?: OpenWebSocket
  /** Takes a bridge behind `ws:` on another machine, so that anybody on the way sees all; default `false`. */
  readonly unsafePlainWebSocket?: boolean
  /** Timers; default: the runtime's own. */
  readonly platform?: BridgePlatform
}

/**
 * Opens a connection through a bridge.
 *
 * Where the bridge raises TLS, it sees all that passes: `info.tls.verifiedBy` is `bridge`, and `SmtpClient` sends no
 * credentials unless it is told to trust the bridge. A lost connection is never opened again by itself.
 *
 * @param options Which bridge, and where to.
 * @returns The connection; nothing is read from it before it is asked for.
 * @throws {MailError} `BRIDGE_BAD_OPTION` before anything is sent; `BRIDGE_UNREACHABLE` when the upgrade fails;
 * `BRIDGE_TIMEOUT`; `BRIDGE_ABORTED`; and what the bridge answers, see `adviseBridgeError`.
 * @example
 * const nowhere = { url: 'http://bridge.example', ticket: '', host: 'mx.example', port: 587 }
 * await connectBridge(nowhere) // throws BRIDGE_BAD_OPTION
 */
export async function connectBridge(options: BridgeOptions): Promise<Connection> {
  const { timeout = 30_000, signal, platform = defaultPlatform } = options
  const { isOverheard } = checkOptions(options)
  const one = new Attempt(options, isOverheard)
  try {
    return await attempt(() => one.run(), {
      timeout,
      signal,
      startTimer: platform.startTimer,
      late: () => bridgeFault('BRIDGE_TIMEOUT', `no connection in ${timeout} ms`),
      aborted: (reason) => bridgeFault('BRIDGE_ABORTED', 'the caller gave up', reason),
    })
  } catch (error) {
    one.abandon(error)
    throw error
  }
}

// One attempt, which may be abandoned at any point.
class Attempt {
  readonly #options: BridgeOptions
  readonly #isOverheard: boolean
  #channel: FrameChannel | undefined
  #isAbandoned = false

  constructor(options: BridgeOptions, isOverheard: boolean) {
    this.#options = options
    this.#isOverheard = isOverheard
  }

  async run(): Promise<Connection> {
    const { host, port, implicitTls = false, raiseTls, onProgress, platform = defaultPlatform } = this.#options
    const ticket = await ticketOf(this.#options.ticket)
    if (this.#isAbandoned) throw bridgeFault('BRIDGE_ABORTED', 'the caller gave up')
    this.#channel = new FrameChannel(openSocket(this.#options, ticket), platform, onProgress)
    await this.#channel.open({ host, port, tls: implicitTls && !raiseTls ? 'implicit' : 'none' })
    const trust = { host: host.toLowerCase(), isOverheard: this.#isOverheard, raiseTls }
    const connection = new BridgeConnection(this.#channel, trust)
    if (implicitTls && raiseTls) await connection.startTls({})
    return connection
  }

  abandon(reason: unknown): void {
    this.#isAbandoned = true
    this.#channel?.abort(bridgeFault('BRIDGE_ABORTED', 'the caller gave up', reason))
  }
}

async function ticketOf(source: BridgeOptions['ticket']): Promise<string> {
  const ticket = typeof source === 'string' ? source : await source()
  if (!isTicket(ticket)) throw bridgeFault('BRIDGE_BAD_OPTION', 'the ticket is malformed')
  return ticket
}

function openSocket({ url, webSocket = runtimeWebSocket() }: BridgeOptions, ticket: string): WebSocketLike {
  if (!webSocket) throw bridgeFault('BRIDGE_BAD_OPTION', 'this runtime has no WebSocket; give one')
  try {
    return new webSocket(url, [PROTOCOL, ticket])
  } catch (cause) {
    // As a page behind https does that asks for ws. The cause may tell of the ticket, so its name alone goes on.
    throw bridgeFault('BRIDGE_BAD_OPTION', `the runtime refuses the WebSocket: ${(cause as Error).name}`)
  }
}

function checkOptions(options: BridgeOptions): { readonly isOverheard: boolean } {
  const { host, port, url } = options
  if (host === '' || !isPort(port)) throw bridgeFault('BRIDGE_BAD_OPTION', 'host or port is malformed')
  const { protocol, hostname } = parseUrl(url)
  if (protocol !== 'wss:' && protocol !== 'ws:')
    throw bridgeFault('BRIDGE_BAD_OPTION', 'the URL is neither wss: nor ws:')
  const isOverheard = protocol === 'ws:' && !isLoopback(hostname)
  if (isOverheard && !options.unsafePlainWebSocket) {
    throw bridgeFault('BRIDGE_BAD_OPTION', 'ws: is for this machine alone; take wss:')
  }
  return { isOverheard }
}

function parseUrl(url: string): URL {
  try {
    return new URL(url)
  } catch {
    throw bridgeFault('BRIDGE_BAD_OPTION', 'the URL is malformed')
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
