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
  /** The mark behind which a reply or a command stands. */
  readonly mark: Mark | undefined
  readonly kind: PayloadKind | undefined
  /** Where the mark may end; none where that is known. */
  readonly cuts: readonly Cut[]
}

/** A mark that what is said has been seen behind. */
interface Mark {
  readonly text: string
  readonly cuts: readonly Cut[]
  readonly signature: string
  /** The signature of the mark that is one step shorter, if it has one. */
  readonly parent: string | undefined
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
// Both sides, with a reply that goes on, inside TLS and outside
const MAX_KNOWN = 8
const NONE: readonly Cut[] = []
const STARTS_LITERAL = /[bu'"[]/
const STARTS_PAYLOAD = /[\dA-Za-z'"[\\\x16]/

// What is said behind a cut: a literal is read back
function payloadAt(line: Line, at: number): Line[] {
  const literal = STARTS_LITERAL.test(line.text[at] ?? '') ? findLiteral(line.text, at) : undefined
  if (literal) return readLiteral(line, literal)
  const ending = line.text.endsWith('n') || line.text.endsWith('r') ? ENDING.exec(line.text.slice(-4)) : null
  return [partOf(line, at, line.text.length - (ending?.[0].length ?? 0))]
}

/** Splits lines before the first thing in them that is a reply or a command. */
export class LineSplitter {
  // HAZARD: a log has the same few marks on most of its lines, and to find one anew costs more than all else
  #known: Mark[] = []

  split(line: Line): SplitLine {
    const isSaidAt = (at: number): PayloadKind | undefined =>
      STARTS_PAYLOAD.test(line.text[at] ?? '') ? kindAt(line, at) : undefined
    const known = this.#known.find((mark) => line.text.startsWith(mark.text))
    if (known) {
      const first = known.cuts.find(({ at }) => isSaidAt(at))
      if (first?.at === known.text.length) return { line, mark: known, kind: isSaidAt(first.at), cuts: NONE }
    }
    let kind: PayloadKind | undefined
    const cuts = findCuts(line.text, (at) => {
      kind = isSaidAt(at)
      return kind !== undefined
    })
    return kind ? { line, mark: this.#keep(line.text, cuts), kind, cuts: NONE } : { line, mark: undefined, kind, cuts }
  }

  #keep(text: string, cuts: readonly Cut[]): Mark {
    const { at, signature } = cuts.at(-1) as Cut
    const mark = {
      text: text.slice(0, at),
      cuts,
      signature,
      parent: cuts.length > 1 ? parentOf(cuts, signature) : undefined,
    }
    if (/\s$/.test(mark.text)) this.#known = [mark, ...this.#known.slice(0, MAX_KNOWN - 1)]
    return mark
  }
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
  for (const { line, mark, kind } of lines) {
    if (!mark || (kind === 'reply' && message !== '' && mark.signature === message)) continue
    const said = line.text.slice(mark.text.length, mark.text.length + 8)
    if (kind === 'command') message = /^.?.?DATA/i.test(said) ? mark.signature : ''
    const tally = tallies.get(mark.signature) ?? { client: 0, server: 0, good: 0 }
    tallies.set(mark.signature, tally)
    if (kind === 'command') tally.client++
    else if (!/\d{3}-/.test(said)) tally.server++
    if (kind === 'reply' && /^\D{0,2}[23]/.test(said)) tally.good++
    if (mark.parent !== undefined) parents.set(mark.parent, (parents.get(mark.parent) ?? 0) + 1)
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
function parentOf(cuts: readonly Cut[], signature: string): string {
  const shorter = signature.replace(/[^\s\])]*\s*$/, '')
  return cuts.some((cut) => cut.signature === shorter) ? shorter : ''
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
export function whoSays({ line, mark, cuts }: SplitLine, marks: Marks): Said {
  const ends = mark?.cuts ?? cuts
  const isKnown = ({ signature }: Cut): boolean => marks.roles.has(signature)
  const spoken = mark && commonest(mark, marks)
  const known = spoken && isKnown(spoken) ? spoken : lastWhere(ends, isKnown)
  const cut = known ?? lastWhere(ends, ({ signature }) => marks.parents.has(signature))
  if (!cut) return { side: undefined, mark: '', payload: [line] }
  const side = known ? marks.roles.get(known.signature) : 'body'
  return { side, mark: line.text.slice(0, cut.at), payload: payloadAt(line, cut.at) }
}

// Text that holds a reply or a command makes its own words look like a mark: a shorter one that is more common is the mark
function commonest({ cuts, signature }: Mark, { weights }: Marks): Cut | undefined {
  const weight = weights.get(signature) ?? 0
  const isCommoner = ({ signature: shorter }: Cut): boolean =>
    /\S/.test(shorter) && (weights.get(shorter) ?? 0) > weight
  return cuts.slice(0, -1).find(isCommoner) ?? cuts.at(-1)
}

function lastWhere(cuts: readonly Cut[], isRight: (cut: Cut) => boolean): Cut | undefined {
  for (let i = cuts.length - 1; i >= 0; i--) {
    const cut = cuts[i]
    if (cut && isRight(cut)) return cut
  }
  return undefined
}
