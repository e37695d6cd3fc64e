/** The control frames of mail-bridge.v1, which are JSON texts: docs/bridge-protocol.md, section "Control frames". */

import { encodeUtf8 } from '@posthorn/core'
import type { PeerCertificate } from '@posthorn/smtp'
import { MAX_CONTROL, MAX_DEMAND } from './limits.ts'

/** The TLS that a bridge has raised and verified. */
export interface BridgeTls {
  /** The protocol version, as `TLSv1.3`. */
  readonly protocol: string
  /** The cipher suite. */
  readonly cipher: string
  /** The name that the certificate proves. */
  readonly servername: string
  /** The certificate, where the bridge can see it. */
  readonly peer?: PeerCertificate
}

/** What a client says. */
export type ClientFrame =
  | { readonly op: 'open'; readonly host: string; readonly port: number; readonly tls: 'none' | 'implicit' }
  | { readonly op: 'pull'; readonly n: number }
  | { readonly op: 'starttls'; readonly servername: string }
  | { readonly op: 'end' }

/** An address of a server. */
export interface BridgeRemote {
  readonly address: string
  readonly port: number
}

/** What a bridge says. */
export type BridgeFrame =
  | {
      readonly op: 'opened'
      readonly credit: number
      readonly starttls: boolean
      readonly remote?: BridgeRemote
      readonly tls?: BridgeTls
    }
  | { readonly op: 'credit'; readonly bytes: number }
  | { readonly op: 'secure'; readonly tls: BridgeTls }
  | { readonly op: 'end' }
  | { readonly op: 'error'; readonly code: number; readonly message: string; readonly retryable: boolean }

/** Formats a frame of either end. */
export function formatFrame(frame: ClientFrame | BridgeFrame): string {
  return JSON.stringify(frame)
}

/**
 * Parses what a client says.
 *
 * @returns The frame, or `undefined` when it is none; members that it does not know are ignored.
 */
export function parseClientFrame(text: string): ClientFrame | undefined {
  const given = membersOf(text)
  switch (given?.['op']) {
    case 'open':
      return parseOpen(given)
    case 'pull':
      return isCount(given['n'], MAX_DEMAND) ? { op: 'pull', n: given['n'] } : undefined
    case 'starttls':
      return isText(given['servername']) ? { op: 'starttls', servername: given['servername'] } : undefined
    case 'end':
      return { op: 'end' }
    default:
      return undefined
  }
}

/**
 * Parses what a bridge says.
 *
 * @returns The frame, or `undefined` when it is none; members that it does not know are ignored.
 */
export function parseBridgeFrame(text: string): BridgeFrame | undefined {
  const given = membersOf(text)
  switch (given?.['op']) {
    case 'opened':
      return parseOpened(given)
    case 'credit':
      return isCount(given['bytes'], Number.MAX_SAFE_INTEGER) ? { op: 'credit', bytes: given['bytes'] } : undefined
    case 'secure': {
      const tls = parseTls(given['tls'])
      return tls && { op: 'secure', tls }
    }
    case 'end':
      return { op: 'end' }
    case 'error':
      return parseError(given)
    default:
      return undefined
  }
}

type Members = Readonly<Record<string, unknown>>

function membersOf(text: string): Members | undefined {
  // HAZARD: what is long is not looked into.
  if (text.length > MAX_CONTROL || encodeUtf8(text).length > MAX_CONTROL) return undefined
  try {
    return asMembers(JSON.parse(text))
  } catch {
    return undefined
  }
}

function asMembers(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}

function parseOpen({ host, port, tls }: Members): ClientFrame | undefined {
  if (!isText(host) || !isCount(port, 65_535) || (tls !== 'none' && tls !== 'implicit')) return undefined
  return { op: 'open', host, port, tls }
}

function parseOpened(given: Members): BridgeFrame | undefined {
  const { credit, starttls } = given
  const remote = parseRemote(given['remote'])
  const tls = parseTls(given['tls'])
  if (typeof starttls !== 'boolean' || !isCount(credit, Number.MAX_SAFE_INTEGER)) return undefined
  // What is there and malformed is not taken for absent.
  if ((given['remote'] !== undefined && !remote) || (given['tls'] !== undefined && !tls)) return undefined
  return { op: 'opened', credit, starttls, ...(remote && { remote }), ...(tls && { tls }) }
}

function parseRemote(value: unknown): BridgeRemote | undefined {
  const { address, port } = asMembers(value) ?? {}
  return isText(address) && isCount(port, 65_535) ? { address, port } : undefined
}

function parseTls(value: unknown): BridgeTls | undefined {
  const { protocol, cipher, servername, peer } = asMembers(value) ?? {}
  if (!isText(protocol) || !isText(cipher) || !isText(servername)) return undefined
  const certificate = parsePeer(peer)
  return { protocol, cipher, servername, ...(certificate && { peer: certificate }) }
}

function parsePeer(value: unknown): PeerCertificate | undefined {
  const { names, issuer, notAfter, sha256 } = asMembers(value) ?? {}
  if (!Array.isArray(names) || !names.every(isText) || !isText(notAfter) || !isText(sha256)) return undefined
  return { names, issuer: isText(issuer) ? issuer : '', notAfter, sha256 }
}

function parseError({ code, message, retryable }: Members): BridgeFrame | undefined {
  if (!isCount(code, 4999) || typeof message !== 'string' || typeof retryable !== 'boolean') return undefined
  return { op: 'error', code, message, retryable }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most
}
