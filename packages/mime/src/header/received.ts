/**
 * Received fields as hosts write them: RFC 5321 section 4.4, RFC 5322 section 3.6.7. What stands in comments has no
 * grammar beyond TCP-info; the common ways to write a host name and HELO there are known.
 */

import { isSpecial } from '../address/addr-spec.ts'
import { type Defect, DefectList } from '../syntax/defect.ts'
import { Scanner, type Token } from '../syntax/scanner.ts'
import { textOf } from '../syntax/token-text.ts'
import { readDate } from './read-date.ts'

/** The client or the server of one hop. */
export interface ReceivedHost {
  /** As it named itself: a domain, or an address literal in its brackets; empty when it is not told. */
  readonly name: string
  /** The name that DNS has for the address, by what the server says in a comment. */
  readonly host?: string
  /** The IP address, by what the server says in a comment or behind the name; a literal that is the name is not meant. */
  readonly address?: string
  /** What it said in HELO or EHLO, where that is told apart from the name. */
  readonly helo?: string
  /** The comments, as they are written. */
  readonly comments: readonly string[]
}

/** One hop of a message, and what is doubtful in it. */
export interface ReceivedReading {
  /** Who gave the message. */
  readonly from?: ReceivedHost
  /** Who took it. */
  readonly by?: ReceivedHost
  /** The physical medium. */
  readonly via?: string
  /** The protocol, as `ESMTPS`, or whatever else is written there. */
  readonly with?: string
  /** The identifier that the host gave. */
  readonly id?: string
  /** The recipient, without brackets. */
  readonly for?: string
  /** The date as it is written, folding undone. */
  readonly date?: string
  /** When it was taken; absent where that is no date. */
  readonly time?: Date
  /** The comments of the clauses without a host, as they are written. */
  readonly comments: readonly string[]
  /** What was doubted; offsets are UTF-16 units of the text given. */
  readonly defects: readonly Defect[]
}

/** The limits of {@link readReceived}. */
export interface ReadReceivedOptions {
  /** Most clauses; default 100. */
  readonly maxClauses?: number
}

type ClauseName = 'from' | 'by' | 'via' | 'with' | 'id' | 'for'

interface Clause {
  readonly name: ClauseName | undefined
  readonly keyword: Token | undefined
  readonly words: Token[]
  readonly comments: Token[]
}

const NAMES: readonly string[] = ['from', 'by', 'via', 'with', 'id', 'for'] satisfies ClauseName[]

const MAX_LITERAL = 64
const GREETING = /^(?:helo|[el]hlo)$/i
const V4 = /^\[?(\d{1,3}(?:\.\d{1,3}){3})(?:\]?:\d+\]?|\])?$/
const V6 = /^\[(?:IPv6:)?([0-9A-F:.]{2,45})\](?::\d+)?$/i

/**
 * Reads one Received field. It never fails; it says what the host wrote, which anyone before one's own hosts may have
 * made up.
 *
 * @param text The value of the field, folded or not.
 * @param options Limits.
 * @returns The clauses that are there, and the defects; of a clause that is there twice, the first.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.4 | RFC 5321 section 4.4}
 * @example
 * const hop = readReceived('from a (x.example [192.0.2.1]) by mx.example with ESMTPS id 1; Fri, 21 Nov 1997 09:55:06 -0600')
 * hop.from // { name: 'a', host: 'x.example', address: '192.0.2.1', comments: ['x.example [192.0.2.1]'] }
 * hop.with // 'ESMTPS'
 * hop.time // new Date('1997-11-21T15:55:06Z')
 */
export function readReceived(text: string, options: ReadReceivedOptions = {}): ReceivedReading {
  const { maxClauses = 100 } = options
  const defects = new DefectList()
  const { tokens, dateStart } = readTokens(text, defects)
  const clauses = cutClauses(tokens.slice(0, dateStart), { maxClauses, defects })
  const date = dateOf(
    tokens.slice(dateStart + 1).filter(({ type }) => type !== 'comment'),
    defects,
  )
  if (!date.date) defects.add('missing-date', { start: text.length, end: text.length })
  const found = pickClauses(clauses, defects)
  const hosts = [found.get('from'), found.get('by')]
  return {
    ...hostsOf(found),
    ...textsOf(found),
    ...date,
    comments: clauses.filter((clause) => !hosts.includes(clause)).flatMap((clause) => clause.comments.map(commentText)),
    defects: defects.defects,
  }
}

// The date follows the last ";" that is in no comment.
function readTokens(text: string, defects: DefectList): { tokens: Token[]; dateStart: number } {
  const scanner = new Scanner(text, defects, { unclosed: 'stray' })
  const tokens: Token[] = []
  let dateStart: number | undefined
  for (let token = scanner.nextOfAll(); token; token = scanner.nextOfAll()) {
    if (isSpecial(token, ';')) dateStart = tokens.length
    tokens.push(token)
  }
  return { tokens, dateStart: dateStart ?? tokens.length }
}

function dateOf(tokens: readonly Token[], defects: DefectList): Pick<ReceivedReading, 'date' | 'time'> {
  const date = textOf(tokens)
  if (date === '') return {}
  const { date: time, defects: doubts } = readDate(date)
  for (const { code } of doubts) defects.add(code, rangeOf(tokens))
  return { date, ...(time && { time }) }
}

