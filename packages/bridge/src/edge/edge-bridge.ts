/** A bridge on an edge runtime: WebSockets by `WebSocketPair`, connections by whatever `connect` the caller gives. */

import { bridgeFault } from '../protocol/bridge-error.ts'
import { PROTOCOL } from '../protocol/limits.ts'
import type { Admission } from '../server/admission.ts'
import { type BridgeHealth, BridgeHost, type BridgeNetwork, type BridgeServerOptions } from '../server/bridge-host.ts'
import type { UsedTickets } from '../server/used-tickets.ts'
import { type EdgeWebSocketPair, edgeSocket } from './edge-socket.ts'

/** What a bridge on an edge runtime is told. */
export interface EdgeBridgeOptions extends BridgeServerOptions, BridgeNetwork {
  /**
   * Remembers used tickets. There is no default: such a runtime runs many copies of a worker, which share no memory, so a
   * ticket would be good once in each.
   */
  readonly usedTickets: UsedTickets
  /** Gives the address of a client; default: the field `CF-Connecting-IP`. */
  readonly clientAddress?: (request: UpgradeRequest) => string | undefined
  /** Makes the two ends of a WebSocket; default: the runtime's `WebSocketPair`. */
  readonly webSocketPair?: () => EdgeWebSocketPair
}

/** As much of a `Request` as a bridge uses. */
export interface UpgradeRequest {
  /** The method. */
  readonly method: string
  /** The fields of the header. */
  readonly headers: { get(name: string): string | null }
}

/** A bridge at work. */
export interface EdgeBridge {
  /** How it stands, in this copy of the worker. */
  readonly health: BridgeHealth
  /** Answers a request, by an upgrade or by a status. */
  fetch(request: UpgradeRequest): Promise<Response>
}

/**
 * Makes a bridge that a worker hands its requests to.
 *
 * Where the runtime looks names up itself, as with `connect()` of `cloudflare:sockets`, addresses cannot be checked: the
 * destinations of policy and ticket are the guard, and the runtime's own refusal of private addresses.
 *
 * @param options Who may connect, where to, and how.
 * @returns The bridge; make it once, outside the handler, so that its limits count all connections of the worker's copy.
 * @throws {MailError} `BRIDGE_BAD_OPTION` for a policy that is malformed, or where there is no `WebSocketPair`.
 * @example
 * const bridge = createEdgeBridge({
 *   keys: await importTicketKey(crypto.getRandomValues(new Uint8Array(32))),
 *   policy: { origins: ['https://app.example'], destinations: ['smtp.example:587'] },
 *   usedTickets: memoryUsedTickets(),
 *   connect: async () => { throw new Error('Nobody connects in this example') },
 *   webSocketPair: () => { throw new Error('Nor here') },
 * })
 * const answer = await bridge.fetch(new Request('https://bridge.example/mail'))
 * answer.status // 426
 */
export function createEdgeBridge(options: EdgeBridgeOptions): EdgeBridge {
  const host = new BridgeHost(options, options)
  const makePair = options.webSocketPair ?? runtimePair()
  const { clientAddress = ({ headers }: UpgradeRequest) => headers.get('CF-Connecting-IP') ?? undefined } = options
  return {
    get health() {
      return host.health
    },
    async fetch(request) {
      const { headers } = request
      if (request.method !== 'GET' || headers.get('Upgrade')?.toLowerCase() !== 'websocket') return answer(426)
      const address = clientAddress(request) ?? ''
      const protocols = headers.get('Sec-WebSocket-Protocol') ?? undefined
      const admission = await host.admit({ origin: headers.get('Origin') ?? undefined, protocols, address })
      if (admission.type === 'refuse') return answer(admission.status)
      const pair = makePair()
      takeOn(host, pair, admission, address)
      return upgraded(pair)
    },
  }
}

function takeOn(
  host: BridgeHost,
  pair: EdgeWebSocketPair,
  admission: Exclude<Admission, { readonly type: 'refuse' }>,
  address: string,
): void {
  if (admission.type === 'accept') {
    void host.run(edgeSocket(pair[1]), admission, address, host.controlBudget())
  } else {
    pair[1].accept()
    pair[1].close(admission.code, admission.reason)
  }
}

function answer(status: number): Response {
  return new Response(null, { status, ...(status === 426 && { headers: { Upgrade: 'websocket' } }) })
}

function upgraded(pair: EdgeWebSocketPair): Response {
  const init = { status: 101, webSocket: pair[0], headers: { 'Sec-WebSocket-Protocol': PROTOCOL } }
  return new Response(null, init as ResponseInit)
}

function runtimePair(): () => EdgeWebSocketPair {
  const { WebSocketPair } = globalThis as { WebSocketPair?: new () => EdgeWebSocketPair }
  if (!WebSocketPair) throw bridgeFault('BRIDGE_BAD_OPTION', 'this runtime has no WebSocketPair; give one')
  return () => new WebSocketPair()
}
