/** A message that was composed: a tree that never changes, and the forms in which servers take it. */

import { MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { LABELS, type Level } from './encoding.ts'
import { isNotification, type MessageWriter, type Part } from './part.ts'
import { asciiPeople, envelopeOf, hasForeign, type People, peopleFields } from './people.ts'
import { endsLine, type Piece } from './piece.ts'
import { render } from './render.ts'
import { type Form, type SerializedMessage, serialize } from './serialized.ts'

/** What a message needs of every server on its way, however it is serialised. */
export interface MessageNeeds {
  /** SMTPUTF8, as an address has no form in US-ASCII. */
  readonly smtpUtf8: boolean
  /** 8BITMIME, as a part that must not be encoded has octets over 127. */
  readonly eightBit: boolean
  /** BINARYMIME, as such a part is not made of lines. */
  readonly binary: boolean
}

/** How a {@link ComposedMessage} serialises itself. */
export interface SerializeOptions {
  /** What the server takes, `8bit` with 8BITMIME and `binary` with BINARYMIME; default `7bit`. */
  readonly encoding?: '7bit' | '8bit' | 'binary'
  /** Whether addresses are written as they are, with SMTPUTF8; default `false`: U-labels become A-labels. */
  readonly smtpUtf8?: boolean
  /** Whether Bcc and Resent-Bcc are written, as in a copy that the sender keeps; default `false`. */
  readonly keepBcc?: boolean
}

/**
 * The parts of a message that no form changes.
 *
 * @internal
 */
export interface Draft {
  readonly messageId: string
  readonly people: People
  /** The blocks of Resent fields, the last first. */
  readonly resent: readonly ResentBlock[]
  readonly date: string
  /** The fields after those of people. */
  readonly further: readonly string[]
  readonly root: Part
  readonly stem: string
  readonly digits: number
}

/** @internal */
export interface ResentBlock {
  readonly people: People
  readonly date: string
  readonly messageId: string
}

/**
 * A message that is ready to be sent, made by {@link compose}. It is itself the least demanding of its forms: US-ASCII in
 * lines, unless an address or a part that must not be encoded needs more; `needs` tells that.
 */
export interface ComposedMessage extends SerializedMessage {
  /** Its identifier in angle brackets. */
  readonly messageId: string
  /** What every server on its way must offer. */
  readonly needs: MessageNeeds
  /** The tree of its parts. */
  readonly body: Part
  /**
   * Gives the form that a server takes; boundaries, identifiers and dates are the same in each.
   *
   * @param options What the server takes, and whether blind copies are named.
   * @returns The form, with its traits, its size and its envelope.
   * @throws {MailError} `MIME_NEEDS_SMTPUTF8` for an address without a form in US-ASCII, which the error names, unless the
   * option allows it; `MIME_NEEDS_8BITMIME` and `MIME_NEEDS_BINARYMIME` for a part that must not be encoded.
   * @see {@link https://www.rfc-editor.org/rfc/rfc6152#section-3 | RFC 6152 section 3}
   */
  serialize(options?: SerializeOptions): SerializedMessage
  /**
   * Gives what another message needs to hold this one.
   *
   * @internal
   */
  readonly writer: () => MessageWriter
}

/** @internal */
export function makeMessage(draft: Draft): ComposedMessage {
  const people = asciiDraft(draft)
  const form = formOf(draft, { people: people ?? draft, level: 0, smtpUtf8: people === undefined, keepBcc: false })
  const least = serialize(form)
  // Property by property: what is spread into an object is several times as slow after each collection of garbage.
  return {
    content: least.content,
    size: least.size as number,
    eightBit: least.eightBit,
    binary: least.binary,
    smtpUtf8: least.smtpUtf8,
    repeatable: least.repeatable,
    envelope: least.envelope,
    bytes: least.bytes,
    stream: least.stream,
    [Symbol.asyncIterator]: least[Symbol.asyncIterator],
    messageId: draft.messageId,
    needs: { smtpUtf8: form.smtpUtf8, eightBit: form.level > 0, binary: form.level === 2 },
    body: draft.root,
    serialize: (options = {}) => serialize(formFor(draft, options)),
    writer: () => writerOf(draft),
  }
}

function formFor(draft: Draft, { encoding = '7bit', smtpUtf8 = false, keepBcc = false }: SerializeOptions): Form {
  const people = smtpUtf8 ? draft : mapPeople(draft)
  const level = LABELS.indexOf(encoding) as Level
  const form = formOf(draft, { people, level, smtpUtf8: smtpUtf8 && isForeign(draft), keepBcc })
  if (form.level > level) throw needsMore(form.level)
  return form
}

function writerOf(draft: Draft): MessageWriter {
  const people = asciiDraft(draft) ?? draft
  return {
    stem: draft.stem,
    root: draft.root,
    write(level) {
      const { pieces, level: needed } = formOf(draft, { people, level, smtpUtf8: false, keepBcc: false })
      return { content: pieces, level: needed }
    },
  }
}

interface Peopled {
  readonly people: People
  readonly resent: readonly ResentBlock[]
}

interface FormOptions {
  readonly people: Peopled
  readonly level: Level
  readonly smtpUtf8: boolean
  readonly keepBcc: boolean
}

function formOf(draft: Draft, { people, level, smtpUtf8, keepBcc }: FormOptions): Form {
  const body = render(draft.root, { level, stem: draft.stem, digits: draft.digits })
  const fields = [
    ...people.resent.flatMap((block) => resentFields(block, keepBcc)),
    draft.date,
    ...peopleFields(people.people, { prefix: '', keepBcc }),
    ...draft.further,
    ...body.fields,
  ]
  const pieces: Piece[] = [`${fields.join('\r\n')}\r\n\r\n`, ...body.content]
  // Octets that are sent by count need no end of a line.
  if (!(body.level === 2 && pieces.at(-1) instanceof Uint8Array) && !endsLine(pieces)) pieces.push('\r\n')
  // Who sends a notification on hears whether that arrives; of a notification itself nobody does.
  const isSilent = people.resent.length === 0 && isNotification(draft.root)
  const envelope = envelopeOf(people.resent[0]?.people ?? people.people, isSilent)
  return { pieces, level: body.level, smtpUtf8, envelope }
}

// RFC 5322 section 3.6.6: the fields of one block stand together.
function resentFields({ people, date, messageId }: ResentBlock, keepBcc: boolean): string[] {
  return [
    `Resent-Date: ${date}`,
    ...peopleFields(people, { prefix: 'Resent-', keepBcc }),
    `Resent-Message-ID: ${messageId}`,
  ]
}

function isForeign({ people, resent }: Peopled): boolean {
  return hasForeign(people) || resent.some((block) => hasForeign(block.people))
}

function mapPeople(draft: Peopled): Peopled {
  if (!isForeign(draft)) return draft
  const resent = draft.resent.map((block) => ({ ...block, people: asciiPeople(block.people) }))
  return { people: asciiPeople(draft.people), resent }
}

function asciiDraft(draft: Peopled): Peopled | undefined {
  try {
    return mapPeople(draft)
  } catch (error) {
    if (error instanceof MailError && error.code === 'MIME_NEEDS_SMTPUTF8') return undefined
    throw error
  }
}

function needsMore(level: Level): MailError<MimeErrorCode> {
  const code = level === 2 ? 'MIME_NEEDS_BINARYMIME' : 'MIME_NEEDS_8BITMIME'
  return new MailError(code, `Cannot write message: a part that must not be encoded is ${LABELS[level]}`, {
    spec: 'rfc2045#section-6.4',
  })
}
