/** What the logs of mail servers have in common: fields, ciphers, the names of mechanisms, and what is read of them. */

import type { Line } from '../import/line.ts'
import type { TlsState } from '../session.ts'
import type { Delivery } from './delivery.ts'

/** What the lines of a log come to. */
export interface ReadLog {
  readonly deliveries: Delivery[]
  readonly unexplained: Line[]
}

// HAZARD: patterns that may begin at many places of a line see no more of it
const HEAD = 2000

/** Gives the head of a line. */
export function headOf({ text }: Line): string {
  return text.slice(0, HEAD)
}

/** Gives the value of a field, as `relay=`. */
export function fieldOf(text: string, name: string): string | undefined {
  const at = text.indexOf(` ${name}=`)
  if (at < 0) return undefined
  const from = at + name.length + 2
  if (text[from] === '"') return text.slice(from + 1, text.indexOf('"', from + 1))
  const comma = text.slice(from, from + 1000).search(/[, ]/)
  return comma < 0 ? text.slice(from) : text.slice(from, from + comma)
}

/** Reads a version, as `TLSv1.3` or `TLS1.3`. */
export function tlsState(version: string | undefined, cipher: string | undefined): TlsState | undefined {
  const number = /[\d.]+$/.exec(version ?? '')?.[0]
  return number ? { state: 'started', version: `TLSv${number}`, ...(cipher && { cipher }) } : undefined
}

/** Gives the name of a mechanism, or what an administrator named its authenticator. */
export function mechanismOf(name: string | undefined): string | undefined {
  const known = /plain|login|cram|gssapi|external|ntlm|xoauth2|oauthbearer|scram[\w-]*/i.exec(name ?? '')?.[0]
  return (known === 'cram' ? 'cram-md5' : (known ?? name?.split(':')[0]))?.toUpperCase()
}

/** Gives deliveries their senders, which stand on lines of their own, by the queue id that the key begins with. */
export function withSenders(deliveries: readonly Delivery[], senders: ReadonlyMap<string, string>): Delivery[] {
  return deliveries.map((one) => {
    const sender = senders.get(one.key.split(' ')[0] ?? '')
    return sender === undefined ? one : { ...one, sender }
  })
}
