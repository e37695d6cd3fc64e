/** A connection by a proxy that speaks HTTP: CONNECT of RFC 9110 section 9.3.6, with Basic of RFC 7617. */

import type { Socket } from 'node:net'
import { clip } from '@posthorn/core'
import { type ProxyDestination, type ProxyServer, proxyFault } from './proxy-target.ts'

/**
 * Asks for a connection.
 *
 * @internal
 * @param socket The connection to the proxy.
 * @param proxy Who is asked.
 * @param destination For what.
 * @returns When it stands; what the server has said already is still to be read from the socket.
 * @throws {MailError} `NODE_PROXY_FAILED`.
 */
export async function connectByHttp(socket: Socket, proxy: ProxyServer, destination: ProxyDestination): Promise<void> {
  const { request } = await import('node:http')
  const { host, port } = destination
  const path = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const headers = { host: path, ...authorization(proxy) }
  await new Promise<void>((resolve, reject) => {
    const asking = request({ method: 'CONNECT', path, headers, createConnection: () => socket })
    asking.on('connect', ({ statusCode = 0, statusMessage = '' }, _, head) => {
      // RFC 9110 section 9.3.6: any of 2xx.
      if (statusCode < 200 || statusCode > 299) {
        reject(proxyFault(`it answers ${statusCode} ${clip(statusMessage)}`.trimEnd()))
        return
      }
      // A server that speaks first may be as fast as the answer.
      if (head.length > 0) socket.unshift(head)
      resolve()
    })
    asking.on('error', (cause) => reject(proxyFault(cause.message, cause)))
    asking.end()
  })
}

function authorization({ username, password }: ProxyServer): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {}
  return { 'proxy-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}
