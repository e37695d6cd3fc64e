/** Counts what a parser of text does, so that a test can tell linear work from quadratic work without a clock. */

import { MailError } from '../packages/core/src/index.ts'

type Method = (this: string, ...args: never[]) => unknown

// What each method of a text looks at or copies, by what it was given and what it gave.
const COSTS: Readonly<Record<string, (text: string, args: readonly unknown[], result: unknown) => number>> = {
  charCodeAt: () => 1,
  slice: (_, __, result) => (result as string).length,
  split: (text) => text.length,
  toLowerCase: (text) => text.length,
  includes: (text) => text.length,
  startsWith: (_, [piece]) => String(piece).length,
  endsWith: (_, [piece]) => String(piece).length,
  indexOf: (text, [, from = 0], result) =>
    ((result as number) < 0 ? text.length : (result as number)) - Number(from) + 1,
  lastIndexOf: (text, [, from = text.length], result) => Number(from) - Math.max(0, result as number) + 1,
}

function exchange(prototype: object, name: string, method: unknown): unknown {
  const old = Reflect.get(prototype, name)
  Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true })
  return old
}

function tryTo(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof MailError)) throw error
  }
}

/** Runs some code over octets, and counts how many of them it looks at or copies. */
export function octetsRead(bytes: Uint8Array, run: (counted: Uint8Array) => unknown): number {
  let count = 0
  const counted = (octets: Uint8Array): Uint8Array =>
    new Proxy(octets, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof key === 'string' && /^\d+$/.test(key)) count++
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          const result: unknown = value.apply(target, args)
          if (key === 'indexOf')
            count += (Number(result) < 0 ? target.length : Number(result)) - Number(args[1] ?? 0) + 1
          return result instanceof Uint8Array ? counted(result) : result
        }
      },
    })
  run(counted(bytes))
  return count
}

/**
 * Runs some code that does not wait, each piece of which may end with a `MailError`, and counts the characters that it looks at
 * or copies.
 *
 * A pattern counts for what it passed over and matched, and for all that is left where it did not match; one that is tried
 * at a single place, as by `split`, counts as one there.
 */
export function workOf(...runs: readonly (() => unknown)[]): number {
  let work = 0
  const { exec } = RegExp.prototype
  const restores: (() => void)[] = [() => exchange(RegExp.prototype, 'exec', exec)]
  exchange(RegExp.prototype, 'exec', function (this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0
    const found = exec.call(this, text)
    const end = found ? found.index + found[0].length : this.sticky ? from : text.length
    work += end - from + 1
    return found
  })
  for (const [name, cost] of Object.entries(COSTS)) {
    const method = Reflect.get(String.prototype, name) as Method
    restores.push(() => exchange(String.prototype, name, method))
    exchange(String.prototype, name, function (this: string, ...args: never[]) {
      const result = method.apply(this, args)
      work += cost(this, args, result)
      return result
    })
  }
  try {
    for (const run of runs) tryTo(run)
  } finally {
    for (const restore of restores) restore()
  }
  return work
}
