/** What somebody could use to log in, wherever a log shows it: RFC 4954, RFC 4616. */

import { decodeBase64, decodeUtf8 } from '@posthorn/core'
import { type Line, partOf, rangeOf } from '../import/line.ts'
import type { SourceRange } from '../session.ts'

/** What stands in the place of a secret. */
export const HIDDEN = '***'

const PLACEHOLDER =
  /^(?:[*•x]+|=|\[[\w ]+\]|<[\w -]+>|\(?(?:hidden|redacted|null)\)?)$|^\((?:not|null|none)\b|secret \*\/|PROVIDED_BUT_REMOVED|suppressed|hidden|redacted|sensitive/i
const LABELLED =
  /(?:(?:\b|_)(?:password|passwd|passphrase|pwd|pass(?==)|secret|token)["']?\s{0,3}[=:]\s{0,3}["']?|\bpass [`']|client response (?!\S*@)|password_maps: .{1,200} = [^\s:]{1,100}:|bearer\s{1,3}(?=\S{16})|:\/\/[^\s:/@]{1,64}:(?=[^\s@]{1,64}@)|\bauth (?:plain|login|xoauth2|oauthbearer) (?=[\w+/]{8}\S*)(?=\S*[\d=]))([^\s"',;)@]{3,})/gi
const MAX_KEPT = 64

/** Gives what Base64 stands for; nothing where it is none. */
export function decoded(text: string): string | undefined {
  try {
    return decodeUtf8(decodeBase64(text))
  } catch {
    return undefined
  }
}

/** Collects the secrets of a text: where they stand, and what they are, so that echoes of them are hidden too. */
export class SecretCollector {
  readonly ranges: SourceRange[] = []
  readonly #texts: Set<string> = new Set()

  /** Takes a part of a line as a secret, unless it is a placeholder. */
  add(line: Line, from: number, to: number = line.text.length): void {
    const text = line.text.slice(from, to).trim()
    const clear = decoded(text)
    if (text === '' || PLACEHOLDER.test(text) || (clear !== undefined && PLACEHOLDER.test(clear))) return
    this.ranges.push(rangeOf(partOf(line, from, to)))
    this.#keep(text)
    for (const part of clear?.split('\0') ?? []) if (part.length > 2 && !part.includes('@')) this.#keep(part)
  }

  /** Takes what a tool calls a password in a line of its own. */
  addLabelled(line: Line): void {
    for (const found of line.text.matchAll(LABELLED)) {
      const from = found.index + found[0].length - (found[1]?.length ?? 0)
      this.add(line, from, found.index + found[0].length)
    }
  }

  #keep(text: string): void {
    if (text.length < 3) return
    this.#texts.add(text.toLowerCase())
    const [oldest] = this.#texts
    if (this.#texts.size > MAX_KEPT && oldest !== undefined) this.#texts.delete(oldest)
  }

  /** Hides in a text the secrets that were seen last, and what is called a password. */
  scrub(text: string): string {
    let result = text.replace(LABELLED, (all: string, value: string) =>
      !PLACEHOLDER.test(value) ? `${all.slice(0, all.length - value.length)}${HIDDEN}` : all,
    )
    for (const secret of this.#texts) if (result.toLowerCase().includes(secret)) result = hide(result, secret)
    return result
  }
}

function hide(text: string, secret: string): string {
  const lower = text.toLowerCase()
  if (lower.length !== text.length) return HIDDEN
  let result = ''
  let from = 0
  for (let at = lower.indexOf(secret); at >= 0; at = lower.indexOf(secret, from)) {
    result += text.slice(from, at) + HIDDEN
    from = at + secret.length
  }
  return result + text.slice(from)
}
