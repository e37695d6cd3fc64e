/**
 * Lists of addresses as they are received: RFC 5322 section 3.4 and 3.6.3, with the obsolete forms of section 4.4 and
 * what RFC 7103 section 7.1 knows of. Structure first: nothing is decoded before it is known what it is.
 */

import { DefectList } from '../syntax/defect.ts'
import { Scanner, type Token } from '../syntax/scanner.ts'
import type { CharsetOptions } from '../text/charset-decoder.ts'
import { isSpecial } from './addr-spec.ts'
import { buildEntries, Pending } from './build.ts'
import type { AddressEntry, AddressListReading, GroupEntry, MailboxEntry, TextEntry } from './entry.ts'
import { commentsOf, readPhrase } from './phrase.ts'
import { readPlainAddress } from './plain-address.ts'

/** The limits and tolerances of {@link readAddressList}, and decoders for the charsets of names. */
export interface ReadAddressListOptions extends CharsetOptions {
  /** Most addresses, those in groups counted; default 10,000, beyond what a message should have. */
  readonly maxAddresses?: number
  /** How deep comments may nest without being a defect; default 32. */
  readonly maxCommentDepth?: number
  /**
   * Whether an entry that is encoded words alone is decoded and then read as addresses; default `false`, because whoever
   * parses before decoding sees no address there.
   */
  readonly encodedAddresses?: boolean
}

/**
 * Reads a list of addresses, as of To or From. It never fails: what is no address for certain is an entry of type
 * `text`, and each doubt is a defect.
 *
 * @param text The value of the field, folded or not.
 * @param options Limits and tolerances.
 * @returns The entries in order, and the defects.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-4.4 | RFC 5322 section 4.4}
 * @example
 * const { entries, defects } = readAddressList('=?utf-8?Q?Ana=C3=AFs?= <ana@example.fr>, , Friends: b@example.net;')
 * entries[0] // { type: 'mailbox', name: 'Anaïs', localPart: 'ana', domain: 'example.fr', address: 'ana@example.fr' }
 * entries[1]?.type // 'group'
 * defects // [{ code: 'empty-entry', start: 41, end: 42 }]
 */
export function readAddressList(text: string, options: ReadAddressListOptions = {}): AddressListReading {
  const plain = readPlainAddress(text)
  if (plain && options.maxAddresses !== 0) return { entries: [plain], defects: [] }
  return new AddressListReader(text, options).read()
}

class AddressListReader {
  readonly #text: string
  readonly #options: ReadAddressListOptions
  readonly #maxAddresses: number
  readonly #defects = new DefectList()
  readonly #scanner: Scanner
  readonly #entries: AddressEntry[] = []
  readonly #onEncoded: ((text: string) => readonly (MailboxEntry | TextEntry)[]) | undefined
  #group: { name: string; members: AddressEntry[]; comments?: readonly string[] } | undefined
  #depth = 0
  #count = 0
  #afterGroup = false
  #pending = new Pending()

  constructor(text: string, options: ReadAddressListOptions) {
    this.#text = text
    this.#options = options
    const { maxAddresses = 10_000, maxCommentDepth = 32, encodedAddresses = false } = options
    this.#maxAddresses = maxAddresses
    this.#onEncoded = encodedAddresses ? (decoded) => this.#readEncoded(decoded) : undefined
    this.#scanner = new Scanner(text, this.#defects, { maxCommentDepth, unclosed: 'stray' })
  }

