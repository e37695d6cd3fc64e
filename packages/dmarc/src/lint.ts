/** Advice on a record before it is published: RFC 9989 section 4.7 and 4.8, with appendix C.5 on what RFC 7489 had. */

import { trimBlanks } from '@posthorn/core'
import { DMARC_RULES, type DmarcRule, type DmarcSeverity } from './lint-rules.ts'
import { type DmarcDefect, type DmarcRecord, type ParsedDmarc, parseDmarc } from './record.ts'
import { isRecord, splitParts, type TagPart } from './tag-list.ts'
import { formatUri, parseUriList } from './uri.ts'

/** Something that is wrong with a record, or worth knowing. */
export interface DmarcFinding {
  /** What was looked for; stable across releases. */
  readonly code: DmarcRule
  /** How much it matters. */
  readonly severity: DmarcSeverity
  /** The name of the tag; absent where there is none. */
  readonly tag?: string
  /** Where it begins, in UTF-16 units. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
  /** The RFC and its section. */
  readonly spec: string
  /** What is wrong and what comes of it, in one sentence. */
  readonly text: string
  /** What to publish in the place from `start` to `end`; empty to leave it out, absent where only the owner can know. */
  readonly publish?: string
}

const MAX_LENGTH = 65_535
const KNOWN_NAMES = ['v', 'p', 'sp', 'np', 'adkim', 'aspf', 'rua', 'ruf', 'fo', 'psd', 't']
const ORDER = ['none', 'quarantine', 'reject']

/**
 * Tells what is wrong with a record, or worth knowing, and what to publish in its place.
 *
 * @param text What is published, or is about to be, at `_dmarc` of the domain.
 * @returns The findings, in the order of the text; none for a record that is as it should be.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-4.7 | RFC 9989 section 4.7}
 * @example
 * const [finding] = lintDmarc('v=DMARC1; p=reject; pct=0; rua=mailto:d@example.com')
 * finding?.code // 'retired-tag'
 * finding?.publish // 't=y'
 * lintDmarc('v=dmarc1; p=none').map(({ code, publish }) => [code, publish]) // [['version-case', 'v=DMARC1']]
 */
export function lintDmarc(text: string): readonly DmarcFinding[] {
  if (text.length > MAX_LENGTH) return [finding('too-long', { start: 0, end: text.length })]
  if (!isRecord(text)) return lintVersion(text)
  const parts = splitParts(text)
  const record = parseDmarc(text)
  const found = [...record.defects.map((defect) => lintDefect(text, defect)), ...lintPolicy(record, parts)]
  return [...found, ...lintReports(record, parts)].sort((a, b) => a.start - b.start || a.end - b.end)
}

interface Place {
  readonly tag?: string
  readonly start: number
  readonly end: number
}

function finding(code: DmarcRule, { tag, start, end }: Place, publish?: string): DmarcFinding {
  const { severity, spec, text } = DMARC_RULES[code]
  const shown = publish === undefined ? {} : { publish }
  return { code, severity, ...(tag !== undefined && { tag }), start, end, spec, text, ...shown }
}

function lintVersion(text: string): DmarcFinding[] {
  const all = { start: 0, end: text.length }
  if (text.startsWith('"')) return [finding('quoted', all, unquote(text))]
  if (text.includes('\\;')) return [finding('escaped-semicolon', all, text.replaceAll('\\;', ';'))]
  if (/^\s/.test(text)) return [finding('blank-start', all, text.trim())]
  const parts = splitParts(text)
  const at = parts.findIndex(isVersion)
  const version = parts[at]
  if (!version) return [finding('no-version', all, `v=DMARC1; ${text}`)]
  if (at === 0) return [finding('version-case', { tag: 'v', start: version.start, end: version.end }, 'v=DMARC1')]
  const rest = parts.filter((part) => part !== version && part.start < part.end)
  const tags = ['v=DMARC1', ...rest.map(({ start, end }) => text.slice(start, end))]
  return [finding('version-not-first', { tag: 'v', ...all }, tags.join('; '))]
}

