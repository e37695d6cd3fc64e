import { expect } from 'vitest'
import type { DifferenceGroup } from './dmarc-differences.ts'

/** One of those that a suite is put before. */
export interface SuitePeer<C, P> {
  readonly start: () => P | Promise<P>
  /** Whether it can be asked about a case; default about each. */
  readonly canRun?: (one: C) => boolean
  /** How many cases it is asked about, and in how many it decides as the suite does. */
  readonly runs: number
  readonly agrees: number
}

/** Puts a suite before a peer: it differs where that is known, and nowhere else. */
export async function expectDifferences<C, P extends { stop(): void | Promise<void> }>(
  cases: readonly C[],
  { start, canRun = () => true, runs, agrees }: SuitePeer<C, P>,
  known: readonly DifferenceGroup[],
  differenceOf: (one: C, peer: P) => Promise<string | undefined>,
): Promise<void> {
  const peer = await start()
  const differences: string[] = []
  const runnable = cases.filter(canRun)
  try {
    for (const one of runnable) {
      const difference = await differenceOf(one, peer)
      if (difference) differences.push(difference)
    }
  } finally {
    await peer.stop()
  }
  expect(differences.sort()).toEqual(known.flatMap((group) => group.cases).sort())
  expect([runnable.length, runnable.length - differences.length]).toEqual([runs, agrees])
}
