/**
 * Mailboxes and paths of the envelope: RFC 5321 section 4.1.2, RFC 6531 section 3.3.
 * These are not the addresses of header fields, which have another grammar.
 */

import { clip, isAscii, isDomain, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { DOT_STRING, isHost, isLonger, QUOTED_STRING } from './grammar.ts'

/** A mailbox of the envelope. */
export interface Mailbox {
  /** The local part as it is meant, without quotes and escapes; its letter case matters. */
  readonly localPart: string
  /** A domain name, or an address literal in its brackets. */
  readonly domain: string
}

/** Where a report of failure goes; `null` is `<>`, which asks for none. */
export type ReversePath = Mailbox | null

/** Where a message goes; `postmaster` without a domain is the one of the server itself. */
export type ForwardPath = Mailbox | 'postmaster'

// RFC 5321 section 4.5.3.1.3: a path of 256 octets, its brackets counted.
const MAX_PATH = 254

const UNICODE = { unicode: true } as const

/**
 * Parses a `Mailbox`.
 *
 * @param text The address without angle brackets.
 * @returns Its two parts; the local part unquoted.
 * @throws {MailError} `COMMAND_BAD_PATH` when it is not well-formed or is longer than a path may be.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2 | RFC 5321 section 4.1.2}
 * @example
 * parseMailbox('"a b"@mx.example') // { localPart: 'a b', domain: 'mx.example' }
 * parseMailbox('a b@mx.example') // throws COMMAND_BAD_PATH
 */
export function parseMailbox(text: string): Mailbox {
  if (isLonger(text, MAX_PATH)) throw badPath(text)
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  const domain = text.slice(at + 1)
  const quoted = local.startsWith('"')
  if (!(quoted ? QUOTED_STRING : DOT_STRING).test(local) || !isHost(domain, UNICODE)) throw badPath(text)
  return { localPart: quoted ? local.slice(1, -1).replace(/\\(.)/gu, '$1') : local, domain }
}

/**
 * Formats a mailbox, with quotes where the local part needs them; the inverse of {@link parseMailbox}.
 *
 * @param mailbox The two parts.
 * @returns The address without angle brackets.
 * @throws {MailError} `COMMAND_BAD_PATH` when a part cannot stand in a mailbox.
 * @example
 * formatMailbox({ localPart: 'a b', domain: 'mx.example' }) // '"a b"@mx.example'
 */
export function formatMailbox(mailbox: Mailbox): string {
  const { localPart, domain } = mailbox
  if (localPart.length > MAX_PATH) throw badPath(localPart)
  const plain = DOT_STRING.test(localPart)
  const local = plain ? localPart : `"${localPart.replace(/["\\]/g, '\\$&')}"`
  const text = `${local}@${domain}`
  // HAZARD: an `@` in the domain would move the boundary and send the message elsewhere; no domain has one.
  const wellFormed = (plain || QUOTED_STRING.test(local)) && isHost(domain, UNICODE) && !isLonger(text, MAX_PATH)
  if (!wellFormed) throw badPath(text)
  return text
}

/**
 * Tells whether a mailbox is US-ASCII alone, so that it needs no SMTPUTF8.
 *
 * @param path A reverse-path or forward-path.
 * @example
 * isAsciiPath({ localPart: 'δοκιμή', domain: 'mx.example' }) // false
 */
export function isAsciiPath(path: ReversePath | ForwardPath): boolean {
  return path === null || path === 'postmaster' || (isAscii(path.localPart) && isAscii(path.domain))
}

/**
 * Formats a path with its angle brackets.
 *
 * @internal
 */
export function formatPath(path: ReversePath | ForwardPath): string {
  if (path === null) return '<>'
  return path === 'postmaster' ? '<postmaster>' : `<${formatMailbox(path)}>`
}

/**
 * Parses a path in its angle brackets; a source route is dropped, as RFC 5321 appendix C asks.
 *
 * @internal
 */
export function parsePath(text: string): Mailbox | undefined {
  if (text === '<>') return undefined
  if (!text.startsWith('<') || !text.endsWith('>')) throw badPath(text)
  return parseMailbox(dropSourceRoute(text.slice(1, -1)))
}

// A-d-l = At-domain *( "," At-domain ) ":"        ; At-domain = "@" Domain
function dropSourceRoute(inner: string): string {
  if (!inner.startsWith('@')) return inner
  const colon = inner.indexOf(':')
  const hops = inner.slice(0, Math.max(colon, 0)).split(',')
  if (!hops.every((hop) => hop.startsWith('@') && isDomain(hop.slice(1)))) throw badPath(inner)
  return inner.slice(colon + 1)
}

/** @internal */
export function badPath(text: string): MailError<CommandErrorCode> {
  return new MailError('COMMAND_BAD_PATH', `Cannot take address "${clip(text)}"`, { spec: 'rfc5321#section-4.1.2' })
}
