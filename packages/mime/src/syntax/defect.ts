/**
 * What a reader doubts. Readers of received text throw for nothing in it: they give a value, and beside it every place
 * where the text breaks its grammar or can be read in two ways.
 */

import type { ValueDefectCode } from './value-defect.ts'

/**
 * What can be doubted. A reader documents which of these it reports.
 *
 * Of characters and tokens (RFC 5322 section 3.2 and 4.1): `bare-line-break`, a CR or LF that folds nothing;
 * `control-character`, any other control, NUL included; `unclosed-comment`, `unclosed-quoted-string` and
 * `unclosed-literal`, to the end of the text; `deep-comment`, beyond the limit; `stray-character`, a character that
 * belongs to nothing here; `utf8-in-token`, other than US-ASCII where RFC 2045 has a token.
 *
 * Of addresses (sections 3.4 and 4.4): `address-in-name`, the name reads as an address of its own; `address-limit`, what
 * comes beyond the limit is not read; `bad-address`, what stands where an address should; `bad-domain`, a domain that
 * no mail goes to; `doubled-brackets`; `empty-entry`; `encoded-address`, an address is inside encoded words;
 * `encoded-in-quotes`, encoded words stand in quotes; `encoded-local-part`, the local part is written as encoded words;
 * `missing-comma`; `missing-domain`; `name-in-comment`, the name is a comment behind the address; `nested-group`;
 * `obsolete-spacing`, blanks or comments inside an address; `quoted-at`, a quoted local part that holds "@";
 * `source-route`; `stray-dot`, a dot with no word at its side; `trailing-text`, what follows an address without being
 * one; `unclosed-bracket`; `unclosed-group`; `unopened-group`, a ";" that ends none.
 *
 * Of identifiers (sections 3.6.4 and 4.5.4): `bad-id`; `id-limit`; `missing-brackets`; `obsolete-spacing`.
 *
 * Of List fields (RFC 2369) and Received (RFC 5321 section 4.4): `bad-url`; `url-limit`; `bad-clause`; `clause-limit`;
 * `duplicate-clause`; `missing-date`; `bad-date`.
 *
 * Of values, as {@link ValueDefectCode} lists them.
 *
 * Of every reader: `defect-limit`, there are more than are told.
 */
export type DefectCode =
  | ValueDefectCode
  | 'address-in-name'
  | 'address-limit'
  | 'bad-address'
  | 'bad-clause'
  | 'bad-date'
  | 'bad-domain'
  | 'bad-id'
  | 'bad-url'
  | 'bare-line-break'
  | 'clause-limit'
  | 'control-character'
  | 'deep-comment'
  | 'defect-limit'
  | 'doubled-brackets'
  | 'duplicate-clause'
  | 'empty-entry'
  | 'encoded-address'
  | 'encoded-local-part'
  | 'encoded-in-quotes'
  | 'id-limit'
  | 'missing-brackets'
  | 'missing-comma'
  | 'missing-date'
  | 'missing-domain'
  | 'name-in-comment'
  | 'nested-group'
  | 'obsolete-spacing'
  | 'quoted-at'
  | 'source-route'
  | 'stray-character'
  | 'stray-dot'
  | 'trailing-text'
  | 'unclosed-bracket'
  | 'unclosed-comment'
  | 'unclosed-group'
  | 'unclosed-literal'
  | 'unclosed-quoted-string'
  | 'unopened-group'
  | 'url-limit'
  | 'utf8-in-token'

/** One doubt, and where it is. */
export interface Defect {
  /** What is doubted. */
  readonly code: DefectCode
  /** Where it begins: an offset in the text as given, in UTF-16 units, or in octets where octets are given. */
  readonly start: number
  /** Where it ends, the offset after its last. */
  readonly end: number
  /** The other reading, of a text that can be read in two ways. */
  readonly other?: string
}

const MAX_DEFECTS = 1000

/**
 * Gathers defects: neighbours of one code become one, and no more than 1,000 are kept.
 *
 * @internal
 */
export class DefectList {
  readonly #defects: Defect[] = []

  get defects(): readonly Defect[] {
    return this.#defects
  }

  add(code: DefectCode, { start, end }: { readonly start: number; readonly end: number }, other?: string): void {
    const last = this.#defects.at(-1)
    if (last?.code === 'defect-limit') return
    if (last?.code === code && last.end === start && last.other === undefined && other === undefined) {
      this.#defects[this.#defects.length - 1] = { code, start: last.start, end }
    } else if (this.#defects.length >= MAX_DEFECTS) {
      this.#defects.push({ code: 'defect-limit', start, end })
    } else this.#defects.push(other === undefined ? { code, start, end } : { code, start, end, other })
  }
}
