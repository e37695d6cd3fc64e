/** How much is drawn in the end: a few elements that use each other, and so on, come to millions. */

/** @internal */
export const MAX_USES = 10_000

interface Group {
  /** Groups inside it. */
  readonly groups: Group[]
  /** What it uses. */
  readonly uses: string[]
  count?: number
  isOpen?: boolean
}

/**
 * Counts what elements with a name use, as they open and close.
 *
 * @internal
 */
export class UseCounter {
  readonly #root: Group = { groups: [], uses: [] }
  readonly #named = new Map<string, Group>()
  readonly #open: Group[] = [this.#root]

  open(id: string | undefined, href: string | undefined): void {
    const parent = this.#open.at(-1)!
    if (href?.startsWith('#')) parent.uses.push(href.slice(1))
    if (id === undefined) {
      this.#open.push(parent)
      return
    }
    const group = { groups: [], uses: [] }
    parent.groups.push(group)
    if (!this.#named.has(id)) this.#named.set(id, group)
    this.#open.push(group)
  }

  close(): void {
    this.#open.pop()
  }

  /** Tells whether something uses itself, or more is drawn than may be. */
  isExcessive(): boolean {
    return this.#countOf(this.#root) > MAX_USES
  }

  // How deep this goes is bound by how deep elements may stand, and how many may follow each other.
  #countOf(group: Group, depth = 0): number {
    if (group.count !== undefined) return group.count
    if (group.isOpen || depth > MAX_DEPTH) return Number.POSITIVE_INFINITY
    group.isOpen = true
    let count = group.uses.length
    for (const inner of group.groups) count += this.#countOf(inner, depth + 1)
    for (const name of group.uses) {
      const used = this.#named.get(name)
      if (used) count += this.#countOf(used, depth + 1)
    }
    group.isOpen = false
    group.count = count
    return count
  }
}

const MAX_DEPTH = 1_000
