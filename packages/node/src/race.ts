/**
 * Several addresses of one host, tried one soon after the other, of which the first that answers is taken: RFC 8305 section
 * 4 and 5. Out of scope: what is known of addresses from connections before.
 */

import { isIP } from 'node:net'

/** What is raced for. */
export interface Race<T> {
  /** The addresses, the one to prefer first. */
  readonly first: readonly string[]
  /** Addresses that become known later; never rejects. */
  readonly later?: Promise<readonly string[]> | undefined
  /** Tries one; rejects when its signal fires. */
  readonly attempt: (address: string, signal: AbortSignal) => Promise<T>
  /** Drops what came too late. */
  readonly drop: (late: T) => void
  /** How long one is waited for before the next is tried too, in milliseconds. */
  readonly delay: number
  /** Most addresses to try. */
  readonly most: number
  /** Ends all. */
  readonly signal: AbortSignal
}

/**
 * Races.
 *
 * @internal
 * @returns The first that answered; all others are ended.
 * @throws {AggregateError} The failures, in the order in which they came, when none answers.
 */
export async function race<T>({ first, later, attempt, drop, delay, most, signal }: Race<T>): Promise<T> {
  const stop = new AbortController()
  const failures: unknown[] = []
  let [waiting, tried, running, more, mayBegin] = [interleave(first), 0, 0, later !== undefined, true]
  let winner: { readonly value: T } | undefined
  let [wake, timer]: [() => void, NodeJS.Timeout | undefined] = [() => undefined, undefined]
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort, { once: true })
  later?.then((addresses) => {
    waiting = interleave([...waiting, ...addresses])
    more = false
    wake()
  })
  const goOn = (): void => {
    mayBegin = true
    wake()
  }
  async function begin(address: string): Promise<void> {
    tried++
    running++
    mayBegin = false
    clearTimeout(timer)
    timer = setTimeout(goOn, delay)
    try {
      const value = await attempt(address, stop.signal)
      if (winner || stop.signal.aborted) drop(value)
      else winner = { value }
    } catch (error) {
      failures.push(error)
    }
    running--
    // RFC 8305 section 5: when one fails, the next is tried at once.
    goOn()
  }
  while (!winner && !signal.aborted) {
    const next = mayBegin && tried < most ? waiting.shift() : undefined
    if (next !== undefined) void begin(next)
    else if (running === 0 && !more) break
    else await new Promise<void>((resolve) => (wake = resolve))
  }
  clearTimeout(timer)
  signal.removeEventListener('abort', onAbort)
  stop.abort(signal.reason ?? new Error('another address was faster'))
  if (winner) return (winner as { readonly value: T }).value
  throw new AggregateError(failures)
}

/**
 * Puts addresses of both families by turns, beginning with that of the first.
 *
 * @internal
 */
export function interleave(addresses: readonly string[]): string[] {
  const unique = [...new Set(addresses)]
  const family = isIP(unique[0] ?? '')
  const [same, other] = [unique.filter((one) => isIP(one) === family), unique.filter((one) => isIP(one) !== family)]
  return Array.from({ length: Math.max(same.length, other.length) }, (_, at) => [same[at], other[at]])
    .flat()
    .filter((one) => one !== undefined)
}
