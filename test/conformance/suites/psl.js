/**
 * The checks of the public suffix list. Two things are as in any use of the function: U-labels are mapped to A-labels first,
 * and what cannot be, as a leading dot, is no domain. Private suffixes count, as they do in the list as a whole.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRegistrableDomain } from '@posthorn/dmarc/psl'
import { toAsciiDomain } from '@posthorn/mime'

export const name = 'psl'

const CHECK = /^checkPublicSuffix\((null|'[^']*'), (null|'[^']*')\);$/gm
const unquoted = (literal) => (literal === 'null' ? undefined : literal.slice(1, -1))
const mapped = (domain) => toAsciiDomain(domain) ?? domain

/** @param {string} folder Where the file is. */
export async function run(folder) {
  const text = readFileSync(join(folder, 'test_psl.txt'), 'utf8')
  const failures = []
  let total = 0
  for (const [, from, to] of text.matchAll(CHECK)) {
    total++
    const expected = unquoted(to)
    const found = findRegistrableDomain(mapped(unquoted(from) ?? ''))
    if (found !== (expected === undefined ? undefined : mapped(expected))) {
      failures.push(`${from}: ${found}, not ${to}`)
    }
  }
  return { passed: total - failures.length, total, failures }
}
