/** The fields of a delivery report, as they stand in a bounce message: RFC 3464 section 2. */

import type { Line } from '../import/line.ts'
import type { RecipientOutcome } from '../session.ts'
import type { Delivery } from './delivery.ts'
import type { ReadLog } from './log-fields.ts'

const ACTIONS: Readonly<Record<string, RecipientOutcome>> = {
  failed: 'rejected',
  delayed: 'deferred',
  delivered: 'accepted',
  relayed: 'accepted',
  expanded: 'accepted',
}
const FIELD =
  /^(Reporting-MTA|Received-From-MTA|Arrival-Date|Original-Envelope-Id|Original-Recipient|Final-Recipient|Action|Status|Remote-MTA|Diagnostic-Code|Last-Attempt-Date|Final-Log-ID|Will-Retry-Until|X-[\w-]+): ?(.*)$/i

type Fields = Map<string, string>

/** Reads the fields of a report; the words of the bounce and the message that came back are not explained. */
export function readDeliveryReport(lines: readonly Line[]): ReadLog {
  const deliveries: Delivery[] = []
  const unexplained: Line[] = []
  let fields: Fields = new Map()
  let last = ''
  let first: Line | undefined
  const close = (): void => {
    const one = first && deliveryOf(fields, first)
    if (one) deliveries.push(one)
    fields = new Map()
    first = undefined
  }
  for (const line of lines) {
    const [, name, value = ''] = FIELD.exec(line.text) ?? []
    if (line.text.trim() === '') close()
    else if (name) {
      last = name.toLowerCase()
      if (last === 'final-recipient' && fields.has(last)) close()
      fields.set(last, value)
      first ??= line
    } else if (first && /^\s/.test(line.text)) fields.set(last, `${fields.get(last) ?? ''} ${line.text.trim()}`)
    else unexplained.push(line)
  }
  close()
  return { deliveries, unexplained }
}

// `rfc822; a@example.net`
function typed(text: string | undefined): string | undefined {
  return text?.slice(text.indexOf(';') + 1).trim()
}

function deliveryOf(fields: Fields, line: Line): Delivery | undefined {
  const recipient = typed(fields.get('final-recipient') ?? fields.get('original-recipient'))
  if (recipient === undefined) return undefined
  const name = typed(fields.get('remote-mta'))
  const outcome = ACTIONS[fields.get('action')?.toLowerCase() ?? ''] ?? 'unknown'
  const words = typed(fields.get('diagnostic-code')) ?? ''
  const text = /^[2-5]\d\d[ -]/.test(words) ? `${words} (in reply to RCPT` : words
  const status = /^[245]\.\d+\.\d+/.exec(fields.get('status') ?? '')?.[0]
  return {
    key: name ?? '',
    line,
    recipient: recipient.replace(/^<|>$/g, ''),
    outcome,
    server: name ? { name } : {},
    text,
    status,
  }
}