function unquote(text: string): string {
  // The character-strings of a zone file stand side by side: "v=DMARC1; " "p=none".
  return text.replace(/"[ \t]+"/g, '').replaceAll('"', '')
}

function isVersion({ name, value }: TagPart): boolean {
  return name.toLowerCase() === 'v' && value.toLowerCase() === 'dmarc1'
}

function lintDefect(text: string, defect: DmarcDefect): DmarcFinding {
  const { code, tag } = defect
  const written = text.slice(defect.start, defect.end)
  const value = trimBlanks(written.slice(written.indexOf('=') + 1))
  switch (code) {
    case 'unknown-tag': {
      const lower = tag!.toLowerCase()
      return KNOWN_NAMES.includes(lower) ? finding('tag-case', defect, `${lower}=${value}`) : finding(code, defect, '')
    }
    case 'retired-tag':
      // RFC 9989 appendix A.6: what pct=0 was used for is now t=y.
      return finding(code, defect, tag === 'pct' && value === '0' ? 't=y' : '')
    case 'retired-size':
    case 'bad-uri': {
      const uris = parseUriList(value).uris.map(({ uri }) => uri)
      return finding(code, defect, uris.length > 0 ? `${tag}=${uris.join(',')}` : '')
    }
    case 'missing-policy':
      return finding(code, defect, 'v=DMARC1; p=none')
    case 'empty-tag':
    case 'bad-value':
      return finding(code, defect, '')
    default:
      return finding(code, defect)
  }
}

function lintPolicy({ p, sp, np, psd, ruf, rua, t }: DmarcRecord, parts: readonly TagPart[]): DmarcFinding[] {
  const found: DmarcFinding[] = []
  const partOf = (name: string) => parts.find((part) => part.name === name)
  const add = (code: DmarcRule, name: string, publish?: string) => {
    const part = partOf(name)
    if (part) found.push(finding(code, { tag: name.toLowerCase(), start: part.start, end: part.end }, publish))
  }
  const second = parts.findIndex(({ name }) => name === 'p')
  if (parts[0]!.name === 'V') add('version-case', 'V', 'v=DMARC1')
  if (second > 1) add('policy-not-second', 'p')
  const level = ORDER.indexOf(p ?? 'none')
  for (const [name, policy] of Object.entries({ sp, np })) {
    if (policy && ORDER.indexOf(policy) < level) add('weak-subdomains', name, `${name}=${p}`)
  }
  const strictest = Math.max(...[p, sp, np].map((one) => ORDER.indexOf(one ?? 'none')))
  if (t === 'y' && strictest === 0) add('test-without-policy', 't', '')
  if (strictest === 0 && rua.length === 0 && ruf.length === 0 && psd === 'u') add('no-effect', 'v')
  if (psd === 'y' && ruf.length > 0) add('psd-failure-reports', 'ruf', '')
  return found
}

function lintReports({ rua, ruf }: ParsedDmarc, parts: readonly TagPart[]): DmarcFinding[] {
  const found: DmarcFinding[] = []
  for (const [tag, uris] of Object.entries({ rua, ruf })) {
    const part = parts.find(({ name }) => name === tag)
    if (!part) continue
    const place = { tag, start: part.start, end: part.end }
    const once = new Map(uris.map((uri) => [uri.uri, uri]))
    if (once.size < uris.length) {
      found.push(finding('repeated-uri', place, `${tag}=${[...once.values()].map(formatUri).join(',')}`))
    }
    if (uris.some(({ type }) => type === 'other')) found.push(finding('other-scheme', place))
  }
  const fo = parts.find(({ name }) => name === 'fo')
  if (fo && ruf.length === 0) found.push(finding('unused-options', { tag: 'fo', start: fo.start, end: fo.end }, ''))
  return found
}
