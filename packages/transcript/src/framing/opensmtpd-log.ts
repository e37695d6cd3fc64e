/** What OpenSMTPD notes of deliveries, and of what it refused. */

import type { Line } from '../import/line.ts'
import { readTime } from '../payload/time.ts'
import type { RecipientOutcome, TlsState } from '../session.ts'
import type { Delivery } from './delivery.ts'
import { fieldOf, headOf, type ReadLog, tlsState } from './log-fields.ts'

const OUTCOMES: Readonly<Record<string, RecipientOutcome>> = {
  Ok: 'accepted',
  TempFail: 'deferred',
  PermFail: 'rejected',
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
