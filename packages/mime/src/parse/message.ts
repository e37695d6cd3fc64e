/** A message that was parsed: its tree, what is doubtful, and what most people want of it, read when it is asked for. */

import type { CharsetOptions } from '../text/charset-decoder.ts'
import { findParameter } from '../type/content-type.ts'
import { safeFilename } from '../type/filename.ts'
import { decodeContent, type PartContent } from './content.ts'
import { type AttachedPart, type FlatView, flatten } from './flat.ts'
import { HeaderView } from './header-view.ts'
import type { Outline, PartDefect } from './outline.ts'
import type { MimePart } from './part.ts'
import { decodeText } from './text.ts'

/** Something attached to a message. */
export interface ParsedAttachment extends AttachedPart {
  /** The name that its sender proposes, as it was sent: it may hold a path, controls, anything. */
  readonly filename?: string
  /** The same made safe to store; absent where nothing is left of it. */
  readonly safeFilename?: string
  /** What it is, as `image/png`. */
  readonly mediaType: string
  /** What `cid:` URLs name it by. */
  readonly contentId?: string
}

interface Octets {
  readonly octets: Uint8Array
  readonly lines: Uint8Array
}

/**
 * A message in memory, parsed. Octets are views of those that were given.
 *
 * @see {@link parseMessage}
 * @example
 * const message = parseMessage('Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=')
 * message.text // 'Hello'
 * message.find('1')?.encoding // 'base64'
 * message.contentOf(message.root).bytes.length // 5
 */
export class ParsedMessage {
  /** The message itself, with all entities within. */
  readonly root: MimePart
  /** Its header. */
  readonly header: HeaderView
  /** What is doubtful in its outline and in the fields that make it. */
  readonly defects: readonly PartDefect[]
  readonly #octets: Uint8Array
  // The same with LF where CR alone ends lines, for encodings that go by lines.
  readonly #lines: Uint8Array
  readonly #charsets: CharsetOptions
  #view: FlatView | undefined

  /** @internal What was parsed. */
  constructor({ octets, lines }: Octets, outline: Outline, charsets: CharsetOptions) {
    this.#octets = octets
    this.#lines = lines
    this.root = outline.root!
    this.header = new HeaderView(this.root.fields, charsets)
    this.#charsets = charsets
    this.defects = outline.defects
  }

  /** The subject, decoded. */
  get subject(): string | undefined {
    return this.header.text('subject')
  }

  /** When it says that it was written; `undefined` where that is no time. */
  get date(): Date | undefined {
    return this.header.date('date')
  }

  /** Its identifier, in angle brackets. */
  get messageId(): string | undefined {
    return this.header.ids('message-id')[0]
  }

  /** All its plain text, lines ended by LF; `undefined` where it has none. */
  get text(): string | undefined {
    return this.#join(this.#flat.text)
  }

  /** All its HTML; `undefined` where it has none. Nothing is made of the plain text. */
  get html(): string | undefined {
    return this.#join(this.#flat.html)
  }

  /** Whatever is neither. */
  get attachments(): readonly ParsedAttachment[] {
    return this.#flat.attached.map(describe)
  }

  /** The entity of a path. */
  find(path: string): MimePart | undefined {
    let part: MimePart | undefined = path.split('.')[0] === '1' ? this.root : undefined
    for (const step of path.split('.').slice(1)) part = part?.parts[Number(step) - 1]
    return part
  }

  /** An entity as it stands in the message, header and body. */
  octetsOf({ header, body }: MimePart): Uint8Array {
    return this.#octets.subarray(header.start, body.end)
  }

  /** The body of an entity as it stands in the message. */
  bodyOf({ body }: MimePart): Uint8Array {
    return this.#octets.subarray(body.start, body.end)
  }

  /** What the body of an entity says, its transfer encoding undone. */
  contentOf(part: MimePart): PartContent {
    const { start, end } = part.body
    const isEncoded = part.encoding === 'base64' || part.encoding === 'quoted-printable'
    return decodeContent((isEncoded ? this.#lines : this.#octets).subarray(start, end), part.encoding)
  }

  /** The same as text, its charset undone, lines ended by LF, and `format=flowed` joined. */
  textOf(part: MimePart): string {
    return decodeText(this.contentOf(part).bytes, part, this.#charsets)
  }

  get #flat(): FlatView {
    this.#view ??= flatten(this.root)
    return this.#view
  }

  #join(parts: readonly MimePart[]): string | undefined {
    return parts.length === 0 ? undefined : parts.map((part) => this.textOf(part)).join('\n')
  }
}

function describe({ part, role }: AttachedPart): ParsedAttachment {
  const { contentType, disposition, contentId } = part
  const filename = disposition?.filename ?? findParameter(contentType.parameters, 'name')
  const safe = filename === undefined ? undefined : safeFilename(filename)
  return {
    part,
    role,
    mediaType: `${contentType.type}/${contentType.subtype}`,
    ...(filename !== undefined && { filename }),
    ...(safe !== undefined && { safeFilename: safe }),
    ...(contentId !== undefined && { contentId }),
  }
}
