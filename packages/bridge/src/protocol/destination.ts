/** Destinations as tickets and policies write them: `host:port`. */

import { parseHostName } from './host-name.ts'

/**
 * Where a connection may go.
 *
 * @internal
 */
export interface Destination {
  /** A host name in lower-case A-labels. */
  readonly host: string
  /** 1 to 65,535. */
  readonly port: number
}

const HOST_PORT = /^([^:]+):([1-9]\d{0,4})$/

/**
 * Parses `host:port`.
 *
 * @internal
 * @returns The parts; `undefined` for anything else, and for a host that {@link parseHostName} refuses.
 */
export function parseDestination(text: string): Destination | undefined {
  const [, name, digits] = HOST_PORT.exec(text) ?? []
  const host = name === undefined ? undefined : parseHostName(name)
  const port = Number(digits)
  return host !== undefined && isPort(port) ? { host, port } : undefined
}

/**
 * Formats a destination; the inverse of {@link parseDestination}.
 *
 * @internal
 */
export function formatDestination({ host, port }: Destination): string {
  return `${host}:${port}`
}

/**
 * Tells whether a number is a port.
 *
 * @internal
 */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
}
