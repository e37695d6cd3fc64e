/** A queue of lanes that take turns, so that whoever sends ten thousand messages does not hold up whoever sends one. */

import { LinkedList } from './linked-list.ts'

interface Queued {
  /** Whose turn it takes. */
  readonly lane: string
}

interface Lane<T> {
  readonly name: string
  readonly items: LinkedList<T>
}

/**
 * Lanes, each in order, served in turn.
 *
 * @internal
 */
export class FairQueue<T extends Queued> {
  // Those that have something, the next to serve first.
  readonly #turns = new LinkedList<Lane<T>>()
  readonly #lanes = new Map<string, Lane<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  push(item: T): void {
    this.#lane(item.lane).items.push(item)
    this.#size++
  }

  /** Puts something before all others of its lane. */
  unshift(item: T): void {
    this.#lane(item.lane).items.unshift(item)
    this.#size++
  }

  shift(): T | undefined {
    const lane = this.#turns.shift()
    if (!lane) return undefined
    const item = lane.items.shift()
    this.#size--
    if (lane.items.size > 0) this.#turns.push(lane)
    else this.#lanes.delete(lane.name)
    return item
  }

  /** True when it was there. */
  remove(item: T): boolean {
    const lane = this.#lanes.get(item.lane)
    if (!lane?.items.remove(item)) return false
    this.#size--
    if (lane.items.size > 0) return true
    this.#lanes.delete(lane.name)
    this.#turns.remove(lane)
    return true
  }

  /** All that wait, lane by lane. */
  values(): T[] {
    return [...this.#lanes.values()].flatMap(({ items }) => items.values())
  }

  #lane(name: string): Lane<T> {
    const known = this.#lanes.get(name)
    if (known) return known
    const lane = { name, items: new LinkedList<T>() }
    this.#lanes.set(name, lane)
    this.#turns.push(lane)
    return lane
  }
}
