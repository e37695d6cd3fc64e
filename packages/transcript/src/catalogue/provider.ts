/** Finds out who answers. */

import { PROVIDERS } from './providers.ts'
import { linesOf } from './rule.ts'
import { hasPhrase } from './words.ts'

/** Who answers, or whose words they are. */
export interface ReplyProvider {
  /** As `google`. */
  readonly id: string
  /** As `Gmail`. */
  readonly name: string
  /** By what it is known: the option, the reply's own signature, the name of the host, the domain of the recipient, or the rule. */
  readonly known: 'option' | 'signature' | 'host' | 'recipient' | 'rule'
}

interface ProviderRow {
  readonly id: string
  readonly name: string
  readonly signatures: readonly string[]
  readonly hosts: readonly string[]
  readonly domains: readonly string[]
}

const ROWS: readonly ProviderRow[] = /* @__PURE__ */ linesOf(PROVIDERS).map((line) => {
  const [id = '', name = '', ...lists] = line.split(';').map((part) => part.trim())
  const [signatures, hosts, domains] = lists.map((list) => list.toLowerCase().split(',').filter(Boolean))
  return { id, name, signatures: signatures ?? [], hosts: hosts ?? [], domains: domains ?? [] }
})

/** What is known of a server beside its reply. */
export interface ProviderClues {
  readonly provider?: string | undefined
  readonly host?: string | undefined
  readonly recipientDomain?: string | undefined
}

/** The best clue decides. */
export function recogniseProvider(words: string, clues: ProviderClues): ReplyProvider | undefined {
  const [host, domain] = [clues.host?.toLowerCase(), clues.recipientDomain?.toLowerCase()]
  return (
    find('option', ({ id }) => id === clues.provider) ??
    find('signature', ({ signatures }) => signatures.some((one) => hasPhrase(words, [one]))) ??
    find('host', ({ hosts }) => host !== undefined && hosts.some((one) => isWithin(host, one))) ??
    find('recipient', ({ domains }) => domain !== undefined && domains.includes(domain))
  )
}

/** The provider of a rule. */
export function providerOf(id: string): ReplyProvider | undefined {
  return find('rule', (row) => row.id === id)
}

function find(known: ReplyProvider['known'], fits: (row: ProviderRow) => boolean): ReplyProvider | undefined {
  const row = ROWS.find(fits)
  return row && { id: row.id, name: row.name, known }
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}
