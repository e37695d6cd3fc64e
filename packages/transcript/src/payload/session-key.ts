/** Which of several interleaved sessions a line belongs to: the identifier or process number in its mark. */

const BRACKETED = /\[#?([A-Za-z0-9][\w-]{1,63}?)(?:\.\d+)?\]/g
const PROCESS = /^\s*(?:\d\d:\d\d:\d\d(?:\.\d+)? )?(\d{2,7}) /
const IS_IDENTIFIER = /\d|[a-z][A-Z]/

/** Gives the identifiers in a mark; nothing where there is none. */
export function readKey(mark: string): string | undefined {
  const keys: string[] = []
  for (const [, inner = ''] of mark.matchAll(BRACKETED)) if (IS_IDENTIFIER.test(inner)) keys.push(inner)
  if (keys.length > 0) return keys.join(' ')
  return PROCESS.exec(mark)?.[1]
}

/** Whether keys tell sessions apart: one that differs from line to line counts lines. */
export function areSessionKeys(keys: readonly (string | undefined)[]): boolean {
  const counts = new Map<string, number>()
  let present = 0
  for (const key of keys) {
    if (key === undefined) continue
    present++
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return present > 0 && counts.size * 2 <= present && present * 2 > keys.length
}
