/** Finds the blocklist that a reply names. */

import { BLOCKLISTS } from './blocklists.ts'
import { isHostName } from './reporter.ts'
import { linesOf } from './rule.ts'
import { hasPhrase } from './words.ts'

/** The blocklist that a reply names. */
export interface NamedBlocklist {
  /** The name by which people know it, else its domain; absent where the reply names none. */
  readonly name?: string
  /** The name of the cause. */
  readonly cause: string
  /** Whether the catalogue has it. */
  readonly known: boolean
}

const ROWS = /* @__PURE__ */ linesOf(BLOCKLISTS).map((line) => {
  const [domain = '', cause = '', ...name] = line.split(' ')
  return { domain, cause, name: name.join(' ') }
})

// As Postfix and Exim word it.
const LISTED =
  /\b(?:blocked (?:using|by|in)|(?:black|block)?listed (?:at|by|on|in)|found in|rbl|dnsbl) ([a-z0-9.-]{4,255})(?![a-z0-9.@-])/

// As they word a listing whose list cannot be read.
const UNNAMED = ['service unavailable; client', 'is listed on', 'blocked using']

/** Gives the blocklist that stands in the words of a reply. */
export function findBlocklist(words: string): NamedBlocklist | undefined {
  const row = ROWS.find(({ domain }) => hasPhrase(words, [domain]))
  if (row) return { name: row.name, cause: row.cause, known: true }
  const zone = LISTED.exec(words)?.[1]?.replace(/[.-]$/, '')
  if (zone !== undefined && isHostName(zone)) return { name: zone, cause: 'listed', known: false }
  return UNNAMED.some((phrase) => words.includes(phrase)) ? { cause: 'listed', known: false } : undefined
}
