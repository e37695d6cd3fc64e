/** What a reply says, whoever wraps it: its code, its enhanced status code and its words in one line. */

import { type EnhancedStatus, formatEnhancedStatus, type Reply } from '@posthorn/reply'
import { readStatus } from '../status.ts'
import { type ReplyReporter, reporterOf } from './reporter.ts'

/** How many characters of a reply are looked at. RFC 5321 section 4.5.3.1.5 has 512 octets in a line. */
export const MAX_TEXT = 8192

/** A reply as the rules see it. */
export interface Reading {
  readonly code?: number
  readonly status?: EnhancedStatus
  /** The words, without codes at the head of lines, in lower case, with single spaces. */
  readonly words: string
  /** What it answers, where the wrapping tells. */
  readonly answers?: string
  readonly reportedBy?: ReplyReporter
  /** Whether there was more than is looked at. */
  readonly clipped: boolean
}

/** Reads a reply, or the text of one, and takes off what other servers put around it. */
export function readReplyText(input: string | Reply): Reading {
  const { text, clipped } = typeof input === 'string' ? clipText([input]) : clipText(input.lines)
  const flat = flatten(typeof input === 'string' ? text : `${headOf(input)}${text}`)
  const inner = findInner(flat)
  const outer = flat.slice(0, inner)
  const said = flat.slice(inner)
  const head = HEAD.exec(said)
  const words = wordsOf(head ? said.slice(head[0].length) : said, head?.[1])
  const status = readStatus(head?.[2]) ?? readStatus(MARKED_STATUS.exec(words)?.[1])
  const answers = answersOf(words)
  return {
    words,
    clipped,
    ...(head?.[1] && { code: Number(head[1]) }),
    ...(status && { status }),
    ...(answers && { answers }),
    ...(outer !== '' && { reportedBy: reporterOf(outer) }),
  }
}

// The code and the enhanced status code, either of which may be missing.
const HEAD = /^(?:([2-5]\d\d)(?:[ -]|$))?(?:#?([245]\.\d{1,3}\.\d{1,3})(?![.\d]):? ?)?/
const MARKED_STATUS = /#([245]\.\d{1,3}\.\d{1,3})(?![.\d])/
// HAZARD: every repetition is bounded, so that the work is linear.
const WRAPPING =
  /(?:(?:\bsaid|\bwas|\bto me|\bsmtp|\bwith|\bled|\bmsg|\bafter [^:]{1,80}|\])[:;=] ?|\breturned(?: error)?:? |<<< |-> )["'(<]{0,3}([2-5]\d\d)(?=[ -])/gi

function findInner(text: string): number {
  let inner = 0
  for (const found of text.matchAll(WRAPPING)) inner = found.index + found[0].length - '550'.length
  return inner
}

function headOf({ code, enhanced }: Reply): string {
  return enhanced ? `${code} ${formatEnhancedStatus(enhanced)} ` : `${code} `
}

function clipText(lines: readonly string[]): { text: string; clipped: boolean } {
  let text = ''
  for (const line of lines) {
    text += ` ${line.slice(0, MAX_TEXT)}`
    if (line.length > MAX_TEXT || text.length > MAX_TEXT) return { text: text.slice(0, MAX_TEXT), clipped: true }
  }
  return { text, clipped: false }
}

function flatten(text: string): string {
  return text
    .split(/\s/)
    .filter((word) => word !== '')
    .join(' ')
}

// `550-5.7.26 text 550 5.7.26 more`: the heads of the further lines are not words.
function wordsOf(text: string, code: string | undefined): string {
  const words = code ? text.split(' ').filter((word) => !isHead(word, code)) : [text]
  return words.join(' ').toLowerCase()
}

function isHead(word: string, code: string): boolean {
  return word === code || (word.startsWith(`${code}-`) && HEAD_WORD.test(word))
}

const HEAD_WORD = /^\d{3}-(?:[245]\.\d{1,3}\.\d{1,3})?$/

// `(in reply to RCPT TO command)`, as Postfix notes it.
function answersOf(words: string): string | undefined {
  const at = words.lastIndexOf('(in reply to ')
  if (at < 0) return undefined
  const stage = words.slice(at + '(in reply to '.length, at + 40)
  if (stage.startsWith('end of data')) return 'message'
  return /^[a-z]{4,8}(?= )/.exec(stage)?.[0].toUpperCase()
}
