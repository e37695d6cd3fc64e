/** What tools say beside the dialogue: that they connected, that TLS is up, that something failed. */

import type { NoteEvent } from '../session.ts'

/** What a line of a tool tells. */
export interface Told {
  readonly kind: NoteEvent['kind']
  readonly name?: string
  readonly address?: string
  readonly port?: number
  readonly version?: string
  readonly cipher?: string
}

// The first that matches decides
const KINDS: readonly (readonly [NoteEvent['kind'], RegExp])[] = [
  [
    'tls-failed',
    /\b(?:TLS|SSL)\b[^:="]{0,40}\b(?:fail|error)|certificate verif\w+ fail|handshake fail|wrong version number|cannot start TLS/i,
  ],
  ['timeout', /timed out|ETIMEDOUT|never received|timeout (?:\(\d|waiting|after|exceeded|error)/i],
  [
    'error',
    /^(?:\*\*\* |.{0,60}\b(?:ERROR|Error|error)\b)|Connection refused|ECONNREFUSED|No route to host|Could not resolve|ENOTFOUND|unreachable|(?:Error|Exception): |\bfailed: /,
  ],
  [
    'tls-started',
    /TLS (?:started|connection (?:started|established)|session parameters)|SSL connection using|upgraded (?:with|to|using)|Protocol version: TLS|^New, TLSv|^-- TLS |SSL negotiation successful|^\s*\(TLS\d|TLS \w+ CONNECTION|^Ciphersuite: |^depth=0 |event=\S*tls\S*success|TLS protocol SP_PROT| X=TLS\d/i,
  ],
  [
    'closed',
    /connection (?:#\d+ )?(?:was |unexpectedly )?closed|clos(?:ed|ing) (?:the )?(?:transmission channel|connection)|closed by|disconnect(?:ed)?\b|^closed$|lost connection|left intact|Connection closed/i,
  ],
  [
    'connected',
    /connection (?:established|from|opened|to)\b|connect(?:ed|ing)? (?:to|from) (?!private|public|subsystem)|\bconnect ip=|\bTrying \S+:\d|opening to|SMTP server at|CONNECTED\(|CONNECTION ESTABLISHED/i,
  ],
]
const IPV4 = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?!\.?\d)/
const IPV6 = /\[([0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,45})\]/
const PORT = /(?:\d\.\d{1,3}\]?:|:[0-9A-Fa-f]{0,4}\]:|\bport[=: ]{1,3})(\d{2,5})(?!\d)/
const HOST = /(?:host "|to host |\bto |from |at |smtps?:\/\/)([A-Za-z0-9][\w.-]{0,250})/
const VERSION = /\bTLSv?(1(?:\.\d)?)\b/
const CIPHER = /\b(TLS_[A-Z0-9_]+|(?:ECDHE|DHE|AES\d*|CHACHA20|RSA|ADH)-[A-Z0-9-]{4,60})\b/
// As swaks writes them, whatever their names are
const WITH_CIPHER = / with cipher ([\w.]{1,20}):([\w-]{1,60})/
// As swaks and Exim have it: `TLSv1.3:NAME:256`
const NAMED = /\bTLSv?1(?:\.\d)?:([A-Z][\w-]{3,80})/
const GNUTLS = /^\s*\(TLS.*\(([A-Z0-9-]+)\)\s*$/

/** Says what a line of a tool tells; nothing for one that tells nothing of the session. */
export function readNote(text: string): Told | undefined {
  const head = text.slice(0, 500)
  const kind = KINDS.find(([, pattern]) => pattern.test(head))?.[0]
  if (!kind) return undefined
  if (kind === 'tls-started') return { kind, ...tlsOf(head) }
  return kind === 'connected' ? { kind, ...peerOf(head) } : { kind }
}

function tlsOf(text: string): Partial<Told> {
  const [, rareVersion, rareCipher] = WITH_CIPHER.exec(text) ?? []
  const number = VERSION.exec(text)?.[1]
  const version = number ? `TLSv${number}` : rareVersion
  const cipher = NAMED.exec(text)?.[1] ?? GNUTLS.exec(text)?.[1] ?? CIPHER.exec(text)?.[1] ?? rareCipher
  return { ...(version && { version }), ...(cipher && { cipher }) }
}

function peerOf(told: string): Partial<Told> {
  const text = told.replace(/ from \S+(?= to )/, '')
  const address = IPV4.exec(text)?.[1] ?? IPV6.exec(text)?.[1]
  const port = Number(PORT.exec(text)?.[1])
  const name = HOST.exec(text)?.[1]
  const isName = name !== undefined && /[A-Za-z]/.test(name) && name.includes('.')
  return { ...(address && { address }), ...(port && { port }), ...(isName && { name }) }
}
