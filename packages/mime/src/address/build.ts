/** Entries of a list from the tokens between two separators: RFC 5322 section 3.4 and 4.4, RFC 7103 section 7.1. */

import { DefectList } from '../syntax/defect.ts'
import type { Token } from '../syntax/scanner.ts'
import { type AddrSpec, isSpecial, readAddrSpec } from './addr-spec.ts'
import type { MailboxEntry, TextEntry } from './entry.ts'
import { commentsOf, type PhraseContext, readComment, readPhrase } from './phrase.ts'

/**
 * The tokens between two separators.
 *
 * @internal
 */
export class Pending {
  /** What stands before the brackets, or all. */
  words: Token[] = []
  /** What stands in them, if there are any. */
  angle: Token[] | undefined
  /** What stands behind them. */
  trailing: Token[] = []
  inAngle = false
  /** Whether a source route has begun in them, and its ":" has not come. */
  inRoute = false

  get start(): number {
    return (this.words[0] ?? this.angle?.[0])?.start ?? 0
  }

  get isEmpty(): boolean {
    return this.words.length === 0 && this.angle === undefined
  }
}

type Entry = MailboxEntry | TextEntry

/** @internal */
export interface Material extends PhraseContext {
  readonly pending: Pending
  readonly comments: readonly Token[]
  /** Reads what was encoded as addresses, when that is wanted. */
  readonly onEncoded: ((text: string) => readonly Entry[]) | undefined
}

/** @internal */
export function buildEntries(material: Material): readonly Entry[] {
  return material.pending.angle ? buildAngle(material.pending.angle, material) : buildBare(material)
}

// name-addr = [display-name] angle-addr
function buildAngle(angle: readonly Token[], material: Material): readonly Entry[] {
  const { words, trailing } = material.pending
  const { defects } = material
  const more = trailing.length > 0 ? readChain(trailing, defects) : []
  if (!more) defects.add('trailing-text', rangeOf(trailing))
  for (const spec of more ?? []) defects.add('missing-comma', { start: spec.start, end: spec.start })
  const name = readPhrase(words, material) || (more ? '' : readPhrase(trailing, material))
  const content = withoutRoute(angle, defects)
  const spec = content.length > 0 ? readAddrSpec(content, 0, defects) : undefined
  if (spec?.next !== content.length) {
    return [...buildText(content, { ...material, name }), ...(more ?? []).map(mailboxOf)]
  }
  checkName(name, { address: spec.address, words: words.length > 0 ? words : trailing, defects })
  const named = { ...spec, ...(name === '' ? {} : { name }), ...commentsOf(material.comments, material.charsets) }
  return [mailboxOf(named), ...(more ?? []).map(mailboxOf)]
}

// obs-route = obs-domain-list ":"
function withoutRoute(angle: readonly Token[], defects: DefectList): readonly Token[] {
  if (!isSpecial(angle[0], '@')) return angle
  const colon = angle.findIndex((token) => isSpecial(token, ':'))
  if (colon < 0) return angle
  defects.add('source-route', rangeOf(angle.slice(0, colon + 1)))
  return angle.slice(colon + 1)
}

function buildBare(material: Material): readonly Entry[] {
  const { pending, comments, charsets, defects } = material
  const specs = readChain(pending.words, defects)
  if (!specs) return buildText(pending.words, { ...material, name: '' })
  for (const spec of specs.slice(1)) defects.add('missing-comma', { start: spec.start, end: spec.start })
  const [first, ...rest] = specs
  const comment = comments.length === 1 && comments[0]!.start >= first!.end ? readComment(comments[0]!, charsets) : ''
  // HAZARD: what looks like an address is left where nobody takes it for one.
  if (comment === '' || comment.includes('@')) {
    return [mailboxOf({ ...first!, ...commentsOf(comments, charsets) }), ...rest.map(mailboxOf)]
  }
  // RFC 5322 section 3.4 knows of this as what legacy implementations did.
  defects.add('name-in-comment', comments[0]!)
  return [mailboxOf({ ...first!, name: comment }), ...rest.map(mailboxOf)]
}

function buildText(tokens: readonly Token[], material: Material & { readonly name: string }): readonly Entry[] {
  const { charsets, comments, defects, name, onEncoded, pending } = material
  const text = readPhrase(tokens, material)
  const range = rangeOf([...pending.words, ...tokens])
  const at = tokens.findIndex((token) => isSpecial(token, '@'))
  if (at < 0 && text.includes('@') && tokens.some((token) => token.value.includes('=?'))) {
    defects.add('encoded-address', range, text)
    if (onEncoded) return onEncoded(text)
  } else if (at < 0) defects.add('missing-domain', range)
  else defects.add('bad-address', range, addressAround(tokens, at))
  return [{ type: 'text', ...(name === '' ? {} : { name }), text, ...commentsOf(comments, charsets) }]
}

function addressAround(tokens: readonly Token[], at: number): string | undefined {
  let from = at
  while (from > 0 && tokens[from - 1]!.type !== 'domain-literal' && !tokens[from]!.spaced) from--
  return readAddrSpec(tokens, from, new DefectList())?.address
}

type PlacedSpec = AddrSpec & { readonly start: number; readonly end: number }

// One address, or several with nothing but blanks between them; nothing when there is more than that.
function readChain(tokens: readonly Token[], defects: DefectList): PlacedSpec[] | undefined {
  const specs: PlacedSpec[] = []
  const found = new DefectList()
  for (let from = 0; from < tokens.length; ) {
    const spec = readAddrSpec(tokens, from, found)
    if (!spec || (from > 0 && !tokens[from]!.spaced)) return undefined
    specs.push({ ...spec, start: tokens[from]!.start, end: tokens[spec.next - 1]!.end })
    from = spec.next
  }
  for (const { code, other, ...range } of found.defects) defects.add(code, range, other)
  return specs
}

function mailboxOf(spec: AddrSpec & Pick<MailboxEntry, 'name' | 'comments'>): MailboxEntry {
  const { name, localPart, domain, address, comments } = spec
  const named = name === undefined ? {} : { name }
  return { type: 'mailbox', ...named, localPart, domain, address, ...(comments ? { comments } : {}) }
}

// HAZARD: many a mail program shows the name alone.
function checkName(
  name: string,
  { address, words, defects }: { address: string; words: readonly Token[]; defects: DefectList },
): void {
  const word = name.split(/[\s<>()",;:]/).find((part) => /.@./.test(part))
  if (word !== undefined && word.toLowerCase() !== address.toLowerCase()) {
    defects.add('address-in-name', rangeOf(words), word)
  }
}

function rangeOf(tokens: readonly Token[]): { start: number; end: number } {
  return { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 }
}
