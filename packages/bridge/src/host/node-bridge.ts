/** A bridge on Node.js: WebSockets by the package `ws`, attached to whichever HTTP server; connections by `@posthorn/node`. */

import { lookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ClientTlsOptions, connect } from '@posthorn/node'
import type { Connection } from '@posthorn/smtp'
import { type WebSocket, WebSocketServer } from 'ws'
import { MAX_CHUNK, PROTOCOL } from '../protocol/limits.ts'
import type { Admission } from '../server/admission.ts'
import { type BridgeHealth, BridgeHost, type BridgeServerOptions } from '../server/bridge-host.ts'
import type { DialTarget, LookUp } from '../server/dial.ts'
import { TIME_LIMITS } from '../server/time-limits.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { WsSocket } from './ws-socket.ts'

/** What a bridge on Node.js is told. */
export interface NodeBridgeOptions extends BridgeServerOptions {
  /** The path of the URL that upgrades; others are left alone. Default: every path. */
  readonly path?: string
  /** Gives the address of a client, as behind a proxy that is trusted to name it; default: that of the connection. */
  readonly clientAddress?: (request: IncomingMessage) => string | undefined
  /** Gives all addresses of a host; default: the system's resolver. */
  readonly lookUp?: LookUp
  /** The certificate authorities to trust, in PEM; default: those of Node.js. */
  readonly ca?: ClientTlsOptions['ca']
  /** How often a client is asked whether it is there, in milliseconds; default 30,000. */
  readonly pingInterval?: number
}

/** As much of an HTTP server as a bridge needs: that of `node:http` or `node:https`. */
export interface UpgradeSource {
  on(event: 'upgrade', listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown
}

/** A bridge at work. */
export interface Bridge {
  /** How it stands. */
  readonly health: BridgeHealth
  /** Takes the upgrades of an HTTP server from now on. */
  attach(server: UpgradeSource): void
  /** Takes one upgrade. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Takes no more connections, waits for those that are open, by default for 30,000 milliseconds, and ends the rest. */
  close(grace?: number): Promise<void>
}

/**
 * Makes a bridge. It listens to nothing itself: attach it to an HTTP server.
 *
 * @param options Who may connect, and where to.
 * @returns The bridge.
 * @throws {MailError} `BRIDGE_BAD_OPTION` for a policy that is malformed.
 * @example
 * const keys = await importTicketKey(crypto.getRandomValues(new Uint8Array(32)))
 * const policy = { origins: ['https://app.example'], destinations: ['smtp.example:587'] }
 * const bridge = createBridge({ keys, policy })
 * bridge.health.status // 'ok'
 * await bridge.close()
 */
export function createBridge(options: NodeBridgeOptions): Bridge {
  return new NodeBridge(options)
}

class NodeBridge implements Bridge {
  readonly #options: NodeBridgeOptions
  readonly #host: BridgeHost
  // Compression would tell of secrets by its length, and what is not asked for is not kept.
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: MAX_CHUNK,
    handleProtocols: () => PROTOCOL,
  })

  constructor(options: NodeBridgeOptions) {
    this.#options = options
    const connectTo = (target: DialTarget): Promise<Connection> => this.#connect(target)
    this.#host = new BridgeHost(options, { connect: connectTo, lookUp: options.lookUp ?? lookUpAll })
  }

  get health(): BridgeHealth {
    return this.#host.health
  }

  attach(server: UpgradeSource): void {
    server.on('upgrade', (request, socket, head) => {
      const { path } = this.#options
      if (path === undefined || request.url?.split('?')[0] === path) void this.handleUpgrade(request, socket, head)
    })
  }

  async handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => undefined)
    const address = this.#options.clientAddress?.(request) ?? request.socket.remoteAddress ?? ''
    const { origin, 'sec-websocket-protocol': protocols } = request.headers
    const admission = await this.#host.admit({ origin, protocols, address })
    if (admission.type === 'refuse') refuseUpgrade(socket, admission.status)
    else this.#accept(request, { socket, head, address }, admission)
  }

  close(grace = 30_000): Promise<void> {
    return this.#host.close(grace)
  }

  #accept(
    request: IncomingMessage,
    { socket, head, address }: { readonly socket: Duplex; readonly head: Buffer; readonly address: string },
    admission: Exclude<Admission, { readonly type: 'refuse' }>,
  ): void {
    let isUpgraded = false
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      isUpgraded = true
      if (admission.type === 'accept-then-close') webSocket.close(admission.code, admission.reason)
      else this.#run(webSocket, admission, address)
    })
    // What is no upgrade after all was answered with 400; a client that is gone was not.
    if (!isUpgraded && admission.type === 'accept') admission.release()
  }

  #run(webSocket: WebSocket, admission: Extract<Admission, { readonly type: 'accept' }>, address: string): void {
    const takeControl = this.#host.controlBudget()
    const socket = new WsSocket(webSocket, { pingInterval: this.#options.pingInterval ?? 30_000, takeControl })
    void this.#host.run(socket, admission, address, takeControl)
  }

  #connect({ host, address = host, port, implicitTls, signal }: DialTarget): Promise<Connection> {
    const { ca, timeLimits } = this.#options
    const timeout = timeLimits?.connect ?? TIME_LIMITS.connect
    return connect({
      host: address,
      serverName: host,
      port,
      implicitTls,
      signal,
      timeout,
      ...(ca !== undefined && { ca }),
    })
  }
}

async function lookUpAll(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    // Whether the name is unknown, or has no address; what else fails may pass.
    if (['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
