/** What comes of the recipients: some refused, some put off and taken later, none named at all. RFC 5321 section 3.3. */

import type { Check } from './check.ts'
import { indexesOf, recipientsOf } from './view.ts'

/** The message goes to some of its recipients. */
export const partialDelivery: Check = ({ session }) => {
  const evidence: number[] = []
  let [reached, all] = [0, 0]
  for (const { recipients } of session.transactions) {
    const accepted = recipients.filter(({ outcome }) => outcome === 'accepted')
    const missed = recipients.filter(({ outcome }) => outcome === 'rejected' || outcome === 'deferred')
    if (accepted.length === 0 || missed.length === 0) continue
    reached += accepted.length
    all += recipients.length
    evidence.push(...missed.map(({ reply, event }) => reply ?? event))
  }
  return evidence.length > 0
    ? { id: 'partial-delivery', evidence: [...new Set(evidence)], values: [reached, all] }
    : undefined
}

/** A recipient is put off, and taken at a later attempt: RFC 6647 (greylisting). */
export const acceptedOnRetry: Check = (view) => {
  const recipients = recipientsOf(view)
  const last = new Map<string, number>()
  for (const { address, outcome, event } of recipients) {
    if (outcome === 'accepted') last.set(address.toLowerCase(), event)
  }
  const isRetried = (address: string, event: number): boolean =>
    (last.get(address.toLowerCase()) ?? -1) > event || view.isAcceptedLater(address)
  const deferred = recipients.filter(({ outcome }) => outcome === 'deferred')
  // A report has a note in the place of a reply
  const placeOf = ({ reply, event }: (typeof deferred)[number]): number => reply ?? event + 1
  const open = new Set(deferred.filter(({ address, event }) => !isRetried(address, event)).map(placeOf))
  const places = [...new Set(deferred.map(placeOf))].filter((place) => !open.has(place))
  return places.length > 0 ? { id: 'accepted-on-retry', evidence: places, explains: places } : undefined
}

/** curl asks VRFY where it has nothing to upload. */
export const vrfyOnly: Check = ({ session, commands }) => {
  const asked = commands.filter(({ verb }) => verb === 'VRFY')
  if (!session.format.startsWith('curl') || asked.length === 0 || commands.some(({ verb }) => verb === 'MAIL'))
    return undefined
  return { id: 'vrfy-only', evidence: indexesOf(asked) }
}
