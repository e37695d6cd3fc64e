/**
 * The fields of mailing lists as they are received: List-Help, List-Unsubscribe and their like (RFC 2369), List-Id (RFC
 * 2919), List-Unsubscribe-Post (RFC 8058), and lists of words such as Keywords (RFC 5322 section 3.6.5).
 */

import { findControl } from '@posthorn/core'
import { isSpecial } from '../address/addr-spec.ts'
import { commentsOf, readPhrase } from '../address/phrase.ts'
import { type Defect, DefectList } from '../syntax/defect.ts'
import { Scanner, type Token } from '../syntax/scanner.ts'
import { textOf } from '../syntax/token-text.ts'
import type { CharsetOptions } from '../text/charset-decoder.ts'

/** A URL of a List field. */
export interface ListUrl {
  /** The URL, blanks within it taken out; of any scheme, so that the caller is to choose what to open. */
  readonly url: string
  /** The comments beside it, decoded. */
  readonly comments?: readonly string[]
}

/** A List field, and what is doubtful in it. */
export interface ListUrlsReading {
  /** The URLs, that which the list prefers first. */
  readonly urls: readonly ListUrl[]
  /** Whether the field is `NO`, as List-Post is for a list that takes no mail. */
  readonly none: boolean
  /** What was doubted; offsets are UTF-16 units of the text given. */
  readonly defects: readonly Defect[]
}

/** The limits of {@link readListUrls}, and decoders for the charsets of comments. */
export interface ReadListUrlsOptions extends CharsetOptions {
  /** Most URLs; default 100. */
  readonly maxUrls?: number
}

/** A List-Id, and what is doubtful in it. */
export interface ListIdReading {
  /** What people call the list, decoded. */
  readonly name?: string
  /** The identifier without its brackets; absent when there is none. */
  readonly id?: string
  /** What was doubted; offsets are UTF-16 units of the text given. */
  readonly defects: readonly Defect[]
}

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:./
const ONE_CLICK = /^\s*List-Unsubscribe\s*=\s*One-Click\s*$/i

/**
 * Reads the URLs of a List field. It never fails; as RFC 2369 has it, what is not in angle brackets is passed over.
 *
 * @param text The value of the field, folded or not.
 * @param options Limits.
 * @returns The URLs in order, and the defects.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2369#section-2 | RFC 2369 section 2}
 * @example
 * readListUrls('<https://x.example/u?a=1>, <mailto:u@x.example> (by mail)').urls
 * // [{ url: 'https://x.example/u?a=1' }, { url: 'mailto:u@x.example', comments: ['by mail'] }]
 * readListUrls('NO (posting is not allowed)').none // true
 */
export function readListUrls(text: string, options: ReadListUrlsOptions = {}): ListUrlsReading {
  const { maxUrls = 100 } = options
  const defects = new DefectList()
  const scanner = new Scanner(text, defects, { unclosed: 'stray' })
  const urls: ListUrl[] = []
  let none = false
  for (let more = true; more; ) {
    const item = takeItem(scanner)
    more = item.more
    if (item.url !== undefined && urls.length >= maxUrls) {
      defects.add('url-limit', { start: item.start, end: text.length })
      break
    }
    if (item.url !== undefined) urls.push({ url: item.url, ...commentsOf(item.comments, options) })
    none ||=
      urls.length === 0 && item.url === undefined && item.words.length === 1 && /^no$/i.test(item.words[0]!.value)
    if (!none) doubt(item.words, { hasUrl: item.url !== undefined, defects })
  }
  return { urls, none, defects: defects.defects }
}

interface Item {
  readonly start: number
  readonly url: string | undefined
  readonly words: readonly Token[]
  readonly comments: readonly Token[]
  /** Whether a comma ended it. */
  readonly more: boolean
}

function takeItem(scanner: Scanner): Item {
  const words: Token[] = []
  let url: string | undefined
  let start = scanner.position
  let more = false
  for (let token = scanner.next(); token; token = scanner.next()) {
    more = isSpecial(token, ',')
    if (more) break
    if (isSpecial(token, '<') && url === undefined) {
      start = token.start
      url = takeUrl(scanner)
    } else words.push(token)
  }
  return { start, url, words, comments: scanner.takeComments(), more }
}

