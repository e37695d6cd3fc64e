/** Which connections begin with a header of the PROXY protocol, and the header taken off a socket before anything else. */

import type { Socket } from 'node:net'
import {
  clip,
  concatBytes,
  type IpNetwork,
  isInNetwork,
  MailError,
  parseIpAddress,
  parseIpNetwork,
  unmapIpAddress,
} from '@posthorn/core'
import { type Endpoint, readProxyHeader } from '@posthorn/smtp'
import type { NodeErrorCode } from './error.ts'

/**
 * The addresses whose connections begin with a header.
 *
 * @internal
 */
export class TrustedProxies {
  readonly #networks: readonly IpNetwork[]

  /** @param from The addresses, each alone or as a range. */
  constructor(from: readonly string[]) {
    this.#networks = from.map(networkOf)
  }

  /** Whether a connection from an address begins with a header. */
  includes(address: string | undefined): boolean {
    if (this.#networks.length === 0 || address === undefined) return false
    const octets = parseIpAddress(address)
    return octets !== undefined && this.#networks.some((network) => isInNetwork(unmapIpAddress(octets), network))
  }
}

function networkOf(text: string): IpNetwork {
  const network = parseIpNetwork(text)
  if (network) return network
  throw new MailError<NodeErrorCode>('NODE_LISTEN_FAILED', `Cannot listen: "${clip(text)}" is no range of addresses`)
}

/**
 * Takes the header off a socket; what follows it is left there.
 *
 * @internal
 * @returns The client; nothing when the proxy speaks for itself.
 */
export function takeProxyHeader(socket: Socket): Promise<Endpoint | undefined> {
  return new Promise((resolve, reject) => {
    let all: Uint8Array = new Uint8Array(0)
    const stop = (): void => {
      socket.off('readable', onReadable)
      socket.off('end', onEnd)
      socket.off('close', onEnd)
    }
    const onEnd = (): void => {
      stop()
      reject(fault('the connection ended before it'))
    }
    const onReadable = (): void => {
      const bytes: Uint8Array | null = socket.read()
      if (!bytes) return
      all = concatBytes([all, bytes])
      const header = readProxyHeader(all)
      if (header.type === 'more') return
      stop()
      if (header.type === 'bad') reject(fault('it is missing or malformed'))
      else {
        if (all.length > header.length) socket.unshift(all.subarray(header.length))
        resolve(header.source)
      }
    }
    socket.on('readable', onReadable)
    socket.on('end', onEnd)
    socket.on('close', onEnd)
  })
}

function fault(why: string): MailError<NodeErrorCode> {
  return new MailError('NODE_BAD_PROXY_HEADER', `Cannot read header of the proxy: ${why}`)
}
