/** What should be read from logs that tell of deliveries alone, and from bounces. */

import { readExchanges } from './exchange.ts'
import { type Expectation, transactionsOf } from './expectation.ts'
import type { Turn } from './recorder.ts'

const ACCEPTED = /^(.*) accepted$/

/** Expects the outcome of each recipient, and TLS and authentication where the log tells of them. */
export function expectDelivery(
  facts: Pick<Expectation, 'tool' | 'version' | 'dialogue' | 'format' | 'perspective'>,
  text: string,
  turns: readonly Turn[],
  { tells = [] }: { readonly tells?: readonly ('sender' | 'tls' | 'auth')[] },
): Expectation {
  const exchanges = readExchanges(turns)
  const tls = turns.find((turn) => turn.by === 'tls')
  const accepted = exchanges.some(({ code }) => code === 235)
  const mechanism = exchanges
    .find(({ command }) => /^AUTH /i.test(command))
    ?.command.split(' ')[1]
    ?.toUpperCase()
  const isReport = facts.perspective === 'report'
  const transactions = transactionsOf(exchanges).flatMap((one) => {
    const [from = '', all = ''] = one.split(' > ')
    const each = all.split(', ').filter((recipient) => !isReport || !ACCEPTED.test(recipient))
    // Nothing was told of those whom the connection left open: the server tries again
    const told = each.map((recipient) => recipient.replace(/ unknown$/, ' deferred')).sort()
    return told.length > 0 ? [`${tells.includes('sender') ? from : '?'} > ${told.join(', ')}`] : []
  })
  return {
    ...facts,
    tls:
      tls?.by === 'tls' && tells.includes('tls')
        ? { state: 'started', version: tls.version, ...(text.includes(tls.cipher) && { cipher: tls.cipher }) }
        : { state: 'none' },
    authentication:
      accepted && mechanism && tells.includes('auth') ? { mechanism, outcome: 'accepted' } : { outcome: 'none' },
    transactions,
    close: ['unknown'],
  }
}
