/** The ends of a socket, as far as the sockets API tells addresses and not names. */

import type { Endpoint } from '@posthorn/smtp'
import type { SocketsInfo } from './sockets-api.ts'

// An IPv4 address, or an IPv6 address in brackets, and a port.
const ENDPOINT = /^(?:(\d{1,3}(?:\.\d{1,3}){3})|\[([0-9a-f:.]{2,45})\]):(\d{1,5})$/i

/**
 * Gives the ends of a socket; a runtime that names the host it was given has told nothing.
 *
 * @internal
 */
export function endpointsOf({ localAddress, remoteAddress }: SocketsInfo): { local?: Endpoint; remote?: Endpoint } {
  const [local, remote] = [parseEndpoint(localAddress), parseEndpoint(remoteAddress)]
  return { ...(local && { local }), ...(remote && { remote }) }
}

function parseEndpoint(text: string | null | undefined): Endpoint | undefined {
  const [, v4, v6, port] = ENDPOINT.exec(text ?? '') ?? []
  const address = v4 ?? v6
  return address === undefined ? undefined : { address, port: Number(port) }
}
