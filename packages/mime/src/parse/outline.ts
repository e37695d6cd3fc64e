/** Builds the tree of a message from its outline: which entities there are, what they say they are, and what is doubtful. */

import { trimBlankEnd } from '@posthorn/core'
import { isBlankOctet } from '../syntax/character.ts'
import { findParameter, readContentType } from '../type/content-type.ts'
import { readDisposition } from '../type/disposition.ts'
import { readTransferEncoding } from '../type/transfer-encoding.ts'
import { type FieldDefect, type ParsedField, readFields } from './fields.ts'
import type { ByteRange, MimePart } from './part.ts'
import type { BodyPlan, StructureDefect, StructureEnd, StructureSink } from './structure.ts'

/**
 * What can be doubted of an entity, beside what the readers of its fields doubt.
 *
 * Of its header: `no-field`, a line that is none; `blank-before-colon`; `bare-cr`; `byte-order-mark`, before the first field;
 * `eight-bit`, octets above 127; `mbox-line`, of a mailbox in one file; `too-many-fields`; `header-too-long`;
 * `duplicate-field`, of two fields that say how a part is read, or may be there once (RFC 5322 section 3.6), the first counts;
 * `unended-header`, the part ends within it.
 *
 * Of its place: `encoded-container`, a multipart or a message says that it is encoded (RFC 2045 section 6.4);
 * `long-delimiter`, a line of over 1,024 octets is content, though it begins like a delimiter;
 * `missing-delimiter`, a boundary never occurs; `missing-close-delimiter`, the last part has no end of its own;
 * `boundary-reused`, a multipart has the boundary of the one around it; `epilogue-content`, text behind the last part, which
 * readers do not show; `too-deep` and `too-many-parts`, what goes beyond is not taken apart; `cr-line-ends`, lines end by CR
 * alone; `defect-limit`, there are more than are told.
 */
export type EntityDefect =
  | FieldDefect
  | StructureDefect
  | 'cr-line-ends'
  | 'defect-limit'
  | 'duplicate-field'
  | 'encoded-container'
  | 'epilogue-content'
  | 'missing-close-delimiter'
  | 'missing-delimiter'
  | 'unended-header'

/** Something doubtful, and where. */
export interface PartDefect {
  /** What is doubted: an {@link EntityDefect}, or a {@link DefectCode} of the reader of a field. */
  readonly code: string
  /** The path of the entity. */
  readonly part: string
  /** Where it begins, in octets of the message. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
  /** The other reading, where there is one. */
  readonly other?: string
}

// Fields of which only one can be meant, of any entity and of a message.
const ONCE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'content-type',
  'content-disposition',
  'content-transfer-encoding',
])
const ONCE_IN_MESSAGE: ReadonlySet<string> = /* @__PURE__ */ new Set(
  'date from sender reply-to to cc bcc message-id in-reply-to references subject'.split(' '),
)

type Growing = { -readonly [Key in keyof MimePart]: MimePart[Key] } & { parts: Growing[] }

type Begun = Pick<MimePart, 'path' | 'fields' | 'header'>

/** Hears of entities as they come. */
export interface OutlineListener {
  onPart(part: MimePart): void
  onContent(part: MimePart, bytes: Uint8Array): void
  onEnd(part: MimePart): void
}

/**
 * Builds the tree.
 *
 * @internal
 */
export class Outline implements StructureSink {
  readonly defects: PartDefect[] = []
  root: MimePart | undefined
  readonly #maxFields: number
  readonly #maxDefects: number
  readonly #listener: OutlineListener | undefined
  readonly #stack: Growing[] = []
  // Multiparts of which it is known that they say something behind their parts.
  readonly #saying = new Set<Growing>()
  #next: Growing | undefined

  constructor(limits: { readonly maxFields: number; readonly maxDefects: number }, listener?: OutlineListener) {
    this.#maxFields = limits.maxFields
    this.#maxDefects = limits.maxDefects
    this.#listener = listener
  }

  /** Notes that lines end by CR alone. */
  doubtLineEnds(): void {
    this.#doubt('cr-line-ends', '1', { start: 0, end: this.root?.body.end ?? 0 })
  }

