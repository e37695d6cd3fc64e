/** Logs where each line is a mark and what was said: who speaks is learned, sessions are told apart by what is in the marks. */

import type { Item } from '../dialogue/item.ts'
import type { Format } from '../formats/format.ts'
import type { Line } from '../import/line.ts'
import { LineSplitter, learnMarks, type Marks, type SplitLine, whoSays } from '../payload/roles.ts'
import { areSessionKeys, readKey } from '../payload/session-key.ts'
import { readTime } from '../payload/time.ts'

/** The items of a text, one list for each session that is told apart by its marks, and what the marks mean. */
export interface MarkedItems {
  readonly groups: readonly (readonly Item[])[]
  readonly marks: Marks
}

interface Keyed {
  readonly item: Item
  readonly key: string | undefined
  /** Whether a reply or a command stands in it. */
  readonly speaks: boolean
}

/** Reads lines as items. */
export function readMarked(lines: readonly Line[], format: Format): MarkedItems {
  const splitter = new LineSplitter()
  const split = lines.map((line) => splitter.split(line))
  const noise = split.map((one) => isNoise(one, format))
  const marks = learnMarks(split.filter((_, i) => !noise[i]))
  const keyed = split.flatMap((one, i) => itemsOf(one, noise[i] ?? false, marks))
  return { groups: group(keyed), marks }
}

function isNoise({ line, mark }: SplitLine, { noise }: Format): boolean {
  return noise !== undefined && mark?.text !== '' && noise.test(line.text.slice(0, 400))
}

function itemsOf(split: SplitLine, noise: boolean, marks: Marks): Keyed[] {
  const { line } = split
  const { side, mark, payload } = whoSays(split, marks)
  const isTool = noise && (mark !== '' || side === undefined)
  const at = readTime(mark === '' ? line.text.slice(0, 80) : mark)
  const speaks = !noise && split.kind !== undefined
  const key = readKey(speaks || (mark !== '' && !isTool) ? mark : line.text.slice(0, 200))
  if (isTool || side === undefined) return [{ item: { side: undefined, payload: line, line, at, noise }, key, speaks }]
  return payload.map((one) => ({ item: { side, payload: one, line, at, noise }, key, speaks }))
}

// A line without a key is of the tool, and belongs to the session that spoke last
function group(keyed: readonly Keyed[]): Item[][] {
  const speaking = keyed.filter(({ speaks }) => speaks)
  const spoken = speaking.map(({ key }) => key)
  if (!areSessionKeys(spoken) || !areOfBothSides(speaking)) return [keyed.map(({ item }) => item)]
  const keys = new Set(spoken)
  const groups = new Map<string, Item[]>()
  let current = spoken.find((key) => key !== undefined) ?? ''
  for (const { item, key } of keyed) {
    if (key !== undefined && keys.has(key)) current = key
    const items = groups.get(current) ?? []
    groups.set(current, items)
    items.push(key === undefined && item.side !== 'body' ? withoutSide(item) : item)
  }
  return [...groups.values()]
}

// Identifiers that each stand under the marks of one side alone tell nothing of sessions
function areOfBothSides(speaking: readonly Keyed[]): boolean {
  const all = new Set(speaking.map(({ item }) => item.side))
  const byKey = new Map<string, Set<Item['side']>>()
  for (const { key, item } of speaking) {
    if (key !== undefined) byKey.set(key, (byKey.get(key) ?? new Set()).add(item.side))
  }
  const isWhole = (sides: ReadonlySet<Item['side']>): boolean => sides.has('client') && sides.has('server')
  return !isWhole(all) || [...byKey.values()].some(isWhole)
}

function withoutSide(item: Item): Item {
  return { ...item, side: undefined }
}
