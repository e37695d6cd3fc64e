/**
 * A bridge as a Cloudflare Worker: pages connect to it by WebSocket, it connects to mail servers by `connect()`. Used tickets
 * are remembered by durable objects, one for each ticket, as the copies of a worker share no memory.
 */
import { createEdgeBridge, type EdgeBridge } from '@posthorn/bridge/edge'
import { importTicketKey, type UsedTickets } from '@posthorn/bridge/server'
import { connect } from '@posthorn/sockets/cloudflare'

/** Variables, secrets and durable objects of the worker. */
interface Env {
  /** The origins of pages that may connect, parted by commas. */
  readonly ORIGINS: string
  /** Where connections may go, as `smtp.example:587`, parted by commas. */
  readonly DESTINATIONS: string
  /** The secret that the backend mints tickets with: 64 hexadecimal digits. */
  readonly TICKET_SECRET: string
  readonly USED_TICKETS: ObjectNamespace
}

interface ObjectNamespace {
  idFromName(name: string): unknown
  get(id: unknown): { fetch(url: string): Promise<Response> }
}

interface ObjectState {
  readonly storage: {
    get(key: string): Promise<unknown>
    put(key: string, value: unknown): Promise<void>
    setAlarm(time: number): Promise<void>
    deleteAll(): Promise<void>
  }
}

// The clocks of copies may differ by this much.
const MARGIN_MS = 60_000

/** Remembers one ticket, until it has expired. */
export class UsedTicket {
  readonly #storage: ObjectState['storage']

  constructor(state: ObjectState) {
    this.#storage = state.storage
  }

  async fetch(request: Request): Promise<Response> {
    if (await this.#storage.get('used')) return Response.json(false)
    await this.#storage.put('used', true)
    await this.#storage.setAlarm(Number(new URL(request.url).searchParams.get('until')) + MARGIN_MS)
    return Response.json(true)
  }

  async alarm(): Promise<void> {
    await this.#storage.deleteAll()
  }
}

function usedTickets(namespace: ObjectNamespace): UsedTickets {
  return {
    async use(jti, until) {
      const answer = await namespace.get(namespace.idFromName(jti)).fetch(`https://ticket/?until=${until}`)
      return (await answer.json()) === true
    },
  }
}

async function start(env: Env): Promise<EdgeBridge> {
  const secret = Uint8Array.from(env.TICKET_SECRET.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
  return createEdgeBridge({
    keys: await importTicketKey(secret),
    policy: { origins: env.ORIGINS.split(','), destinations: env.DESTINATIONS.split(',') },
    usedTickets: usedTickets(env.USED_TICKETS),
    connect: ({ host, port, implicitTls, signal }) => connect({ host, port, implicitTls, signal }),
    log: (entry) => console.log(JSON.stringify(entry)),
  })
}

// One for all requests of this copy of the worker, so that its limits count them together.
let bridge: Promise<EdgeBridge> | undefined

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    bridge ??= start(env)
    return (await bridge).fetch(request)
  },
}
