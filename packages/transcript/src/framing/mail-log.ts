/** What Postfix, Exim and OpenSMTPD note of deliveries. */

import type { Line } from '../import/line.ts'
import { readTime } from '../payload/time.ts'
import type { Peer, RecipientOutcome, TlsState } from '../session.ts'
import type { Delivery } from './delivery.ts'

/** What the lines of a log come to. */
export interface ReadLog {
  readonly deliveries: Delivery[]
  readonly unexplained: Line[]
}

const OUTCOMES: Readonly<Record<string, RecipientOutcome>> = {
  sent: 'accepted',
  deferred: 'deferred',
  bounced: 'rejected',
  expired: 'rejected',
  undeliverable: 'rejected',
  '=>': 'accepted',
  '->': 'accepted',
  '==': 'deferred',
  '**': 'rejected',
  Ok: 'accepted',
  TempFail: 'deferred',
  PermFail: 'rejected',
}
const POSTFIX = /postfix[\w/-]*\/(\w+)\[\d+\]: ([0-9A-Za-z]{5,20}): (to|from)=<([^>]*)>/
const POSTFIX_TLS = / TLS connection established (?:to|from) (\S+?): (TLSv\S+) with cipher (\S+)/
const EXIM_REFUSAL =
  /(temporarily )?rejected (RCPT|MAIL) <([^>]*)>: (.*)$|\b(\w{1,64}) authenticator failed for .*?: ([45]\d\d .*?)(?: \(set_id=.*)?$/
const EXIM =
  /^[\d-]{10} [\d:.]{8,12}(?: [+-]\d{4})?(?: \[\d+\])? (\w{6}-\w{6,11}-\w{2,4}) (<=|=>|->|==|\*\*|Completed|Frozen|Message|Unfrozen)(?: (\S+))?/

// HAZARD: patterns that may begin at many places of a line see no more of it
const HEAD = 2000

function headOf({ text }: Line): string {
  return text.slice(0, HEAD)
}

function fieldOf(text: string, name: string): string | undefined {
  const at = text.indexOf(` ${name}=`)
  if (at < 0) return undefined
  const from = at + name.length + 2
  if (text[from] === '"') return text.slice(from + 1, text.indexOf('"', from + 1))
  const comma = text.slice(from, from + 1000).search(/[, ]/)
  return comma < 0 ? text.slice(from) : text.slice(from, from + comma)
}

// `mx.example.net[192.0.2.1]:25`
function relayOf(text: string): Peer {
  const found = /^([^[\s]+?)(?:\[([0-9A-Fa-f.:]+)\])?(?::(\d+))?$/.exec(text.slice(0, 500))
  const [, name, address, port] = found ?? []
  const isName = name !== undefined && !/^(?:none|unknown)$/.test(name) && name !== address
  return { ...(isName && { name }), ...(address && { address }), ...(port && { port: Number(port) }) }
}

// `TLSv1.3`, `TLS1.3`
function tlsState(version: string | undefined, cipher: string | undefined): TlsState | undefined {
  const number = /[\d.]+$/.exec(version ?? '')?.[0]
  return number ? { state: 'started', version: `TLSv${number}`, ...(cipher && { cipher }) } : undefined
}

// The name of a mechanism, or what an administrator named its authenticator
function mechanismOf(name: string | undefined): string | undefined {
  const known = /plain|login|cram|gssapi|external|ntlm|xoauth2|oauthbearer|scram[\w-]*/i.exec(name ?? '')?.[0]
  return (known === 'cram' ? 'cram-md5' : (known ?? name?.split(':')[0]))?.toUpperCase()
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
  return { deliveries: deliveries.map((one) => withSender(one, senders.get(one.key.split(' ')[0] ?? ''))), unexplained }
}

function withSender(one: Delivery, sender: string | undefined): Delivery {
  return sender === undefined ? one : { ...one, sender }
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

/** Reads the lines of Exim's main log. */
export function readEximLog(lines: readonly Line[]): ReadLog {
  const senders = new Map<string, string>()
  const deliveries: Delivery[] = []
  const unexplained: Line[] = []
  for (const line of lines) {
    const [, id = '', flag = '', address = ''] = EXIM.exec(line.text) ?? []
    if (flag === '<=') {
      senders.set(id, address === '<>' ? '' : address)
      if (fieldOf(line.text, 'A')) deliveries.push(eximIncoming(line, id))
    } else if (OUTCOMES[flag]) deliveries.push(eximDelivery(line, id, flag, address))
    else if (EXIM_REFUSAL.test(headOf(line))) deliveries.push(eximIncoming(line, id))
    else if (id === '') unexplained.push(line)
  }
  return { deliveries: deliveries.map((one) => withSender(one, senders.get(one.key.split(' ')[0] ?? ''))), unexplained }
}

// `H=c.example.com [192.0.2.1]:25`, `(c.example.com) [192.0.2.9]`
function eximPeer(text: string): Peer {
  const [, name, address, port] =
    /(?: H=| for )(?:([^\s[(]\S*) )?(?:\(\S*\) )?\[([0-9A-Fa-f.:]+)\](?::(\d+))?/.exec(text) ?? []
  return { ...(name && { name }), ...(address && { address }), ...(port && { port: Number(port) }) }
}

function eximLink(text: string): Pick<Delivery, 'tls' | 'authentication'> {
  const [version, cipher] = fieldOf(text, 'X')?.split(':') ?? []
  const mechanism = mechanismOf(fieldOf(text, 'A'))
  return { tls: tlsState(version, cipher), ...(mechanism && { authentication: { mechanism, outcome: 'accepted' } }) }
}

// A message that came from somebody who logged in, and what was refused
function eximIncoming(line: Line, id: string): Delivery {
  const { text } = line
  const [, later, verb, address, words, authenticator, reply] = EXIM_REFUSAL.exec(headOf(line)) ?? []
  const client = eximPeer(text)
  const facts = {
    key: `${id} ${client.address} ${verb}`,
    line,
    server: {},
    client,
    at: readTime(text.slice(0, 40)),
    ...eximLink(text),
  }
  if (verb === undefined) {
    const mechanism = facts.authentication?.mechanism ?? mechanismOf(authenticator) ?? ''
    const authentication = facts.authentication ?? { mechanism, outcome: 'rejected' }
    const outcome = reply ? 'rejected' : 'accepted'
    return { ...facts, stage: `AUTH ${mechanism}`, outcome, authentication, text: reply ?? '' }
  }
  return {
    ...facts,
    ...(verb === 'RCPT' ? { recipient: address } : { stage: verb }),
    sender: verb === 'MAIL' ? address : fieldOf(text, 'F')?.replace(/^<|>$/g, ''),
    outcome: later ? 'deferred' : 'rejected',
    text: words ?? '',
  }
}

function eximDelivery(line: Line, id: string, flag: string, recipient: string): Delivery {
  const { text } = line
  const server = eximPeer(text)
  const confirmation = flag === '=>' || flag === '->' ? (fieldOf(text, 'C') ?? '') : text.slice(text.indexOf(': ') + 2)
  const facts = { key: `${id} ${server.address ?? ''}`, line, recipient, server, text: confirmation, ...eximLink(text) }
  return { ...facts, outcome: OUTCOMES[flag] ?? 'unknown', at: readTime(text.slice(0, 40)) }
}

/** Reads the lines of OpenSMTPD. */
export function readOpenSmtpdLog(lines: readonly Line[]): ReadLog {
  const deliveries: Delivery[] = []
  const tls = new Map<string, TlsState | undefined>()
  const unexplained: Line[] = []
  for (const line of lines) {
    const [, session = '', version, cipher] =
      /(?:^|: )(\w{16}) \w+ tls ciphers="?([^:\s]+):([^:\s"]+)/.exec(line.text) ?? []
    if (session) tls.set(session, tlsState(version, cipher))
    const one = openSmtpdDelivery(line)
    if (one) deliveries.push({ ...one, tls: tls.get(one.key.slice(0, 16)) })
    else if (!/smtpd\[\d+\]: |^\w{16} |^smtp-/.test(line.text.slice(0, 200))) unexplained.push(line)
  }
  return { deliveries, unexplained }
}

function openSmtpdDelivery(line: Line): Delivery | undefined {
  const { text } = line
  const at = readTime(text.slice(0, 60))
  const failed =
    /(?:session (\w+)|(?:^|: )(\w{16}) smtp failed-command).*?"(?:RCPT TO|MAIL FROM):\s?<([^>]*)>"? .*?(?:=> |result="?)([45]\d\d[^"]*)/i.exec(
      headOf(line),
    )
  if (failed) {
    const [, old, session, recipient = '', reply = ''] = failed
    const outcome = reply.startsWith('4') ? 'deferred' : 'rejected'
    return { key: old ?? session ?? '', line, recipient, outcome, server: {}, text: `${reply} (in reply to RCPT`, at }
  }
  const result = fieldOf(text, 'result') ?? /relay: (\w+) /.exec(text)?.[1]
  const to = fieldOf(text, 'to')
  const outcome = OUTCOMES[result ?? '']
  if (!outcome || to === undefined) return undefined
  const relay = fieldOf(text, 'relay') ?? ''
  const found = /^"?(\S+) \(([^)]*)\)/.exec(relay)
  const server = found ? { address: found[1] ?? '', name: found[2] ?? '' } : {}
  const sender = fieldOf(text, 'from')?.replace(/^<|>$/g, '')
  const facts = { key: `${/(?:^|: )(\w{16}) /.exec(text)?.[1] ?? ''} ${relay}`, line, server, sender, at }
  return {
    ...facts,
    recipient: to.replace(/^<|>$/g, ''),
    outcome,
    text: fieldOf(text, 'stat') ?? '',
    status: undefined,
  }
}
