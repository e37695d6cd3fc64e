/**
 * Who speaks under which mark, learned from what is said under it: arrows mean one thing in one tool and the reverse in
 * another, while replies and commands look the same in all.
 */

import { type Line, partOf } from '../import/line.ts'
import { findLiteral, readLiteral } from '../import/literal.ts'
import type { Speaker } from '../session.ts'
import { classifyPayload, type PayloadKind } from './classify.ts'
import { type Cut, findCuts } from './prefix.ts'

/** A line, and where what is said may begin in it. */
export interface SplitLine {
  readonly line: Line
  readonly cuts: readonly Cut[]
  /** The cut behind which a reply or a command stands. */
  readonly chosen?: Cut
  readonly kind?: PayloadKind
}

/** Who speaks under a mark: one of the two, either, or a tool that repeats what a server said. */
export type MarkRole = Speaker | 'either' | 'echo'

/** What is known of the marks of a text. */
export interface Marks {
  /** By signature. */
  readonly roles: ReadonlyMap<string, MarkRole>
  /** How often each signature was learned from. */
  readonly weights: ReadonlyMap<string, number>
  /** Signatures of marks that are one step shorter than a known one: tools leave the last step out in a message. */
  readonly parents: ReadonlySet<string>
}

interface Tally {
  client: number
  server: number
  good: number
}

// One side is taken for that of all lines where it is so many times as frequent: bodies hold anything
const CLEAR = 6
const ENDING = /(?:\\r)?\\n$|\\r$/
const STARTS_LITERAL = /[bu'"[]/
const STARTS_PAYLOAD = /[\dA-Za-z'"[]/

// What is said behind a cut: a literal is read back
function payloadAt(line: Line, at: number): Line[] {
  const literal = STARTS_LITERAL.test(line.text[at] ?? '') ? findLiteral(line.text, at) : undefined
  if (literal) return readLiteral(line, literal)
  const ending = line.text.endsWith('n') || line.text.endsWith('r') ? ENDING.exec(line.text.slice(-4)) : null
  return [partOf(line, at, line.text.length - (ending?.[0].length ?? 0))]
}

/** Splits a line before the first thing in it that is a reply or a command. */
export function splitLine(line: Line): SplitLine {
  let kind: PayloadKind | undefined
  const cuts = findCuts(line.text, (at) => {
    kind = STARTS_PAYLOAD.test(line.text[at] ?? '') ? kindAt(line, at) : undefined
    return kind !== undefined
  })
  const chosen = cuts.at(-1)
  return kind && chosen ? { line, cuts, chosen, kind } : { line, cuts }
}

function kindAt(line: Line, at: number): PayloadKind | undefined {
  const literal = STARTS_LITERAL.test(line.text[at] ?? '') ? findLiteral(line.text, at) : undefined
  if (!literal) return classifyPayload(line.text.slice(at).replace(ENDING, ''))
  for (const { text } of readLiteral(line, literal)) {
    const kind = classifyPayload(text)
    if (kind) return kind
  }
  return undefined
}

/** Learns the marks of a text. */
export function learnMarks(lines: readonly SplitLine[]): Marks {
  const tallies = new Map<string, Tally>()
  const parents = new Map<string, number>()
  // The mark under which a message is sent, where anything can stand
  let message = ''
  for (const { line, cuts, chosen, kind } of lines) {
    if (!chosen || (kind === 'reply' && message !== '' && chosen.signature === message)) continue
    if (kind === 'command') message = /DATA/i.test(line.text.slice(chosen.at, chosen.at + 6)) ? chosen.signature : ''
    const tally = tallies.get(chosen.signature) ?? { client: 0, server: 0, good: 0 }
    tallies.set(chosen.signature, tally)
    const said = line.text.slice(chosen.at, chosen.at + 8)
    if (kind === 'command') tally.client++
    else if (!/\d{3}-/.test(said)) tally.server++
    if (kind === 'reply' && /^\D{0,2}[23]/.test(said)) tally.good++
    const parent = cuts[cuts.indexOf(chosen) - 1]
    if (parent) parents.set(parentOf(cuts, chosen), (parents.get(parentOf(cuts, chosen)) ?? 0) + 1)
  }
  const roles = new Map<string, MarkRole>()
  const weights = new Map<string, number>()
  for (const [signature, tally] of tallies) {
    const weight = tally.client + tally.server
    weights.set(signature, weight)
    // Text under the shorter mark can look like a reply once
    if (signature.trim() === '' || weight >= (parents.get(signature) ?? 0))
      roles.set(signature, roleOf(signature, tally))
  }
  return { roles, weights, parents: new Set(parents.keys()) }
}

// The mark without its last word and arrow: `[] DEBUG [] S: ` comes from `[] DEBUG [] `
function parentOf(cuts: readonly Cut[], chosen: Cut): string {
  const shorter = chosen.signature.replace(/[^\s\])]*\s*$/, '')
  return cuts.some(({ signature }) => signature === shorter) ? shorter : ''
}

function roleOf(signature: string, { client, server, good }: Tally): MarkRole {
  if (good === 0 && client === 0 && /[a-z]{3}|ERR|FAIL|WARN/i.test(signature)) return 'echo'
  if (server === 0 && client === 0) return 'server'
  if (server >= client * CLEAR) return 'server'
  if (client >= server * CLEAR) return 'client'
  return 'either'
}

/** What is said in a line, and by whom. */
export interface Said {
  readonly side: MarkRole | 'body' | undefined
  readonly mark: string
  readonly payload: readonly Line[]
}

/** Says who speaks in a line; nobody where its mark is none of those known. */
export function whoSays(split: SplitLine, marks: Marks): Said {
  const { line, cuts, chosen } = split
  const isKnown = ({ signature }: Cut): boolean => marks.roles.has(signature)
  const spoken = chosen && commonest(cuts, chosen, marks)
  const known = spoken && isKnown(spoken) ? spoken : lastWhere(cuts, isKnown)
  const cut = known ?? lastWhere(cuts, ({ signature }) => marks.parents.has(signature))
  if (!cut) return { side: undefined, mark: '', payload: [line] }
  const side = known ? marks.roles.get(known.signature) : 'body'
  return { side, mark: line.text.slice(0, cut.at), payload: payloadAt(line, cut.at) }
}

// Text that holds a reply or a command makes its own words look like a mark: a shorter one that is more common is the mark
function commonest(cuts: readonly Cut[], chosen: Cut, { weights }: Marks): Cut {
  const weight = weights.get(chosen.signature) ?? 0
  return (
    cuts.find(
      ({ at, signature }) => at < chosen.at && /\S/.test(signature) && (weights.get(signature) ?? 0) > weight,
    ) ?? chosen
  )
}

function lastWhere(cuts: readonly Cut[], isRight: (cut: Cut) => boolean): Cut | undefined {
  for (let i = cuts.length - 1; i >= 0; i--) {
    const cut = cuts[i]
    if (cut && isRight(cut)) return cut
  }
  return undefined
}
