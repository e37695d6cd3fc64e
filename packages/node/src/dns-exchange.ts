/** One message to a server of the DNS and its answer: over UDP (RFC 1035 section 4.2.1, RFC 5452) and TCP (RFC 7766). */

import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { concatBytes } from '@posthorn/core'

/** Where a server of the DNS listens. */
export interface ServerAddress {
  readonly address: string
  readonly port: number
}

/** What a message is for its question. */
export type Match = (message: Uint8Array) => 'match' | 'truncated' | 'mismatch'

/** One exchange. */
export interface Exchange {
  readonly server: ServerAddress
  readonly query: Uint8Array
  readonly matches: Match
  /** Ends it. */
  readonly signal: AbortSignal
}

// Datagrams that answer something else, after which somebody may be guessing.
const MAX_STRANGERS = 16

type Settle<T> = (error: unknown, value?: T) => void

/**
 * Asks over UDP, from a port that the system chooses anew.
 *
 * @internal
 * @returns The answer; nothing where it was cut, or where too many others came, so that it must be asked for over TCP.
 * @throws The error of the system, or the reason of the signal.
 */
export function askUdp({ server, query, matches, signal }: Exchange): Promise<Uint8Array | undefined> {
  return bounded(signal, (settle) => {
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4')
    let strangers = 0
    socket.on('error', settle)
    socket.on('message', (message, { port }) => {
      // HAZARD: the system leaves out what others send, and where it does not the port must be the one that was asked.
      const match = port === server.port ? matches(message) : 'mismatch'
      if (match === 'match') settle(undefined, new Uint8Array(message))
      else if (match === 'truncated' || ++strangers >= MAX_STRANGERS) settle(undefined, undefined)
    })
    socket.connect(server.port, server.address, () => socket.send(query, (error) => error && settle(error)))
    return () => socket.close()
  })
}

const LENGTH = 2

/**
 * Asks over TCP.
 *
 * @internal
 * @returns The answer, of 65,535 octets at most.
 * @throws The error of the system, that the server ended, or the reason of the signal.
 */
export function askTcp({ server, query, matches, signal }: Exchange): Promise<Uint8Array> {
  return bounded(signal, (settle: Settle<Uint8Array>) => {
    const socket = connect({ host: server.address, port: server.port, noDelay: true })
    const chunks: Uint8Array[] = []
    let [came, awaited] = [0, LENGTH]
    socket.on('error', settle)
    socket.on('close', () => settle(new Error('the server ended before its answer')))
    socket.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk)
      came += chunk.length
      if (came < awaited) return
      const octets = concatBytes(chunks)
      awaited = LENGTH + octets[0]! * 256 + octets[1]!
      if (came < awaited) return
      const message = octets.slice(LENGTH, awaited)
      if (matches(message) === 'match') settle(undefined, message)
      else settle(new Error('the server answered something else'))
    })
    // RFC 7766 section 8: the length goes with the message.
    socket.write(concatBytes([Uint8Array.of(query.length >> 8, query.length & 255), query]))
    return () => socket.destroy()
  })
}

// Begins something that ends by itself or by the signal, and is cleaned up once.
function bounded<T>(signal: AbortSignal, begin: (settle: Settle<T>) => () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    let isDone = false
    const settle: Settle<T> = (error, value) => {
      if (isDone) return
      isDone = true
      signal.removeEventListener('abort', onAbort)
      close()
      if (error) reject(error)
      else resolve(value as T)
    }
    const onAbort = (): void => settle(signal.reason ?? new Error('given up'))
    signal.addEventListener('abort', onAbort, { once: true })
    const close = begin(settle)
  })
}