  read(): AddressListReading {
    let separated = false
    for (let token = this.#scanner.next(); token; token = this.#scanner.next()) {
      if (this.#count >= this.#maxAddresses) {
        this.#defects.add('address-limit', { start: token.start, end: this.#text.length })
        this.#pending = new Pending()
        separated = false
        break
      }
      separated = isSpecial(token, ',')
      this.#take(token)
    }
    const end = this.#text.length
    if (separated && this.#pending.isEmpty) this.#defects.add('empty-entry', { start: end, end })
    if (this.#pending.inAngle) this.#defects.add('unclosed-bracket', { start: end, end })
    this.#finish()
    if (this.#group) this.#defects.add('unclosed-group', { start: end, end })
    this.#closeGroup()
    return { entries: this.#entries, defects: this.#defects.defects }
  }

  #take(token: Token): void {
    const afterGroup = this.#afterGroup
    this.#afterGroup = false
    if (afterGroup && isSpecial(token, ',')) return
    if (afterGroup && !isSpecial(token, ';'))
      this.#defects.add('missing-comma', { start: token.start, end: token.start })
    if (this.#pending.inAngle) this.#takeInAngle(token)
    else if (token.type !== 'special') this.#word(token)
    else if (token.value === ',') this.#separate(token)
    else if (token.value === '<') this.#open()
    else if (token.value === ':') this.#openGroup(token)
    else if (token.value === ';') this.#endGroup(token)
    else this.#stray(token)
  }

  #word(token: Token): void {
    const { angle, words, trailing } = this.#pending
    if (angle) trailing.push(token)
    else words.push(token)
  }

  // Dots and "@" are of addresses and names; any other special has no place in either.
  #stray(token: Token): void {
    const known = token.value === '.' || token.value === '@' || token.value === '"' || token.value === '('
    if (!known) this.#defects.add(token.value === '>' ? 'doubled-brackets' : 'stray-character', token)
    if (token.value !== '>') this.#word(token)
  }

  #takeInAngle(token: Token): void {
    const pending = this.#pending
    const angle = pending.angle!
    if (isSpecial(token, ':')) pending.inRoute = false
    else if (angle.length === 0) pending.inRoute = isSpecial(token, '@')
    if (isSpecial(token, '>')) pending.inAngle = false
    else if (isSpecial(token, '<')) {
      if (angle.length === 0) this.#defects.add('doubled-brackets', token)
      else {
        this.#leaveOpen(token)
        this.#open()
      }
    } else if (isSpecial(token, ',') && !pending.inRoute) this.#leaveOpen(token)
    else angle.push(token)
  }

  #leaveOpen(token: Token): void {
    this.#defects.add('unclosed-bracket', token)
    this.#finish()
  }

  #separate(token: Token): void {
    if (this.#pending.isEmpty) this.#defects.add('empty-entry', token)
    this.#finish()
  }

  #open(): void {
    const { angle, trailing } = this.#pending
    if (angle) {
      this.#pending.trailing = []
      this.#defects.add('missing-comma', { start: this.#scanner.position - 1, end: this.#scanner.position })
      this.#finish()
      this.#pending.words = trailing
    }
    this.#pending.angle = []
    this.#pending.inAngle = true
  }

  #openGroup(token: Token): void {
    const { words, angle } = this.#pending
    if (angle || words.length === 0) {
      this.#defects.add('stray-character', token)
      return
    }
    this.#depth++
    this.#pending = new Pending()
    if (this.#group) this.#defects.add('nested-group', { start: words[0]!.start, end: token.end })
    else {
      const name = readPhrase(words, { charsets: this.#options, defects: this.#defects })
      this.#group = { name, members: [], ...commentsOf(this.#scanner.takeComments(), this.#options) }
    }
  }

  #endGroup(token: Token): void {
    this.#finish()
    this.#afterGroup = this.#group !== undefined
    if (!this.#group) this.#defects.add('unopened-group', token)
    else if (--this.#depth === 0) this.#closeGroup()
  }

  #closeGroup(): void {
    if (!this.#group) return
    const { members, ...rest } = this.#group
    this.#entries.push({ type: 'group', ...rest, members: members as GroupEntry['members'] })
    this.#count++
    this.#group = undefined
  }

  // Ends the entry that is pending, if there is one.
  #finish(): void {
    const pending = this.#pending
    if (pending.isEmpty) return
    this.#pending = new Pending()
    const comments = this.#scanner.takeComments()
    const context = { charsets: this.#options, defects: this.#defects }
    const entries = buildEntries({ ...context, pending, comments, onEncoded: this.#onEncoded })
    const list: AddressEntry[] = this.#group?.members ?? this.#entries
    const room = this.#maxAddresses - this.#count
    if (entries.length > room) this.#defects.add('address-limit', { start: pending.start, end: this.#scanner.position })
    for (const entry of entries.slice(0, room)) list.push(entry)
    this.#count += entries.length
  }

  // Offsets in decoded text say nothing about the text given, so that its defects are left out.
  #readEncoded(text: string): readonly (MailboxEntry | TextEntry)[] {
    const options = { ...this.#options, encodedAddresses: false }
    const { entries } = new AddressListReader(text, options).read()
    return entries.flatMap((entry) => (entry.type === 'group' ? entry.members : entry))
  }
}
