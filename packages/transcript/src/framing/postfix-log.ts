/** What Postfix notes of deliveries, and of who came. */

import type { Line } from '../import/line.ts'
import { readTime } from '../payload/time.ts'
import type { Peer, RecipientOutcome, TlsState } from '../session.ts'
import type { Delivery } from './delivery.ts'
import { fieldOf, headOf, mechanismOf, type ReadLog, tlsState, withSenders } from './log-fields.ts'

const OUTCOMES: Readonly<Record<string, RecipientOutcome>> = {
  sent: 'accepted',
  deferred: 'deferred',
  bounced: 'rejected',
  expired: 'rejected',
  undeliverable: 'rejected',
}
const POSTFIX = /postfix[\w/-]*\/(\w+)\[\d+\]: ([0-9A-Za-z]{5,20}): (to|from)=<([^>]*)>/
const POSTFIX_TLS = / TLS connection established (?:to|from) (\S+?): (TLSv\S+) with cipher (\S+)/

// `mx.example.net[192.0.2.1]:25`
function relayOf(text: string): Peer {
  const found = /^([^[\s]+?)(?:\[([0-9A-Fa-f.:]+)\])?(?::(\d+))?$/.exec(text.slice(0, 500))
  const [, name, address, port] = found ?? []
  const isName = name !== undefined && !/^(?:none|unknown)$/.test(name) && name !== address
  return { ...(isName && { name }), ...(address && { address }), ...(port && { port: Number(port) }) }
}

/** Reads the lines of Postfix. */
export function readPostfixLog(lines: readonly Line[]): ReadLog {
  const senders = new Map<string, string>()
  const tls = new Map<string, TlsState | undefined>()
  const deliveries: Delivery[] = []
  const unexplained: Line[] = []
  for (const line of lines) {
    const head = headOf(line)
    const [, program, id = '', kind, address = ''] = POSTFIX.exec(head) ?? []
    const [, peer = '', version, cipher] = POSTFIX_TLS.exec(head) ?? []
    if (peer) tls.set(peer, tlsState(version, cipher))
    if (kind === 'from') senders.set(id, address)
    else if (kind === 'to') deliveries.push(postfixDelivery(line, id, address, program === 'lmtp', tls))
    else if (/postfix[\w/-]*\[\d+\]: /.test(head)) deliveries.push(...postfixIncoming(line, head, tls))
    else unexplained.push(line)
  }
  return { deliveries: withSenders(deliveries, senders), unexplained }
}

// What smtpd was offered: a client that logged in or failed to, and a refusal
function postfixIncoming(line: Line, head: string, tls: ReadonlyMap<string, TlsState | undefined>): Delivery[] {
  const [, id = 'NOQUEUE', accepted, method] = /: (\w+): client=(\S+?), sasl_method=(\w+)/.exec(head) ?? []
  const [, failed, failedMethod] = /: warning: (\S+?): SASL (\S+) authentication failed/.exec(head) ?? []
  const [, refusedId, stage, refused, said = ''] =
    /: (\w+): reject: ([A-Z-]+) from (\S+?): ([45]\d\d .*)$/.exec(head) ?? []
  const whom = accepted ?? failed ?? refused
  if (whom === undefined) return []
  const helo = /helo=<([^>]*)>/.exec(line.text)?.[1]
  const client = { ...relayOf(whom), ...(helo && { name: helo }) }
  const facts = { line, server: {}, client, tls: tls.get(whom), at: readTime(line.text.slice(0, 80)) }
  const mechanism = mechanismOf(method ?? failedMethod)
  if (mechanism) {
    const outcome = accepted ? 'accepted' : 'rejected'
    const told = { stage: `AUTH ${mechanism}`, outcome, text: accepted ? '' : 'authentication failed' } as const
    return [{ ...facts, ...told, key: `${id} ${whom}`, authentication: { mechanism, outcome } }]
  }
  return [
    {
      ...facts,
      key: `${refusedId} ${whom}`,
      ...(stage === 'RCPT' ? { recipient: / to=<([^>]*)>/.exec(line.text)?.[1] ?? '' } : { stage }),
      sender: / from=<([^>]*)>/.exec(line.text)?.[1],
      outcome: said.startsWith('4') ? 'deferred' : 'rejected',
      text: `${said.replace(/; (?:from|proto)=.*$/, '')} (in reply to ${stage}`,
    },
  ]
}

function postfixDelivery(
  line: Line,
  id: string,
  recipient: string,
  lmtp: boolean,
  tls: ReadonlyMap<string, TlsState | undefined>,
): Delivery {
  const { text } = line
  const relay = fieldOf(text, 'relay') ?? ''
  const status = fieldOf(text, 'status') ?? ''
  const open = text.indexOf('(', text.indexOf(` status=${status}`))
  const words = open < 0 ? '' : text.slice(open + 1, text.endsWith(')') ? -1 : undefined)
  const facts = { key: `${id} ${relay}`, line, recipient, server: relayOf(relay), lmtp, tls: tls.get(relay) }
  return {
    ...facts,
    outcome: OUTCOMES[status] ?? 'unknown',
    text: words,
    status: fieldOf(text, 'dsn'),
    at: readTime(text.slice(0, 80)),
  }
}