  header(bytes: Uint8Array, offset: number, end: StructureEnd): BodyPlan {
    const parent = this.#stack.at(-1)
    const path = parent ? `${parent.path}.${parent.parts.length + 1}` : '1'
    const { fields, defects } = readFields(bytes, offset, this.#maxFields)
    for (const defect of defects) this.#doubt(defect.code, path, defect)
    const header = { start: offset, end: offset + bytes.length }
    if (end === 'delimiter') this.#doubt('unended-header', path, header)
    const isDigest = parent?.contentType.type === 'multipart' && parent.contentType.subtype === 'digest'
    const said = this.#firstOfEach(path, fields, parent?.contentType.type !== 'multipart')
    const part = this.#describe({ path, fields, header }, said, isDigest ? 'message/rfc822' : 'text/plain')
    this.#next = part
    return this.#planFor(part)
  }

  begin(offset: number): void {
    const part = this.#next!
    this.#next = undefined
    this.#stack.at(-1)?.parts.push(part)
    this.root ??= part
    part.body = { start: offset, end: offset }
    this.#stack.push(part)
    this.#listener?.onPart(part)
  }

  body(bytes: Uint8Array, offset: number): void {
    const part = this.#stack.at(-1)!
    if (part.contentType.type === 'multipart') this.#aside(part, offset, bytes)
    this.#listener?.onContent(part, bytes)
  }

  delimiter(): void {}

  end(offset: number, how: StructureEnd): void {
    const part = this.#stack.pop()!
    part.body = { start: part.body.start, end: offset }
    this.#listener?.onEnd(part)
    if (boundaryOf(part) === undefined) return
    if (part.parts.length === 0) this.#doubt('missing-delimiter', part.path, part.body)
    else if (how !== 'close') this.#doubt('missing-close-delimiter', part.path, { start: offset, end: offset })
  }

  defect(code: StructureDefect, offset: number): void {
    const part = this.#next ?? this.#stack.at(-1)
    this.#doubt(code, part?.path ?? '1', { start: offset, end: offset })
  }

  #describe(begun: Begun, said: ReadonlyMap<string, ParsedField>, otherwise: string): Growing {
    const { path, fields, header } = begun
    const type = said.get('content-type')
    const disposition = said.get('content-disposition')
    const encoding = said.get('content-transfer-encoding')
    const id = said.get('content-id')
    const contentType = readContentType(type?.value ?? otherwise)
    if (type) this.#doubtAll(path, type, contentType.defects)
    const shown = disposition && readDisposition(disposition.value)
    if (disposition && shown) this.#doubtAll(path, disposition, shown.defects)
    const transfer = encoding && readTransferEncoding(encoding.value)
    if (encoding && transfer) this.#doubtAll(path, encoding, transfer.defects)
    const encoded = transfer?.encoding ?? '7bit'
    const part: Growing = { path, fields, contentType, encoding: encoded, header, body: header, parts: [] }
    if (shown) part.disposition = shown
    if (id) part.contentId = id.value.replace(/^<|>$/g, '')
    return part
  }

  // RFC 5322 section 3.6, RFC 2045 section 3: of what is to be said once, the first counts, as it does for most readers.
  #firstOfEach(path: string, fields: readonly ParsedField[], isMessage: boolean): ReadonlyMap<string, ParsedField> {
    const first = new Map<string, ParsedField>()
    for (const field of fields) {
      // Of others in a part the letter case does not matter.
      if (!isMessage && field.name.charAt(7) !== '-') continue
      const name = field.name.toLowerCase()
      if (!first.has(name)) first.set(name, field)
      else if (ONCE.has(name) || (isMessage && ONCE_IN_MESSAGE.has(name))) {
        this.#doubt('duplicate-field', path, field, field.value)
      }
    }
    return first
  }

  #planFor(part: Growing): BodyPlan {
    const { type, subtype } = part.contentType
    const isMessage = type === 'message' && (subtype === 'rfc822' || subtype === 'global')
    if (type !== 'multipart' && !isMessage) return { type: 'leaf' }
    const isEncoded = part.encoding === 'base64' || part.encoding === 'quoted-printable'
    if (isEncoded) this.#doubt('encoded-container', part.path, part.header)
    if (isMessage) return isEncoded ? { type: 'leaf' } : { type: 'message' }
    const boundary = boundaryOf(part)
    return boundary === undefined ? { type: 'leaf' } : { type: 'multipart', boundary }
  }

  #aside(part: Growing, offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length
    if (part.parts.length === 0) part.preamble = { start: part.preamble?.start ?? offset, end }
    else {
      part.epilogue = { start: part.epilogue?.start ?? offset, end }
      if (this.#saying.has(part) || bytes.every(isBlankOctet)) return
      this.#saying.add(part)
      this.#doubt('epilogue-content', part.path, { start: offset, end })
    }
  }

  // Where a field's own reader doubts, its place is that of the field: its text was unfolded.
  #doubtAll(
    path: string,
    field: ParsedField,
    defects: readonly { readonly code: string; readonly other?: string }[],
  ): void {
    for (const { code, other } of defects) this.#doubt(code, path, field, other)
  }

  #doubt(code: string, part: string, { start, end }: ByteRange, other?: string): void {
    if (this.defects.length > this.#maxDefects) return
    if (this.defects.length === this.#maxDefects) code = 'defect-limit'
    this.defects.push({ code, part, start, end, ...(other !== undefined && { other }) })
  }
}

/**
 * The boundary of a multipart, if it has one. RFC 2046 section 5.1.1: no blank is at its end, since blanks behind a delimiter
 * are not part of it.
 *
 * @internal
 */
export function boundaryOf({ contentType }: MimePart): string | undefined {
  const written = contentType.type === 'multipart' ? findParameter(contentType.parameters, 'boundary') : undefined
  return written === undefined ? undefined : trimBlankEnd(written) || undefined
}
