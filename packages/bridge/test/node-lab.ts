/** A bridge on Node.js, on loopback, with a server behind it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BridgeOptions, connectBridge } from '@posthorn/bridge'
import { type Bridge, createBridge, type NodeBridgeOptions } from '@posthorn/bridge/node'
import { type BridgeLogEntry, importTicketKey, mintTicket, type TicketRequest } from '@posthorn/bridge/server'
import type { Connection } from '@posthorn/smtp'
import { WebSocket } from 'ws'

export const HOST = 'mx.example'
export const ORIGIN = 'https://app.example'

/** A bridge that is open, and what is needed to use it. */
export interface NodeLab {
  readonly bridge: Bridge
  readonly url: string
  readonly log: BridgeLogEntry[]
  /** Mints a ticket for the server behind it, unless it is told otherwise. */
  ticket(request?: Partial<TicketRequest>): Promise<string>
  /** Opens a connection through it. */
  connect(options?: Partial<BridgeOptions>): Promise<Connection>
  /** Opens a WebSocket to it, without the client. */
  raw(protocols: string[], headers?: Record<string, string>): WebSocket
  close(): Promise<void>
}

const secret = new Uint8Array(32).fill(7)

/** The class of WebSockets of `ws`, which says where a page would come from. */
export function webSocketFrom(origin: string | undefined): NonNullable<BridgeOptions['webSocket']> {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, origin === undefined ? {} : { origin })
    }
  } as unknown as NonNullable<BridgeOptions['webSocket']>
}

/** Opens a bridge to a port of this machine, which is known by a name. */
export async function nodeLab(port: number, options: Partial<NodeBridgeOptions> = {}): Promise<NodeLab> {
  const log: BridgeLogEntry[] = []
  const keys = await importTicketKey(secret)
  const bridge = createBridge({
    keys,
    policy: { origins: [ORIGIN], destinations: [`${HOST}:${port}`], unsafeAllowPrivateAddresses: ['127.0.0.1'] },
    lookUp: async () => ['127.0.0.1'],
    connectionRate: { perSecond: 1000, burst: 1000 },
    log: (entry) => log.push(entry),
    ...options,
  })
  const server = createServer()
  bridge.attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ticket = (request: Partial<TicketRequest> = {}): Promise<string> =>
    mintTicket(keys, { sub: 'ada', dst: [`${HOST}:${port}`], ...request })
  return {
    bridge,
    url,
    log,
    ticket,
    connect: (more = {}) => connectBridge({ url, ticket, host: HOST, port, webSocket: webSocketFrom(ORIGIN), ...more }),
    raw: (protocols, headers = { origin: ORIGIN }) => new WebSocket(url, protocols, { headers }),
    close: async () => {
      await bridge.close(0)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
