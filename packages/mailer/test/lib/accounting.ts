import type { MailOutcome } from '../../src/index.ts'

/** The recipients of the message with a number. */
export const recipientsOf = (index: number): string[] => [`x${index}@example.net`, `y${index}@example.net`]

/** What outcomes and what a server took do not agree on; nothing where all is well. */
export function disagreement(outcomes: readonly MailOutcome[], taken: readonly string[]): string | undefined {
  const times = new Map<string, number>()
  for (const address of taken) times.set(address, (times.get(address) ?? 0) + 1)
  for (const [index, { recipients, type }] of outcomes.entries()) {
    if (recipients.length !== 2) return 'a recipient has no outcome'
    for (const [position, { status, retry }] of recipients.entries()) {
      const count = times.get(recipientsOf(index)[position]!) ?? 0
      if (!['accepted', 'rejected', 'deferred', 'unknown'].includes(status)) return `the status ${status}`
      if (count > 1) return `taken ${count} times`
      const isRight = status === 'accepted' ? count === 1 : status === 'unknown' || count === 0
      if (!isRight) return `${status}, taken ${count} times`
      if ((status === 'unknown') !== (retry === 'may-duplicate')) return `${status}, to be tried again ${retry}`
    }
    if ((type === 'unknown') !== recipients.some(({ status }) => status === 'unknown')) return `${type} as a whole`
  }
  return undefined
}
