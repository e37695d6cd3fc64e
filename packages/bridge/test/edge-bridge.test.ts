import { connectBridge } from '@posthorn/bridge'
import { createEdgeBridge, type EdgeBridgeOptions, type EdgeWebSocket } from '@posthorn/bridge/edge'
import { type BridgeLogEntry, importTicketKey, memoryUsedTickets, mintTicket } from '@posthorn/bridge/server'
import { encodeUtf8, MailError } from '@posthorn/core'
import { type Connection, memoryPair } from '@posthorn/smtp'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import type { DialTarget } from '../src/server/dial.ts'
import { memoryWebSocket } from './socket-pair.ts'

const ORIGIN = 'https://app.example'
const keys = await importTicketKey(new Uint8Array(32).fill(7))
const ticketFor = (dst: string): Promise<string> => mintTicket(keys, { sub: 'ada', dst: [dst] })

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A bridge at the edge, to a server in memory; the runtime's parts are played here. */
function edge(options: Partial<EdgeBridgeOptions> = {}) {
  const [connection, far] = memoryPair()
  const [targets, log]: [DialTarget[], BridgeLogEntry[]] = [[], []]
  let made: EdgeWebSocket | undefined
  // Only an edge runtime lets a response switch protocols.
  vi.stubGlobal(
    'Response',
    class {
      readonly init: { status: number; headers?: Record<string, string> }
      constructor(_: null, init: { status: number }) {
        this.init = init
      }
      get status() {
        return this.init.status
      }
      get headers() {
        return new Headers(this.init.headers)
      }
    },
  )
  const bridge = createEdgeBridge({
    keys,
    policy: { origins: [ORIGIN], destinations: ['mx.example:587'] },
    usedTickets: memoryUsedTickets(),
    connect: async (target) => {
      targets.push(target)
      return connection
    },
    log: (entry) => log.push(entry),
    webSocketPair: () => ({ 0: 'the client’s end', 1: made! }),
    ...options,
  })
  const upgrade = async (protocols: string, fields: Record<string, string> = {}): Promise<Response> => {
    const headers = new Map(
      Object.entries({ upgrade: 'websocket', origin: ORIGIN, 'sec-websocket-protocol': protocols }),
    )
    for (const [name, value] of Object.entries(fields)) headers.set(name, value)
    return bridge.fetch({ method: 'GET', headers: { get: (name) => headers.get(name.toLowerCase()) ?? null } })
  }
  // The client's WebSocket, whose other end the runtime would hand over.
  const webSocket = memoryWebSocket((socket, protocols) => {
    const listeners: Record<string, Parameters<EdgeWebSocket['addEventListener']>[1]> = {}
    const early: (string | ArrayBuffer)[] = []
    made = {
      accept: () => {
        for (const data of early.splice(0)) listeners['message']?.({ data })
      },
      send: (data) => void socket.send(data),
      close: (code = 1005, reason = '') => socket.close(code, reason),
      addEventListener: (type, listener) => {
        listeners[type] = listener
      },
    }
    socket.listen({
      onFrame: (frame) => {
        const data = typeof frame === 'string' ? frame : (frame.slice().buffer as ArrayBuffer)
        if (listeners['message']) listeners['message']({ data })
        else early.push(data)
      },
      onClose: (code) => listeners['close']?.({ code }),
    })
    void upgrade(protocols.join(', '))
    return 'mail-bridge.v1'
  })
  const connect = async (host = 'mx.example'): Promise<Connection> =>
    connectBridge({ url: 'wss://bridge.example', ticket: await ticketFor(`${host}:587`), host, port: 587, webSocket })
  return { bridge, far, targets, log, upgrade, connect }
}

describe('createEdgeBridge', () => {
  test('switches protocols, and names the one it speaks, not the ticket', async () => {
    const { upgrade } = edge({
      webSocketPair: () => ({ 0: 'end', 1: { accept() {}, send() {}, close() {}, addEventListener() {} } }),
    })
    const answer = await upgrade(`mail-bridge.v1, ${await ticketFor('mx.example:587')}`)
    expect(answer.status).toBe(101)
    expect(answer.headers.get('Sec-WebSocket-Protocol')).toBe('mail-bridge.v1')
  })

  test('carries octets both ways, to the host by name, as the runtime looks it up', async () => {
    const { far, targets, log, connect } = edge()
    const connection = await connect()
    await connection.write(encodeUtf8('EHLO'))
    expect(await far.read()).toEqual(encodeUtf8('EHLO'))
    await far.write(encodeUtf8('250 ok'))
    expect(await connection.read()).toEqual(encodeUtf8('250 ok'))
    expect(targets).toMatchObject([{ host: 'mx.example', port: 587, implicitTls: false }])
    expect(targets[0]).not.toHaveProperty('address')
    await far.close()
    await connection.close()
    await expect.poll(() => log).toMatchObject([{ code: 1000, octets: { up: 4, down: 6 } }])
  })

  test.each<{ name: string; fields: Record<string, string>; status: number }>([
    { name: 'no upgrade', fields: { upgrade: 'h2c' }, status: 426 },
    { name: 'another origin', fields: { origin: 'https://evil.example' }, status: 403 },
    { name: 'no ticket', fields: { 'sec-websocket-protocol': 'mail-bridge.v1' }, status: 400 },
    {
      name: 'a forged ticket',
      fields: { 'sec-websocket-protocol': `mail-bridge.v1, ticket.e30.${'A'.repeat(43)}` },
      status: 401,
    },
  ])('refuses $name with $status', async ({ fields, status }) => {
    const { upgrade, bridge } = edge()
    const answer = await upgrade(`mail-bridge.v1, ${await ticketFor('mx.example:587')}`, fields)
    expect([answer.status, bridge.health.counters.open]).toEqual([status, 0])
  })

  test('refuses after the upgrade what a page is to understand', async () => {
    const { connect, targets } = edge()
    expect(await rejectionOf(() => connect('other.example'))).toBe('BRIDGE_FORBIDDEN')
    expect(targets).toEqual([])
  })

  test('says what became of the connection, in the words of the protocol', async () => {
    const connect = async (): Promise<never> => {
      throw new MailError('SOCKETS_CONNECT_FAILED', 'Cannot connect: no reason is given')
    }
    expect(await rejectionOf(() => edge({ connect }).connect())).toBe('BRIDGE_CONNECT_FAILED')
  })

  test('looks names up where it is given how, and checks each address', async () => {
    const { connect, targets } = edge({ lookUp: async () => ['10.0.0.1'] })
    expect(await rejectionOf(() => connect())).toBe('BRIDGE_FORBIDDEN')
    expect(targets).toEqual([])
  })
})
