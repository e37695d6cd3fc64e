/** What Exim notes of deliveries in its main log, and of who came. */

import type { Line } from '../import/line.ts'
import { readTime } from '../payload/time.ts'
import type { Peer, RecipientOutcome } from '../session.ts'
import type { Delivery } from './delivery.ts'
import { fieldOf, headOf, mechanismOf, type ReadLog, tlsState, withSenders } from './log-fields.ts'

const OUTCOMES: Readonly<Record<string, RecipientOutcome>> = {
  '=>': 'accepted',
  '->': 'accepted',
  '==': 'deferred',
  '**': 'rejected',
}
const EXIM_REFUSAL =
  /(temporarily )?rejected (RCPT|MAIL) <([^>]*)>: (.*)$|\b(\w{1,64}) authenticator failed for .*?: ([45]\d\d .*?)(?: \(set_id=.*)?$/
const EXIM =
  /^[\d-]{10} [\d:.]{8,12}(?: [+-]\d{4})?(?: \[\d+\])? (\w{6}-\w{6,11}-\w{2,4}) (<=|=>|->|==|\*\*|Completed|Frozen|Message|Unfrozen)(?: (\S+))?/

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
  return { deliveries: withSenders(deliveries, senders), unexplained }
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
