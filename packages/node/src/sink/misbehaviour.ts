/** How a sink behaves now, and what it has done of it: which faults are used up, who has been put off once. */

import { isMeant, type SinkBehaviour, type SinkFault, type SinkPoint } from './behaviour.ts'

// More pairs than this are forgotten, all at once.
const MAX_GREYLISTED = 10_000

/**
 * The behaviour of a sink, which may be changed at any time.
 *
 * @internal
 */
export class Misbehaviour {
  #behaviour: SinkBehaviour
  readonly #used = new Map<SinkFault, number>()
  readonly #greylisted = new Set<string>()

  constructor(behaviour: SinkBehaviour) {
    this.#behaviour = behaviour
  }

  get now(): SinkBehaviour {
    return this.#behaviour
  }

  /** Behaves otherwise from now on; what has been used up and put off before is forgotten. */
  change(behaviour: SinkBehaviour): void {
    this.#behaviour = behaviour
    this.#used.clear()
    this.#greylisted.clear()
  }

  /** Gives what goes wrong at a point, and counts it. */
  faultAt(point: SinkPoint, when: 'before' | 'after', addresses: readonly string[]): SinkFault | undefined {
    const fault = this.#behaviour.faults?.find(
      (one) => one.at === point && (one.when ?? 'before') === when && this.#isDue(one, addresses),
    )
    if (fault) this.#used.set(fault, (this.#used.get(fault) ?? 0) + 1)
    return fault
  }

  #isDue(fault: SinkFault, addresses: readonly string[]): boolean {
    if ((this.#used.get(fault) ?? 0) >= (fault.times ?? Number.POSITIVE_INFINITY)) return false
    return fault.for === undefined || addresses.some((address) => isMeant(address, fault.for))
  }

  /** Whether a recipient is put off, as nobody has named it for this sender before. */
  isPutOff(from: string, to: string): boolean {
    if (!isMeant(to, this.#behaviour.greylist)) return false
    const pair = `${from}\n${to}`.toLowerCase()
    if (this.#greylisted.has(pair)) return false
    if (this.#greylisted.size >= MAX_GREYLISTED) this.#greylisted.clear()
    this.#greylisted.add(pair)
    return true
  }
}
