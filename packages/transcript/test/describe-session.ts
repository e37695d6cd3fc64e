/** A session in one line, for tables: who, TLS, authentication, end, what was said, and what came of each recipient. */

import type { TranscriptEvent, TranscriptSession } from '../src/index.ts'

function describeEvent(event: TranscriptEvent): string {
  switch (event.type) {
    case 'command':
      return event.inferred ? `(${event.verb})` : event.verb
    case 'credentials':
      return '#'
    case 'reply':
      return `${event.reply.code}${event.answers === undefined ? '!' : ''}`
    case 'message':
      return event.complete ? '@' : '@...'
    default:
      return ''
  }
}

// Addresses so long that they are there to be long stand for themselves
function shorten(address: string | undefined): string {
  return address === undefined ? '?' : address.length > 60 ? 'long' : address
}

/** Gives what was said: verbs, `#` for credentials, codes (`!` where unasked), `@` for messages; inferred commands in parentheses. */
export function describeEvents({ events }: TranscriptSession): string {
  return events
    .map(describeEvent)
    .filter((word) => word !== '')
    .join(' ')
}

/** Gives what came of each recipient. */
export function describeRecipients({ transactions }: TranscriptSession): string {
  const each = transactions.map(({ reversePath, recipients }) =>
    [shorten(reversePath), '>', ...recipients.map(({ address, outcome }) => `${address}:${outcome[0]}`)].join(' '),
  )
  return each.join(', ')
}

/** Gives all of it. */
export function describeSession(session: TranscriptSession): string {
  const { format, perspective, protocol, tls, authentication, close } = session
  const auth = authentication.outcome === 'none' ? 'none' : `${authentication.mechanism} ${authentication.outcome}`
  return [
    `${format} ${perspective} ${protocol}`,
    tls.state,
    auth,
    close,
    describeEvents(session),
    describeRecipients(session),
  ].join(' | ')
}
