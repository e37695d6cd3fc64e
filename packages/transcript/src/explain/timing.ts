/** Where the time of a session goes, where the log has times. */

import type { Phase, TranscriptEvent } from '../session.ts'
import type { Check } from './check.ts'
import type { SessionView } from './view.ts'

const SILENCE = 10_000
const LONG = 5000
// A log without dates begins anew at midnight
const HALF_DAY = 12 * 3_600_000

interface Gap {
  readonly event: TranscriptEvent
  readonly duration: number
}

// The time from each event to the one before it
function gapsOf({ session, isDialogue }: SessionView): Gap[] {
  const gaps: Gap[] = []
  let last: number | undefined
  for (const event of isDialogue ? session.events : []) {
    const { at } = event
    if (at === undefined) continue
    const duration = at - (last ?? at)
    if (duration > 0 && duration < HALF_DAY) gaps.push({ event, duration })
    last = at
  }
  return gaps
}

const seconds = (duration: number): number => Math.round(duration / 100) / 10

/** One side says nothing for long: RFC 5321 section 4.5.3.2. */
export const silence: Check = (view) => {
  const long = gapsOf(view).filter(({ duration }) => duration >= SILENCE)
  if (long.length === 0) return undefined
  const longest = long.reduce((most, one) => (one.duration > most.duration ? one : most))
  const side = longest.event.type === 'reply' || longest.event.type === 'note' ? 'server' : 'client'
  return {
    id: 'silence',
    evidence: long.map(({ event }) => event.index),
    values: [side, seconds(longest.duration)],
  }
}

/** The part of the session that took most of its time, where it is no single silence. */
export const slowPhase: Check = (view) => {
  if (silence(view)) return undefined
  const gaps = gapsOf(view)
  const total = gaps.reduce((sum, { duration }) => sum + duration, 0)
  if (total < LONG) return undefined
  const phases = new Map<Phase, number>()
  for (const { event, duration } of gaps) phases.set(event.phase, (phases.get(event.phase) ?? 0) + duration)
  const [phase, longest] = [...phases].reduce((most, one) => (one[1] > most[1] ? one : most))
  const [slowest] = gaps.filter(({ event }) => event.phase === phase).sort((a, b) => b.duration - a.duration)
  return {
    id: 'slow-phase',
    evidence: slowest ? [slowest.event.index] : [],
    values: [phase, seconds(longest), seconds(total)],
  }
}
