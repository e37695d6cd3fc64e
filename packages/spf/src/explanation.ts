/** The domain's own words for a refusal: RFC 7208 section 6.2. */

import { MailError } from '@posthorn/core'
import type { Check } from './check.ts'
import type { Outcome } from './evaluate.ts'
import { expandText } from './expand.ts'
import { parseMacroString } from './macro.ts'
import { expandTarget, valuesFor } from './target.ts'
import type { SpfNamedModifier } from './term.ts'
import { Stop } from './verdict.ts'

/** @internal */
export const MAX_EXPLANATION = 400

/**
 * Gets the explanation of a failure; nothing when there is none, or none that can be used.
 *
 * @internal
 */
export async function explain(check: Check, { match, record }: Outcome): Promise<string | undefined> {
  const exp = record?.terms.find((term): term is SpfNamedModifier => term.type === 'exp')
  if (!match || !exp) return undefined
  try {
    return await fetchExplanation(check, match.domain, exp)
  } catch (error) {
    // RFC 7208 section 6.2: whatever is wrong with it, it is as if there were none.
    if (error instanceof Stop || error instanceof MailError) return undefined
    throw error
  }
}

async function fetchExplanation(check: Check, domain: string, exp: SpfNamedModifier): Promise<string | undefined> {
  const { name } = await expandTarget(check, domain, exp.domain)
  if (name === undefined) return undefined
  const reply = await check.lookup.ask(name, 'TXT')
  if (reply.status !== 'found' || reply.records.length !== 1) return undefined
  const parts = parseMacroString(reply.records[0]!, { explanation: true })
  const text = expandText(parts, await valuesFor(check, domain, parts), MAX_EXPLANATION)
  // HAZARD: it ends up in an SMTP reply, and the local-part in it may hold line ends.
  return text !== undefined && /^[\x20-\x7e]+$/.test(text) ? text : undefined
}
