/** Servers of the DNS as text: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`. */

import { isIP, isIPv4 } from 'node:net'
import { clip, MailError } from '@posthorn/core'
import type { ServerAddress } from './dns-exchange.ts'
import type { NodeErrorCode } from './error.ts'

const DNS_PORT = 53
const BRACKETED = /^\[([^\]]+)\](?::(\d{1,5}))?$/
const WITH_PORT = /^([\d.]+):(\d{1,5})$/

/**
 * Reads the address of a server, as `dns.getServers` of Node writes it.
 *
 * @internal
 * @throws {MailError} `NODE_BAD_OPTION` for what is none, a name for one.
 */
export function parseServerAddress(text: string): ServerAddress {
  const [, address = text, port = String(DNS_PORT)] = BRACKETED.exec(text) ?? WITH_PORT.exec(text) ?? []
  if (isIP(address) === 0 || Number(port) < 1 || Number(port) > 65_535) {
    throw badServer(`"${clip(text)}" is no address with or without a port`)
  }
  return { address, port: Number(port) }
}

/**
 * Tells whether a server is on this host.
 *
 * @internal
 */
export function isLoopback({ address }: ServerAddress): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'))
}

/**
 * Makes the error of servers that cannot be asked.
 *
 * @internal
 */
export function badServer(why: string): MailError<NodeErrorCode> {
  return new MailError('NODE_BAD_OPTION', `Cannot ask a server of the DNS: ${why}`)
}
