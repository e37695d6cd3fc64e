/** What mail clients and mailbox providers show their users of a refusal: one reply, in a sentence. */

import type { Line } from '../import/line.ts'
import type { RecipientOutcome } from '../session.ts'
import type { Delivery } from './delivery.ts'
import type { ReadLog } from './log-fields.ts'

const SAYS =
  /Server Response: '(.*?)', Port: (\d+), Secure\(SSL\): (Yes|No)|(?:mail server responded|remote server was): *(.*?)(?:\. Please .*)?$|Remote [Ss]erver returned '(.*?)'/
const SERVER = /\bServer: '([^']+)'/
const RECIPIENT = /(?:rejected e-mail address was '|message recipient "?)([^'"\s]+@[^'"\s]+?)['"]?(?:\. | and|$)/
// HAZARD: the sentence may begin at many places of a line, and is not longer
const MOST = 2000

/** Reads the sentences. */
export function readClientDialog(lines: readonly Line[]): ReadLog {
  const read: ReadLog = { deliveries: [], unexplained: [] }
  // Whether a sentence announces what stands below it
  let announced = false
  for (const line of lines) {
    const found = SAYS.exec(line.text.slice(0, MOST))
    const words: string = found ? (found[1] ?? found[4] ?? found[5] ?? '') : announced ? line.text.trim() : ''
    if (words !== '') read.deliveries.push(refusal(line, words, found))
    else if (!found) read.unexplained.push(line)
    announced = words === '' && (found !== null || announced)
  }
  return read
}

function refusal(line: Line, words: string, found: RegExpExecArray | null): Delivery {
  const name = SERVER.exec(line.text)?.[1]
  const [, , port, secure] = found ?? []
  return {
    key: String(line.number),
    line,
    recipient: RECIPIENT.exec(line.text)?.[1],
    server: { ...(name && { name }), ...(port && { port: Number(port) }) },
    ...(secure === 'Yes' && { tls: { state: 'implicit' } }),
    outcome: outcomeOf(words),
    text: /^\d{3}\b/.test(words) ? `${words} (in reply to RCPT` : words,
    status: /(?:^|\s)([245]\.\d{1,3}\.\d{1,3})\b/.exec(words)?.[1],
  }
}

function outcomeOf(words: string): RecipientOutcome {
  const first = /(?:^|\s)([245])(?:\d\d|\.\d)/.exec(words)?.[1]
  return first === '4' ? 'deferred' : first === '2' ? 'accepted' : 'rejected'
}
