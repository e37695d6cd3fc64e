/** The lines of one reply, put together: RFC 5321 section 4.2.1. Lines of several codes, or without, are taken as logs have them. */

import type { EnhancedStatus, Reply } from '@posthorn/reply'
import { joinRanges, type Line, rangeOf } from '../import/line.ts'
import type { SourceRange } from '../session.ts'
import { readStatus } from '../status.ts'
import { HIDDEN } from './secret.ts'

const REPLY = /^(\d{3})([ -]|$)(.*)$/
const STATUS = /^([245]\.\d{1,3}\.\d{1,3})(?:[ -]|$)/
// Wireshark joins the lines of a reply with bars, some loggers with blanks
const BAR = ' | '
const MAX_LINES = 1000

/** A reply that may go on. */
export class OpenReply {
  readonly code: number
  readonly lines: string[] = []
  /** Whether the last line said that there is one more. */
  goesOn = false
  /** Whether a line stands without a code. */
  codeless = false
  range: SourceRange

  constructor(line: Line) {
    this.code = Number(line.text.slice(0, 3))
    this.range = rangeOf(line)
    this.#add(line)
  }

  /** Takes a line, when it belongs to this reply. */
  take(line: Line): boolean {
    const found = REPLY.exec(line.text)
    if (!this.goesOn || (found && Number(found[1]) !== this.code)) return false
    this.range = joinRanges(this.range, rangeOf(line))
    this.#add(line)
    return true
  }

  #add({ text }: Line): void {
    const found = REPLY.exec(text)
    const rest = found ? (found[3] ?? '') : text.trim()
    if (found) this.goesOn = found[2] === '-'
    else this.codeless = true
    const joined = this.goesOn && rest.includes(BAR)
    if (joined) this.goesOn = false
    for (const one of joined ? rest.split(BAR) : splitGlued(rest, this.code)) {
      if (this.lines.length < MAX_LINES) this.lines.push(one.trimEnd())
    }
  }

  /** Gives the reply: the enhanced status code is not in its lines. */
  toReply(scrub: (text: string) => string): Reply {
    // With a challenge and what a server proves, a password can be guessed offline
    if (this.code === 334) return { code: 334, lines: [HIDDEN] }
    const enhanced = statusOf(this.lines[0] ?? '', this.code)
    const lines = this.lines.map((line) => scrub(enhanced ? line.replace(STATUS, '') : line))
    return enhanced ? { code: this.code, lines, enhanced } : { code: this.code, lines }
  }
}

function splitGlued(text: string, code: number): string[] {
  const mark = ` ${code}-`
  const last = ` ${code} `
  if (!text.includes(mark)) return [text]
  return text.split(mark).flatMap((part, i, all) => (i === all.length - 1 ? part.split(last) : [part]))
}

function statusOf(text: string, code: number): EnhancedStatus | undefined {
  const status = readStatus(STATUS.exec(text)?.[1])
  return status?.class === Math.floor(code / 100) ? status : undefined
}
