/** Advice on a key record before it is published: RFC 6376 section 3.6.1, RFC 8301, RFC 8463 section 4. */

import { decodeBase64, encodeBase64, splitTags, type TagPart } from '@posthorn/core'
import { MIN_RSA_BITS } from './algorithm.ts'
import { readEd25519PublicKey } from './der.ts'
import { type DkimKeyRule, type DkimSeverity, KEY_RULES } from './key-lint-rules.ts'
import { parseDkimRecord } from './key-record.ts'
import { attempt, Refusal } from './verdict.ts'
import { readKey } from './verify-key.ts'

/** Something that is wrong with a key record, or worth knowing. */
export interface DkimKeyFinding {
  /** What was looked for; stable across releases. */
  readonly code: DkimKeyRule
  /** How much it matters. */
  readonly severity: DkimSeverity
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

type Place = Pick<DkimKeyFinding, 'tag' | 'start' | 'end'>
type Findings = Generator<DkimKeyFinding, void>
type Tags = ReadonlyMap<string, TagPart>

const MAX_LENGTH = 65_535
const KNOWN = new Set(['v', 'k', 'h', 's', 't', 'n', 'p', 'g'])
const NAME = /^[A-Za-z]\w*$/
const VALUE = /^[!-:<-~\u00a1-\u2027\u202a-\uffff \t]*$/
const WORD = /^(?:[A-Za-z][A-Za-z0-9-]*|\*)$/
const ED25519_OCTETS = 32
const [RECOMMENDED_BITS, USUAL_BITS] = [2048, 4096]

/**
 * Tells what is wrong with a key record, or worth knowing, and what to publish in its place.
 *
 * @param text What is published, or is about to be, at `selector._domainkey` of the domain.
 * @returns The findings, in the order of the text; none for a record that is as it should be.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1 | RFC 6376 section 3.6.1}
 * @example
 * lintDkimRecord('k=rsa; p=').map(({ code }) => code) // ['no-version', 'revoked']
 * const [finding] = lintDkimRecord('"v=DKIM1; p="')
 * finding?.publish // 'v=DKIM1; p='
 */
export function lintDkimRecord(text: string): readonly DkimKeyFinding[] {
  const all = { start: 0, end: text.length }
  if (text.length > MAX_LENGTH) return [finding('too-long', all)]
  // The character-strings of a zone file stand side by side: "v=DKIM1; " "p=".
  if (text.startsWith('"')) return [finding('quoted', all, text.replace(/"[ \t]+"/g, '').replaceAll('"', ''))]
  if (text.includes('\\;')) return [finding('escaped-semicolon', all, text.replaceAll('\\;', ';'))]
  const parts = splitTags(text)
  const tags = new Map<string, TagPart>()
  for (const part of parts) if (!tags.has(part.name)) tags.set(part.name, part)
  const found = [...lintParts(parts), ...lintVersion(parts), ...lintLists(tags), ...lintKey(text, tags)]
  return found.sort((one, other) => one.start - other.start || one.end - other.end)
}

function finding(code: DkimKeyRule, { tag, start, end }: Place, publish?: string): DkimKeyFinding {
  const { severity, spec, text } = KEY_RULES[code]
  const suggestion = publish === undefined ? {} : { publish }
  return { code, severity, ...(tag !== undefined && { tag }), start, end, spec, text, ...suggestion }
}

function placeOf({ name, start, end }: TagPart): Place {
  return name === '' ? { start, end } : { tag: name, start, end }
}

function* lintParts(parts: readonly TagPart[]): Findings {
  const seen = new Set<string>()
  for (const part of parts) {
    const { name, value } = part
    const lower = name.toLowerCase()
    if (!NAME.test(name) || !VALUE.test(value)) yield finding('bad-tag', placeOf(part))
    else if (seen.has(name)) yield finding('repeated-tag', placeOf(part))
    else if (name === 'g') yield finding('retired-tag', placeOf(part), '')
    else if (!KNOWN.has(name) && KNOWN.has(lower)) yield finding('tag-case', placeOf(part), `${lower}=${value}`)
    else if (!KNOWN.has(name)) yield finding('unknown-tag', placeOf(part), '')
    seen.add(name)
  }
}

function* lintVersion(parts: readonly TagPart[]): Findings {
  const at = parts.findIndex(({ name }) => name === 'v')
  const version = parts[at]
  if (!version) yield finding('no-version', { start: 0, end: 0 }, 'v=DKIM1; ')
  else if (version.value !== 'DKIM1') yield finding('bad-version', placeOf(version), 'v=DKIM1')
  else if (at > 0) yield finding('version-not-first', placeOf(version))
}

function* lintLists(tags: Tags): Findings {
  const words = (part: TagPart) => part.value.split(':').map((word) => word.trim())
  const hashes = tags.get('h')
  if (hashes && !words(hashes).every((word) => WORD.test(word))) yield finding('bad-list', placeOf(hashes))
  else if (hashes && !words(hashes).includes('sha256')) yield finding('not-sha256', placeOf(hashes), 'h=sha256')
  else if (hashes && words(hashes).includes('sha1')) yield finding('sha1', placeOf(hashes), 'h=sha256')
  const services = tags.get('s')
  if (services && !words(services).every((word) => WORD.test(word))) yield finding('bad-list', placeOf(services))
  else if (services && !words(services).some((word) => word === '*' || word === 'email')) {
    yield finding('not-for-mail', placeOf(services))
  } else if (services && words(services).some((word) => !['*', 'email'].includes(word))) {
    yield finding('unknown-service', placeOf(services))
  }
  const flags = tags.get('t')
  if (!flags) return
  if (!words(flags).every((word) => WORD.test(word))) yield finding('bad-flag', placeOf(flags))
  if (words(flags).includes('y')) yield finding('testing', placeOf(flags))
  if (words(flags).includes('s')) yield finding('strict-identity', placeOf(flags))
  if (words(flags).some((word) => WORD.test(word) && !['y', 's'].includes(word))) {
    yield finding('unknown-flag', placeOf(flags))
  }
}

function* lintKey(text: string, tags: Tags): Findings {
  const key = tags.get('p')
  if (!key) return yield finding('no-key', { start: text.length, end: text.length })
  if (key.value === '') return yield finding('revoked', placeOf(key))
  const type = tags.get('k')
  const keyType = type?.value ?? 'rsa'
  if (keyType !== 'rsa' && keyType !== 'ed25519') return yield finding('key-type-unknown', placeOf(type!))
  const octets = attempt(
    () => decodeBase64(key.value, { whitespace: true }),
    () => undefined,
  )
  if (!octets) return yield finding('bad-base64', placeOf(key))
  const inDer = keyType === 'ed25519' ? readEd25519PublicKey(octets) : undefined
  if (inDer) yield finding('ed25519-in-der', placeOf(key), `p=${encodeBase64(inDer)}`)
  else if (keyType === 'ed25519' && octets.length !== ED25519_OCTETS) yield finding('ed25519-length', placeOf(key))
  else yield* lintStrength(keyType, key)
}

function* lintStrength(keyType: string, key: TagPart): Findings {
  const bits = bitsOf(keyType, key.value)
  if (bits === undefined) yield finding('key-malformed', placeOf(key))
  else if (keyType !== 'rsa') return
  else if (bits < MIN_RSA_BITS) yield finding('key-weak', placeOf(key))
  else if (bits < RECOMMENDED_BITS) yield finding('key-short', placeOf(key))
  else if (bits > USUAL_BITS) yield finding('key-very-long', placeOf(key))
}

function bitsOf(keyType: string, value: string): number | undefined {
  try {
    const record = parseDkimRecord(`k=${keyType}; p=${value}`)
    return readKey(record, { minRsaBits: 0, maxRsaBits: Number.POSITIVE_INFINITY }).bits
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
