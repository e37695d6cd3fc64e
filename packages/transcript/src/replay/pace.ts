/** The time between events, as the transcript has it, where whoever replays wants it. */

import type { TranscriptEvent } from '../session.ts'

/** Whether time passes in a replay. */
export interface PaceOptions {
  /** Waits as many milliseconds as passed between two events; default: nobody waits. */
  readonly wait?: (milliseconds: number) => Promise<void>
}

/** Lets the time between events pass. */
export class Pace {
  readonly #wait: PaceOptions['wait']
  #at: number | undefined

  constructor({ wait }: PaceOptions) {
    this.#wait = wait
  }

  /** Waits until an event is due. */
  async reach({ at }: TranscriptEvent): Promise<void> {
    if (at === undefined) return
    const left = at - (this.#at ?? at)
    this.#at = at
    if (left > 0) await this.#wait?.(left)
  }
}
