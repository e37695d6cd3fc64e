/** Findings in one line, for tables. */

import type { Finding } from '../../src/explain.ts'

/** Gives the first finding: its severity and what it is; `none` where there is none. */
export function describeFirst([first]: readonly Finding[]): string {
  return first ? `${first.severity} ${first.id}` : 'none'
}

/** Gives all findings, each with what it follows from. */
export function describeFindings(findings: readonly Finding[]): string[] {
  return findings.map(({ id, severity, consequenceOf }) => {
    const cause = consequenceOf ? ` of ${consequenceOf}` : ''
    return `${severity} ${id}${cause}`
  })
}
