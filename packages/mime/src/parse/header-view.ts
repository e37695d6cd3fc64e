/** The fields of a header, each read as what it is when it is asked for. */

import { readAddressList } from '../address/address-list.ts'
import type { AddressEntry } from '../address/entry.ts'
import { readMessageIds } from '../header/message-id-list.ts'
import { readDate } from '../header/read-date.ts'
import { readText } from '../header/unstructured.ts'
import type { CharsetOptions } from '../text/charset-decoder.ts'
import type { ParsedField } from './fields.ts'

const DESTINATION = /^(?:to|cc|bcc)$/i

/**
 * The header of an entity. Where a field stands there twice, the first counts, as it does for most readers; what its reader
 * doubts is told by the reader of that kind, such as {@link readAddressList}.
 *
 * @example
 * const { header } = parseMessage('Reply-To: Ada <ada@example.org>\r\nX-Count: 3\r\n\r\n')
 * header.value('x-count') // '3'
 * header.addresses('reply-to')[0]?.type // 'mailbox'
 */
export class HeaderView {
  /** The fields in order. */
  readonly fields: readonly ParsedField[]

  readonly #charsets: CharsetOptions

  /**
   * @param fields Those of a {@link MimePart}.
   * @param charsets How charsets are decoded.
   */
  constructor(fields: readonly ParsedField[], charsets: CharsetOptions = {}) {
    this.fields = fields
    this.#charsets = charsets
  }

  /** All fields of a name, of which letter case does not matter. */
  all(name: string): readonly ParsedField[] {
    return this.fields.filter(nameIs(name))
  }

  /** What the first field of a name says, nothing in it decoded. */
  value(name: string): string | undefined {
    return this.fields.find(nameIs(name))?.value
  }

  /** The same as text, its encoded words decoded (RFC 2047). */
  text(name: string): string | undefined {
    const value = this.value(name)
    return value === undefined ? undefined : readText(value, this.#charsets).text
  }

  /** The same as addresses, of To, Cc and Bcc those of all such fields; none where there is no such field. */
  addresses(name: string): readonly AddressEntry[] {
    // RFC 5322 section 4.5.3: several fields of a destination are one list.
    const fields = DESTINATION.test(name) ? this.all(name) : this.all(name).slice(0, 1)
    return fields.flatMap(({ value }) => readAddressList(value, this.#charsets).entries)
  }

  /** The same as a time; `undefined` where it is none. */
  date(name: string): Date | undefined {
    const value = this.value(name)
    return value === undefined ? undefined : readDate(value).date
  }

  /** The same as identifiers, each in angle brackets. */
  ids(name: string): readonly string[] {
    const value = this.value(name)
    return value === undefined ? [] : readMessageIds(value).ids
  }
}

function nameIs(name: string): (field: ParsedField) => boolean {
  const wanted = name.toLowerCase()
  return (field) => field.name.length === wanted.length && field.name.toLowerCase() === wanted
}
