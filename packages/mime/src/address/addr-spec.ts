/** The addr-spec with its obsolete forms: RFC 5322 section 3.4.1 and 4.4, of tokens that were read before. */

import { findControl, isDomain } from '@posthorn/core'
import type { DefectList } from '../syntax/defect.ts'
import type { Token } from '../syntax/scanner.ts'
import { decodeWords } from '../text/word-decoder.ts'
import { isAddressLiteral, writeLocalPart } from './address.ts'

/** @internal */
export interface AddrSpec {
  readonly localPart: string
  readonly domain: string
  readonly address: string
}

interface Part {
  readonly value: string
  /** The index of the first token after it. */
  readonly next: number
  readonly strayDot: boolean
  readonly quoted: boolean
}

/**
 * Reads one addr-spec from the tokens that begin at an index, or nothing when they begin none. Defects are added for
 * what it is made of, once it is one.
 *
 * @internal
 */
export function readAddrSpec(
  tokens: readonly Token[],
  from: number,
  defects: DefectList,
): (AddrSpec & { readonly next: number }) | undefined {
  const local = readLocalPart(tokens, from)
  if (!local || !isSpecial(tokens[local.next], '@')) return undefined
  const domain = readDomain(tokens, local.next + 1)
  if (!domain || findControl(local.value) >= 0) return undefined
  const range = { start: tokens[from]!.start, end: tokens[domain.next - 1]!.end }
  if (tokens.slice(from + 1, domain.next).some((token) => token.spaced)) defects.add('obsolete-spacing', range)
  if (local.strayDot || domain.strayDot) defects.add('stray-dot', range)
  if (local.quoted && local.value.includes('@')) defects.add('quoted-at', range, local.value)
  if (!isWellNamed(domain.value)) defects.add('bad-domain', range)
  addEncoded(local.value, { range, defects })
  const { value: localPart } = local
  return {
    localPart,
    domain: domain.value,
    address: `${writeLocalPart(localPart)}@${domain.value}`,
    next: domain.next,
  }
}

function addEncoded(localPart: string, place: { range: { start: number; end: number }; defects: DefectList }): void {
  if (!localPart.includes('=?')) return
  const decoded = decodeWords(localPart)
  if (decoded !== localPart) place.defects.add('encoded-local-part', place.range, decoded)
}

// obs-local-part = word *("." word)
function readLocalPart(tokens: readonly Token[], from: number): Part | undefined {
  let value = ''
  let strayDot = false
  let quoted = false
  let next = from
  for (let afterWord = false; next < tokens.length; next++) {
    const token = tokens[next]!
    if (isSpecial(token, '.')) strayDot ||= !afterWord || !isWord(tokens[next + 1])
    else if (afterWord || !isWord(token)) break
    afterWord = isWord(token)
    quoted ||= token.type === 'quoted-string'
    value += token.value
  }
  return next === from ? undefined : { value, next, strayDot, quoted }
}

function isWord(token: Token | undefined): boolean {
  return token?.type === 'atom' || token?.type === 'quoted-string'
}

// obs-domain = atom *("." atom) ; a domain may be a literal
function readDomain(tokens: readonly Token[], from: number): Part | undefined {
  const first = tokens[from]
  if (first?.type === 'domain-literal') {
    const literal = first.value.trim()
    if (findControl(literal) >= 0 || /[[\]\\]/.test(literal)) return undefined
    return { value: `[${literal}]`, next: from + 1, strayDot: false, quoted: false }
  }
  let value = ''
  let next = from
  for (let open = true; next < tokens.length; next++) {
    const token = tokens[next]!
    if (open ? token.type !== 'atom' : !isSpecial(token, '.')) break
    value += token.value
    open = !open
  }
  // A dot at the end belongs to DNS, not to mail.
  const strayDot = value.endsWith('.')
  const domain = strayDot ? value.slice(0, -1) : value
  if (!isDomain(domain, { unicode: true, underscore: true })) return undefined
  return { value: domain, next, strayDot, quoted: false }
}

function isWellNamed(domain: string): boolean {
  return domain.startsWith('[') ? isAddressLiteral(domain) : isDomain(domain, { unicode: true })
}

/** @internal */
export function isSpecial(token: Token | undefined, character: string): boolean {
  return token?.type === 'special' && token.value === character
}
