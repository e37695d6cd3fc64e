import type { Platform } from '../src/index.ts'

/** A virtual clock: timers fire when the test says so. */
export class VirtualClock implements Platform {
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>()
  #now = 0

  readonly now = (): number => this.#now

  readonly random = (length: number): Uint8Array => new Uint8Array(length)

  readonly startTimer = (milliseconds: number, callback: () => void): (() => void) => {
    const timer = { due: this.#now + milliseconds, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** How long until the next timer fires. */
  get next(): number | undefined {
    const dues = [...this.#timers].map(({ due }) => due - this.#now)
    return dues.length > 0 ? Math.min(...dues) : undefined
  }

  /** Lets time pass. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
    for (const timer of [...this.#timers]) {
      if (timer.due > this.#now) continue
      this.#timers.delete(timer)
      timer.callback()
    }
  }
}

/** Waits until a condition holds, a turn of the event loop at a time. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  throw new Error('It never came true')
}
