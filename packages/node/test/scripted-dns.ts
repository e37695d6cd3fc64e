/** A server of the DNS on loopback, by UDP and TCP on one port, which does what a test says. */

import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type Server, type Socket } from 'node:net'
import { decode, encode, type Packet } from '@dnsquery/dns-packet'

/** A question as it came. */
export interface Asked {
  readonly via: 'udp' | 'tcp'
  readonly id: number
  readonly name: string
  readonly type: string
  /** The port that it came from. */
  readonly port: number
  /** What EDNS says of the size of answers. */
  readonly payloadSize: number | undefined
}

/** What is said to it: messages, some of which may be cut or forged; none: it is not answered. */
export type Script = (asked: Asked, reply: (more?: Reply) => Uint8Array) => readonly Uint8Array[]

/** What differs from an answer without records. */
export interface Reply {
  readonly id?: number
  readonly name?: string
  readonly type?: string
  readonly rcode?: number
  readonly flags?: number
  readonly answers?: readonly object[]
  readonly authorities?: readonly object[]
}

export const AD = 0x0020
export const TC = 0x0200

/** It at work. */
export interface ScriptedDns {
  readonly address: string
  readonly asked: Asked[]
  script: Script
  close(): Promise<void>
}

function answerTo(
  message: Uint8Array,
  via: Asked['via'],
  port: number,
): { asked: Asked; reply: (more?: Reply) => Uint8Array } {
  const packet = decode(message) as Packet & { id: number; additionals: { udpPayloadSize?: number }[] }
  const [question] = packet.questions as { name: string; type: string }[]
  const asked = {
    via,
    port,
    id: packet.id,
    name: question!.name,
    type: question!.type,
    payloadSize: packet.additionals[0]?.udpPayloadSize,
  }
  const reply = ({ id = packet.id, name, type, rcode = 0, flags = 0, answers = [], authorities = [] }: Reply = {}) =>
    new Uint8Array(
      encode({
        id,
        type: 'response',
        flags: flags | rcode,
        questions: [{ ...question!, ...(name && { name }), ...(type && { type }) }],
        answers: answers.map((one) => ({ class: 'IN', ttl: 300, name: question!.name, ...one })),
        authorities,
      } as never),
    )
  return { asked, reply }
}

const framed = (message: Uint8Array): Buffer => Buffer.from([message.length >> 8, message.length & 255, ...message])

/** Starts one. */
export async function startScriptedDns(script: Script, host = '127.0.0.1'): Promise<ScriptedDns> {
  const sockets = new Set<Socket>()
  const tcp: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      const { asked, reply } = answerTo(chunk.subarray(2), 'tcp', socket.remotePort!)
      server.asked.push(asked)
      // In pieces, as it may come.
      for (const message of server.script(asked, reply)) {
        socket.write(framed(message).subarray(0, 1))
        setImmediate(() => socket.write(framed(message).subarray(1)))
      }
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, host, resolve))
  const { port } = tcp.address() as { port: number }
  const udp: UdpSocket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  udp.on('message', (message, from) => {
    const { asked, reply } = answerTo(message, 'udp', from.port)
    server.asked.push(asked)
    for (const one of server.script(asked, reply)) udp.send(one, from.port, from.address)
  })
  await new Promise<void>((resolve) => udp.bind(port, host, resolve))
  const server: ScriptedDns = {
    address: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    asked: [],
    script,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => tcp.close(resolve))
      await new Promise<void>((resolve) => udp.close(() => resolve()))
    },
  }
  return server
}
