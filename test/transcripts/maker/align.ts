/** Which line of a log shows which turn: by what was said, in order, and not by marks. */

import type { Turn } from './recorder.ts'

/** Where the turns stand. */
export interface Alignment {
  /** For each line: `S` where the server says it, `C` the client, `t` the tool. */
  readonly speakers: string
  /** The turns that the log shows. */
  readonly shown: ReadonlySet<number>
}

// How many turns of a side a log may leave out at once, beside those of a message; a server's greeting has many lines
const WINDOW = { client: 4, server: 24 }
const SHORT = 5
const ROW = /^[0-9a-f]{4}: /
const HIDDEN = /hidden|secret|secured|\*{3}|redacted/i
const ESCAPES: Readonly<Record<string, string>> = { '\\r': '', '\\n': '\n', "\\'": "'", '\\"': '"', '\\t': '\t' }

class Side {
  readonly #turns: readonly (readonly [number, string])[]
  readonly #window: number
  #next = 0

  constructor(turns: readonly Turn[], side: 'client' | 'server') {
    this.#window = WINDOW[side]
    this.#turns = turns.flatMap((turn, at) => (turn.by === side ? [[at, turn.text] as const] : []))
  }

  /** Takes the next turn that a piece of a line shows. */
  take(piece: string, inMessage: (at: number) => boolean): number | undefined {
    let left = this.#window
    for (let i = this.#next; i < this.#turns.length && left > 0; i++) {
      const [at, text] = this.#turns[i]!
      // What is short stands for itself only in its turn, or behind a message that is not shown
      const isDue =
        text.length >= SHORT || i === this.#next || (left === this.#window && !(text === '.' && ROW.test(piece)))
      if (isDue && shows(piece, text)) {
        this.#next = i + 1
        return at
      }
      if (!inMessage(at)) left--
    }
    return undefined
  }

  get next(): readonly [number, string] | undefined {
    return this.#turns[this.#next]
  }

  skip(): void {
    this.#next++
  }
}

function shows(piece: string, turn: string): boolean {
  const text = turn.trimEnd()
  const auth = /^AUTH [\w-]+/i.exec(text)?.[0]
  if (auth) return piece.includes(auth)
  if (text.length === 4) return piece.endsWith(text)
  if (text.length < SHORT)
    return (
      text !== '' && (piece === text || (piece.endsWith(text) && /[\s"':>|~-]$/.test(piece.slice(0, -text.length))))
    )
  // Some tools cut lines at a hundred columns
  return piece.includes(text.slice(0, 90))
}

function piecesOf(line: string): string[] {
  const text = line.replaceAll(/\\[rnt'"]/g, (code) => ESCAPES[code] ?? code)
  const pieces = text.split('\n').map((piece) => piece.replace(/[\r\s]+$/, ''))
  return pieces.length > 1 && /^['"),]*$/.test(pieces.at(-1) ?? '') ? pieces.slice(0, -1) : pieces
}

// Some tools put their word for it in Base64
function isPlaceholder(piece: string): boolean {
  return HIDDEN.test(piece) || HIDDEN.test(Buffer.from(piece.split(' ').at(-1) ?? '', 'base64').toString('latin1'))
}

function asksFor(turn: Turn | undefined): boolean {
  return turn?.by === 'server' && turn.text.startsWith('334')
}

/** Finds the turns in a log of rows of octets, which has no lines of its own. */
export function findInRows(text: string, turns: readonly Turn[]): ReadonlySet<number> {
  const rows = [...text.matchAll(/(?:^|\n)[0-9a-f]{4,8} ?: ((?:[0-9a-f]{2}[ -]){1,16})/gi)]
  const said = Buffer.from(rows.map(([, octets = '']) => octets.replaceAll(/[ -]/g, '')).join(''), 'hex').toString(
    'latin1',
  )
  const shown = new Set<number>()
  let from = 0
  for (const [at, turn] of turns.entries()) {
    const found = 'text' in turn ? said.indexOf(`${turn.text}\r\n`, from) : -1
    if (found < 0 || !('text' in turn)) continue
    shown.add(at)
    from = found + turn.text.length + 2
  }
  return shown
}

/** Finds the turns in a log; lines that match `echoes` repeat what others say. */
export function align(text: string, turns: readonly Turn[], messages: ReadonlySet<number>, echoes?: RegExp): Alignment {
  const [client, server] = [new Side(turns, 'client'), new Side(turns, 'server')]
  const shown = new Set<number>()
  const isMessage = (at: number): boolean => messages.has(at)
  let last: number | undefined
  const speakers = text.split('\n').map((line) => {
    if (echoes?.test(line)) return 't'
    // What stands in the place of a message
    if (/\(writing message\)$|<\d+ bytes of DATA>$/.test(line)) return 'C'
    let speaker = 't'
    for (const piece of piecesOf(line)) {
      const blank = client.next
      // An empty line has nothing to be known by but its place
      const isDue = blank?.[1] === '' && (asksFor(turns[last ?? -1]) || (isMessage(blank[0]) && last === blank[0] - 1))
      const isBlank = isDue && /(?:^|\W)$/.test(piece)
      const isHidden = blank && isPlaceholder(piece) && asksFor(turns[last ?? -1])
      const at = isBlank ? blank[0] : (server.take(piece, isMessage) ?? client.take(piece, isMessage))
      const found = at ?? (isHidden ? blank[0] : undefined)
      if (found === undefined) continue
      if (found === blank?.[0] && (isBlank || at === undefined)) client.skip()
      shown.add(found)
      last = found
      speaker = turns[found]?.by === 'server' ? 'S' : 'C'
    }
    return speaker
  })
  return { speakers: speakers.join(''), shown }
}
