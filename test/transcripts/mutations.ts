/** Formats that nobody has seen: the recorded dialogues under made-up marks, prefixes and wrappings, with the lines of a tool between. */

import { ARROWS as COMMON_ARROWS, WORDS as COMMON_WORDS } from '../../packages/transcript/test/made-up-marks.ts'

/** A source of numbers below another. */
export type Random = (below: number) => number

/** A text in a made-up format, and who speaks in each of its lines. */
export interface Mutated {
  readonly text: string
  readonly speakers: string
}

const ARROWS = [...COMMON_ARROWS, ':', '=', '']
const WORDS = [...COMMON_WORDS, 'peer', 'local', 'A', 'B', '']
const STAMPS: readonly ((line: number) => string)[] = [
  () => '',
  (line) => `03:04:${String(line % 60).padStart(2, '0')}`,
  (line) => `2026-01-02T03:04:05.${String(line % 1000).padStart(3, '0')}Z`,
  (line) => `[${line + 1000}]`,
  () => 'Jan  2 03:04:05 mx app[99]:',
  () => '[a1b2c3d4]',
  (line) => `(${line})`,
  () => 'INFO',
]
const WRAPPINGS: readonly ((lines: readonly string[]) => readonly string[])[] = [
  (lines) => lines,
  (lines) => lines,
  (lines) => lines.map((line) => `> ${line}`),
  (lines) => ['```', ...lines, '```'],
  (lines) => lines.map((line) => JSON.stringify({ level: 'debug', msg: line })),
  (lines) => lines.map((line) => JSON.stringify({ time: '2026-01-02T03:04:05Z', log: `${line}\n` })),
  (lines) => lines.map((line) => `\u001b[36m${line}\u001b[0m`),
]

function pick<T>(from: readonly T[], random: Random): T {
  return from[random(from.length)] as T
}

function shuffled(parts: readonly string[], order: number): string[] {
  return order % 2 === 0 ? [...parts] : [...parts].reverse()
}

/** Writes a recorded dialogue in a made-up format. */
export function mutate(said: readonly string[], noise: readonly string[], random: Random): Mutated {
  const mark = (): string => `${pick(WORDS, random)}${pick(ARROWS, random)}`
  const client = mark()
  let server = mark()
  while (server === client) server = mark()
  const stamp = pick(STAMPS, random)
  const order = random(2)
  const lines: { speaker: string; text: string }[] = said.map((turn, i) => {
    const [speaker, text] = [turn[0] ?? '', turn.slice(3)]
    const parts = shuffled([stamp(i), speaker === 'S' ? server : client], order).filter((part) => part !== '')
    return { speaker, text: [...parts, text].join(' ') }
  })
  for (let count = random(4); count > 0 && noise.length > 0; count--) {
    lines.splice(random(lines.length), 0, { speaker: 't', text: pick(noise, random) })
  }
  const wrapped = pick(WRAPPINGS, random)(lines.map(({ text }) => text))
  const speakers = lines.map(({ speaker }) => speaker).join('')
  const isFenced = wrapped.length > lines.length
  return { text: wrapped.join('\n'), speakers: isFenced ? `t${speakers}t` : speakers }
}
