/** A list from which anything can be taken at once: what waits in a queue may be given up anywhere in it. */

interface Node<T> {
  readonly value: T
  before: Node<T> | undefined
  after: Node<T> | undefined
}

/**
 * A list of values, each in it once at most.
 *
 * @internal
 */
export class LinkedList<T> {
  readonly #nodes = new Map<T, Node<T>>()
  #first: Node<T> | undefined
  #last: Node<T> | undefined

  get size(): number {
    return this.#nodes.size
  }

  push(value: T): void {
    const node: Node<T> = { value, before: this.#last, after: undefined }
    this.#nodes.set(value, node)
    if (this.#last) this.#last.after = node
    else this.#first = node
    this.#last = node
  }

  unshift(value: T): void {
    const node: Node<T> = { value, before: undefined, after: this.#first }
    this.#nodes.set(value, node)
    if (this.#first) this.#first.before = node
    else this.#last = node
    this.#first = node
  }

  shift(): T | undefined {
    const value = this.#first?.value
    if (value !== undefined) this.remove(value)
    return value
  }

  /** True when it was there. */
  remove(value: T): boolean {
    const node = this.#nodes.get(value)
    if (!node) return false
    this.#nodes.delete(value)
    if (node.before) node.before.after = node.after
    else this.#first = node.after
    if (node.after) node.after.before = node.before
    else this.#last = node.before
    return true
  }

  values(): T[] {
    return [...this.#nodes.keys()]
  }
}
