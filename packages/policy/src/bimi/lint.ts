/** Advice on a record before it is published: "Assertion Record Definition" of BIMI draft 14. */

import { splitTags, type TagPart } from '@posthorn/core'
import { BIMI_RULES, type BimiRule, type BimiSeverity } from './lint-rules.ts'
import { isBimiRecord, KNOWN_TAGS, MAX_RECORD } from './record.ts'
import { isTag } from './tag.ts'
import { checkBimiUrl, parse } from './url.ts'

/** Something that keeps an indicator from being shown, or is worth knowing. */
export interface BimiFinding {
  /** What was looked for; stable across releases. */
  readonly code: BimiRule
  /** How much it matters. */
  readonly severity: BimiSeverity
  /** The name of the tag; absent where there is none. */
  readonly tag?: string
  /** Where it begins, in UTF-16 units. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
  /** The draft and its section. */
  readonly spec: string
  /** What is wrong and what comes of it, in one sentence. */
  readonly text: string
  /** What to publish in the place from `start` to `end`; empty to leave it out, absent where only the owner can know. */
  readonly publish?: string
}

interface Place {
  readonly name?: string | undefined
  readonly start: number
  readonly end: number
}

const VALUES: Readonly<Record<'avp' | 'lps', readonly string[]>> = {
  avp: ['brand', 'personal'],
  lps: ['true', 'false'],
}
// The usual names of images that are no SVG.
const OTHER_FORMAT = /\.(?:avif|bmp|eps|gif|heic|ico|jpe?g|pdf|png|tiff?|webp)$/i

/**
 * Tells what would keep an indicator from being shown, and what to publish in its place.
 *
 * @param text What is published, or is about to be, at `selector._bimi` of the domain.
 * @returns The findings, in the order of the text; none for a record that is as it should be.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Assertion Record Definition"}
 * @example
 * const [finding] = lintBimi('v=BIMI1; l=http://example.com/a.svg; a=https://example.com/a.pem')
 * finding?.code // 'insecure'
 * finding?.publish // 'l=https://example.com/a.svg'
 * lintBimi('v=BIMI1; l=https://example.com/a.svg').map(({ code }) => code) // ['no-evidence']
 */
export function lintBimi(text: string): readonly BimiFinding[] {
  if (text.length > MAX_RECORD) return [finding('too-long', { start: 0, end: text.length })]
  const tags = splitTags(text)
  if (!isBimiRecord(text)) return [lintVersion(text, tags)]
  const found = [...lintTags(tags), ...lintAddresses(text, tags)]
  return found.sort((one, other) => one.start - other.start || one.end - other.end)
}

function finding(code: BimiRule, { name, start, end }: Place, publish?: string): BimiFinding {
  const { severity, spec, text } = BIMI_RULES[code]
  const shown = publish === undefined ? {} : { publish }
  return { code, severity, ...(name ? { tag: name } : {}), start, end, spec, text, ...shown }
}

function lintVersion(text: string, tags: readonly TagPart[]): BimiFinding {
  const all = { start: 0, end: text.length }
  if (text.startsWith('"')) return finding('quoted', all, text.replaceAll(/"[ \t]*"|"/g, ''))
  const at = tags.findIndex((tag) => tag.name?.toLowerCase() === 'v' && tag.value.toUpperCase() === 'BIMI1')
  const version = tags[at]
  if (!version) return finding('no-version', all, `v=BIMI1; ${text}`)
  if (at > 0) {
    const rest = tags.filter((tag) => tag !== version).map(({ start, end }) => text.slice(start, end))
    return finding('version-not-first', all, `${['v=BIMI1', ...rest].join('; ')};`)
  }
  if (version.start > 0 && isBimiRecord(text.slice(version.start))) {
    return finding('blank-start', { start: 0, end: version.start }, '')
  }
  return finding('version-case', version, 'v=BIMI1')
}

function* lintTags(tags: readonly TagPart[]): Generator<BimiFinding, void> {
  const seen = new Set<string>()
  for (const tag of tags) {
    if (!isTag(tag)) {
      yield finding('bad-tag', { start: tag.start, end: tag.end })
      continue
    }
    const { name, value } = tag
    const lower = name.toLowerCase()
    if (seen.has(name)) yield finding('repeated-tag', tag, '')
    else if (name !== lower && KNOWN_TAGS.has(lower)) yield finding('tag-case', tag, `${lower}=${value}`)
    else if (!KNOWN_TAGS.has(name)) yield finding('unknown-tag', tag, '')
    else if (name === 'avp' || name === 'lps') yield* lintChoice(tag, VALUES[name])
    seen.add(name)
  }
}

function* lintChoice(tag: TagPart, values: readonly string[]): Generator<BimiFinding, void> {
  const { name, value } = tag
  if (values.includes(value)) return
  const lower = value.toLowerCase()
  if (values.includes(lower)) yield finding('value-case', tag, `${name}=${lower}`)
  else yield finding(name === 'avp' ? 'bad-avatar' : 'bad-local-part-selectors', tag, '')
}

function* lintAddresses(text: string, tags: readonly TagPart[]): Generator<BimiFinding, void> {
  const location = tags.find(({ name }) => name === 'l')
  const authority = tags.find(({ name }) => name === 'a')
  const all = { start: 0, end: text.length }
  if (!location) yield finding('missing-location', all)
  else if (location.value !== '') yield* lintAddress(location, 'bad-location')
  else if (authority && authority.value !== '') yield finding('evidence-alone', location)
  else yield finding('declined', all)
  if (authority && authority.value !== '') yield* lintAddress(authority, 'bad-authority')
  else if (location && location.value !== '') yield finding('no-evidence', authority ?? all)
}

function* lintAddress(tag: TagPart, bad: BimiRule): Generator<BimiFinding, void> {
  const { name, value } = tag
  if (value.includes(',')) return yield finding('comma', tag, `${name}=${value.replaceAll(',', '%2C')}`)
  const problem = checkBimiUrl(value)
  if (problem === 'not-https') {
    const secure = value.replace(/^http:/i, 'https:')
    yield finding('insecure', tag, checkBimiUrl(secure) ? undefined : `${name}=${secure}`)
  } else if (problem) yield finding(bad, tag)
  else if (name === 'l' && OTHER_FORMAT.test(parse(value)?.pathname ?? '')) yield finding('other-format', tag)
}