// RFC 2369 section 2: blanks in a URL are ignored.
function takeUrl(scanner: Scanner): string | undefined {
  const { value, start, end } = scanner.takeUntil('<>')
  if (scanner.text[end] === '>') scanner.position++
  else scanner.defects.add('unclosed-bracket', { start: end, end })
  const url = value.replace(/[ \t\r\n]+/g, '')
  if (SCHEME.test(url) && findControl(url) < 0) return url
  scanner.defects.add('bad-url', { start, end })
  return undefined
}

function doubt(words: readonly Token[], { hasUrl, defects }: { hasUrl: boolean; defects: DefectList }): void {
  if (words.length === 0) return
  const range = { start: words[0]!.start, end: words.at(-1)!.end }
  if (hasUrl) defects.add('trailing-text', range)
  else defects.add('missing-brackets', range, textOf(words))
}

/**
 * Gives the URL to which a POST unsubscribes at once, where the sender allows it.
 *
 * The signature is for the caller to check: RFC 8058 section 4 wants both fields covered by a valid DKIM signature.
 *
 * @param unsubscribe The value of List-Unsubscribe.
 * @param post The value of List-Unsubscribe-Post, if the message has one.
 * @returns The URL; nothing unless the second field says `List-Unsubscribe=One-Click` and the first has one URL of https.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8058#section-3.1 | RFC 8058 section 3.1}
 * @example
 * oneClickUrl('<mailto:u@x.example>, <https://x.example/u>', 'List-Unsubscribe=One-Click') // 'https://x.example/u'
 * oneClickUrl('<https://x.example/u>', undefined) // undefined
 */
export function oneClickUrl(unsubscribe: string, post: string | undefined): string | undefined {
  if (post === undefined || !ONE_CLICK.test(post)) return undefined
  const urls = readListUrls(unsubscribe).urls.filter(({ url }) => /^https:/i.test(url))
  return urls.length === 1 ? urls[0]!.url : undefined
}

/**
 * Reads a List-Id. It never fails.
 *
 * @param text The value of the field, folded or not.
 * @param charsets Decoders for the charset of the name.
 * @returns The name and the identifier, and the defects.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2919#section-3 | RFC 2919 section 3}
 * @example
 * readListId('The =?utf-8?Q?Caf=C3=A9?= list <cafe.lists.example>')
 * // { name: 'The Café list', id: 'cafe.lists.example', defects: [] }
 */
export function readListId(text: string, charsets: CharsetOptions = {}): ListIdReading {
  const defects = new DefectList()
  const scanner = new Scanner(text, defects, { unclosed: 'stray' })
  const words: Token[] = []
  let id: string | undefined
  for (let token = scanner.next(); token; token = scanner.next()) {
    if (id !== undefined) defects.add('trailing-text', token)
    else if (isSpecial(token, '<')) id = takeId(scanner)
    else words.push(token)
  }
  if (id === undefined && words.length === 1) {
    defects.add('missing-brackets', words[0]!)
    id = textOf(words.splice(0))
  }
  const name = readPhrase(words, { charsets, defects })
  return { ...(name === '' ? {} : { name }), ...(id ? { id } : {}), defects: defects.defects }
}

function takeId(scanner: Scanner): string {
  const { value, start, end } = scanner.takeUntil('<>')
  if (scanner.text[end] === '>') scanner.position++
  else scanner.defects.add('unclosed-bracket', { start: end, end })
  const id = value.replace(/[ \t\r\n]+/g, '')
  // list-id = list-label "." list-id-namespace
  if (!/^[^\s.@<>]+(?:\.[^\s.@<>]+)+$/.test(id) || findControl(id) >= 0) scanner.defects.add('bad-id', { start, end })
  return findControl(id) >= 0 ? '' : id
}

/**
 * Reads a list of phrases, as of Keywords, of which there may be several with commas between. It never fails.
 *
 * @param text The value of the field, folded or not.
 * @param charsets Decoders for their charsets.
 * @returns The phrases, decoded; none that is empty.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.6.5 | RFC 5322 section 3.6.5}
 * @example
 * readPhrases('mail, "a, b", =?utf-8?Q?caf=C3=A9?=') // ['mail', 'a, b', 'café']
 */
export function readPhrases(text: string, charsets: CharsetOptions = {}): string[] {
  const context = { charsets, defects: new DefectList() }
  const scanner = new Scanner(text, context.defects, { unclosed: 'stray' })
  const phrases: Token[][] = [[]]
  for (let token = scanner.next(); token; token = scanner.next()) {
    if (isSpecial(token, ',')) phrases.push([])
    else phrases.at(-1)!.push(token)
  }
  return phrases.map((words) => readPhrase(words, context)).filter((phrase) => phrase !== '')
}