function cutClauses(tokens: readonly Token[], limit: { maxClauses: number; defects: DefectList }): Clause[] {
  const clauses: Clause[] = []
  let clause: Clause = { name: undefined, keyword: undefined, words: [], comments: [] }
  for (const [index, token] of tokens.entries()) {
    const name = nameOf(token, tokens[index - 1])
    if (token.type === 'comment') clause.comments.push(token)
    else if (name === undefined) clause.words.push(token)
    else {
      clauses.push(clause)
      if (clauses.length > limit.maxClauses) {
        limit.defects.add('clause-limit', { start: token.start, end: tokens.at(-1)!.end })
        return clauses
      }
      clause = { name, keyword: token, words: [], comments: [] }
    }
  }
  return [...clauses, clause]
}

function nameOf(token: Token, before: Token | undefined): ClauseName | undefined {
  if (token.type !== 'atom' || (before !== undefined && !token.spaced && !isSpecial(before, ';'))) return undefined
  const name = token.value.toLowerCase()
  return NAMES.includes(name) ? (name as ClauseName) : undefined
}

function pickClauses(clauses: readonly Clause[], defects: DefectList): Map<ClauseName, Clause> {
  const found = new Map<ClauseName, Clause>()
  for (const clause of clauses) {
    const { name, keyword, words, comments } = clause
    if (name === undefined || !keyword) {
      if (words.length > 0) defects.add('bad-clause', rangeOf(words))
    } else if (found.has(name)) defects.add('duplicate-clause', rangeOf([keyword, ...words]), textOf(words))
    else if (words.length === 0 && comments.length === 0) defects.add('bad-clause', keyword)
    else found.set(name, clause)
  }
  return found
}

function hostsOf(found: ReadonlyMap<ClauseName, Clause>): Pick<ReceivedReading, 'from' | 'by'> {
  const from = found.get('from')
  const by = found.get('by')
  return { ...(from ? { from: hostOf(from) } : {}), ...(by ? { by: hostOf(by) } : {}) }
}

function textsOf(found: ReadonlyMap<ClauseName, Clause>): Pick<ReceivedReading, 'via' | 'with' | 'id' | 'for'> {
  const texts: { via?: string; with?: string; id?: string; for?: string } = {}
  for (const name of ['via', 'with', 'id', 'for'] as const) {
    const value = withoutComma(textOf(found.get(name)?.words ?? []))
    if (value !== '') texts[name] = value.startsWith('<') && value.endsWith('>') ? value.slice(1, -1) : value
  }
  return texts
}

// Extended-Domain = Domain / (Domain FWS "(" TCP-info ")") / (address-literal FWS "(" TCP-info ")")
function hostOf({ words, comments }: Clause): ReceivedHost {
  const [name = '', ...more] = textOf(words).split(' ').map(withoutComma)
  const facts: Facts = {}
  for (const comment of comments) collectFacts(comment.value, facts)
  const literal = more.map(addressOf).find((address) => address !== undefined)
  facts.address ??= literal
  return { name, ...told(facts), comments: comments.map(commentText) }
}

function withoutComma(text: string): string {
  let end = text.length
  while (end > 0 && ' ,;'.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

interface Facts {
  host?: string | undefined
  address?: string | undefined
  helo?: string | undefined
}

function told({ host, address, helo }: Facts): Pick<ReceivedHost, 'host' | 'address' | 'helo'> {
  return { ...(host ? { host } : {}), ...(address ? { address } : {}), ...(helo ? { helo } : {}) }
}

// TCP-info = address-literal / (Domain FWS address-literal)
function collectFacts(comment: string, facts: Facts): void {
  const words = comment
    .replace(/([\w.>])\[/g, '$1 [')
    .trim()
    .split(/[\s,]+/)
  if (words.length === 1 && isHost(words[0]) && addressOf(words[0]) === undefined) facts.host ??= words[0]
  for (const [index, word] of words.entries()) {
    const [label = '', value] = word.split('=', 2)
    const before = words[index - 1]
    // HAZARD: what the client says of itself must not pass for what the server found.
    if (GREETING.test(label)) facts.helo ??= value ?? words[index + 1] ?? ''
    else if (facts.address === undefined && !GREETING.test(before ?? '')) {
      facts.address = addressOf(word.slice(word.lastIndexOf('@') + 1))
      if (facts.address !== undefined && index === 1 && isHost(before)) facts.host ??= before
    }
  }
}

function isHost(word: string | undefined): word is string {
  return word !== undefined && /^[\w-]+(?:\.[\w-]+)*\.?$/.test(word) && word.includes('.')
}

// An IPv4 address as it is, or either kind as a literal, a port behind it or not.
function addressOf(word: string): string | undefined {
  if (word.length > MAX_LITERAL) return undefined
  const v6 = V6.exec(word)?.[1]
  return V4.exec(word)?.[1] ?? (v6?.includes(':') ? v6 : undefined)
}

function commentText(comment: Token): string {
  return textOf([{ ...comment, type: 'atom' }])
}

function rangeOf(tokens: readonly Token[]): { start: number; end: number } {
  return { start: tokens[0]!.start, end: tokens.at(-1)!.end }
}
