/** What Postfix, Exim and OpenSMTPD note of deliveries. */

import type { Line } from '../import/line.ts'
import { readTime } from '../payload/time.ts'
import type { Peer, RecipientOutcome } from '../session.ts'
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
const EXIM =
  /^[\d-]{10} [\d:.]{8,12}(?: [+-]\d{4})?(?: \[\d+\])? (\w{6}-\w{6,11}-\w{2,4}) (<=|=>|->|==|\*\*|Completed|Frozen|Message|Unfrozen)(?: (\S+))?/

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
  const isName = name !== undefined && name !== 'none' && name !== address
  return { ...(isName && { name }), ...(address && { address }), ...(port && { port: Number(port) }) }
}

/** Reads the lines of Postfix. */
export function readPostfixLog(lines: readonly Line[]): ReadLog {
  const senders = new Map<string, string>()
  const deliveries: Delivery[] = []
  const unexplained: Line[] = []
  for (const line of lines) {
    const [, program, id = '', kind, address = ''] = POSTFIX.exec(line.text.slice(0, 1000)) ?? []
    if (kind === 'from') senders.set(id, address)
    else if (kind === 'to') deliveries.push(postfixDelivery(line, id, address, program === 'lmtp'))
    else if (!/postfix[\w/-]*\[\d+\]: /.test(line.text.slice(0, 400))) unexplained.push(line)
  }
  return { deliveries: deliveries.map((one) => withSender(one, senders.get(one.key.split(' ')[0] ?? ''))), unexplained }
}

function withSender(one: Delivery, sender: string | undefined): Delivery {
  return sender === undefined ? one : { ...one, sender }
}

function postfixDelivery(line: Line, id: string, recipient: string, lmtp: boolean): Delivery {
  const { text } = line
  const relay = fieldOf(text, 'relay') ?? ''
  const status = fieldOf(text, 'status') ?? ''
  const open = text.indexOf('(', text.indexOf(` status=${status}`))
  const words = open < 0 ? '' : text.slice(open + 1, text.endsWith(')') ? -1 : undefined)
  const facts = { key: `${id} ${relay}`, line, recipient, server: relayOf(relay), lmtp }
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
    if (flag === '<=') senders.set(id, address === '<>' ? '' : address)
    else if (OUTCOMES[flag]) deliveries.push(eximDelivery(line, id, flag, address))
    else if (id === '') unexplained.push(line)
  }
  return { deliveries: deliveries.map((one) => withSender(one, senders.get(one.key.split(' ')[0] ?? ''))), unexplained }
}

function eximDelivery(line: Line, id: string, flag: string, recipient: string): Delivery {
  const { text } = line
  const [, name, address, port] = / H=(\S+) \[([0-9A-Fa-f.:]+)\](?::(\d+))?/.exec(text) ?? []
  const server: Peer = { ...(name && { name }), ...(address && { address }), ...(port && { port: Number(port) }) }
  const confirmation = flag === '=>' || flag === '->' ? (fieldOf(text, 'C') ?? '') : text.slice(text.indexOf(': ') + 2)
  const facts = { key: `${id} ${address ?? ''}`, line, recipient, server, text: confirmation }
  return { ...facts, outcome: OUTCOMES[flag] ?? 'unknown', at: readTime(text.slice(0, 40)) }
}

/** Reads the lines of OpenSMTPD. */
export function readOpenSmtpdLog(lines: readonly Line[]): ReadLog {
  const deliveries: Delivery[] = []
  const unexplained: Line[] = []
  for (const line of lines) {
    const one = openSmtpdDelivery(line)
    if (one) deliveries.push(one)
    else if (!/smtpd\[\d+\]: /.test(line.text.slice(0, 200))) unexplained.push(line)
  }
  return { deliveries, unexplained }
}

function openSmtpdDelivery(line: Line): Delivery | undefined {
  const { text } = line
  const at = readTime(text.slice(0, 60))
  const failed =
    /(?:session (\w+)|: (\w{16}) smtp failed-command).*?"(?:RCPT TO|MAIL FROM):\s?<([^>]*)>"? .*?(?:=> |result="?)([45]\d\d[^"]*)/i.exec(
      text,
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
  const facts = { key: `${/: (\w{16}) /.exec(text)?.[1] ?? ''} ${relay}`, line, server, sender, at }
  return {
    ...facts,
    recipient: to.replace(/^<|>$/g, ''),
    outcome,
    text: fieldOf(text, 'stat') ?? '',
    status: undefined,
  }
}
