/** What may have been done to a header on its way, undone: each guess is a header that may be the one that was signed. */

import { decodeLatin1, encodeLatin1 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import type { DkimSignature } from '../signature.ts'

/** What was done to the header. */
export type DkimHeaderCause =
  | {
      /** A field was added of a name of which no more were to be added. */
      readonly type: 'field-added'
      /** Its name, as it is written. */
      readonly name: string
      /** Where it stands among all fields, counted from 0. */
      readonly index: number
    }
  | {
      /** A field was changed. */
      readonly type: 'field-changed'
      /** Its name, as it is written. */
      readonly name: string
      /** Where it stands among all fields, counted from 0. */
      readonly index: number
      /** What it was when it was signed, the name and its colon left out; octets are characters. */
      readonly was: string
    }
  | {
      /** A field was taken away. */
      readonly type: 'field-removed'
      /** Its name. */
      readonly name: string
      /** What it was, the name and its colon left out. */
      readonly was: string
    }
  | {
      /** Fields were folded in another way, which the form `simple` does not forgive. */
      readonly type: 'refolded'
    }

/** @internal */
export interface HeaderGuess {
  readonly causes: readonly DkimHeaderCause[]
  readonly fields: readonly RawField[]
}

interface Change {
  readonly cause: DkimHeaderCause
  readonly index: number
  /** What takes the place of the field; absent when it goes. */
  readonly field?: RawField
}

const ENCODINGS = ['7bit', '8bit', 'quoted-printable', 'base64', 'binary']
// A word in brackets or between signs that a list or a filter puts in front.
const TAGGED = /^([ \t]*)(?:\[[^\]\r\n]{1,60}\]|\*{1,5}[^*\r\n]{1,60}\*{1,5}|\{[^}\r\n]{1,60}\}|[A-Z]{3,12}:)[ \t]*/
// Where those that rewrite an author keep what it was.
const ORIGINALS = ['x-original-from', 'x-original-sender', 'x-mailfrom', 'reply-to']

/**
 * Gives the guesses: one change, what the signature copied, another folding, then two changes at once.
 *
 * @internal
 * @param fields All fields, the signature among them.
 */
export function* guessHeaders(fields: readonly RawField[], signature: DkimSignature): Generator<HeaderGuess, void> {
  const copied = fromCopies(fields, signature.copiedFields)
  if (copied.length > 0) yield apply(fields, copied)
  const changes = [...changesOf(fields, signature)]
  for (const change of changes) yield apply(fields, [change])
  yield { causes: [{ type: 'refolded' }], fields: fields.map(unfold) }
  yield { causes: [{ type: 'refolded' }], fields: fields.map(foldByTab) }
  for (const [at, one] of changes.entries()) {
    for (const other of changes.slice(at + 1)) if (other.index !== one.index) yield apply(fields, [one, other])
  }
}

function* changesOf(fields: readonly RawField[], { signedFields }: DkimSignature): Generator<Change, void> {
  const signed = new Set(signedFields.map((name) => name.toLowerCase()))
  const original = fields.find(({ name }) => ORIGINALS.includes(name.toLowerCase()))
  for (const [index, field] of fields.entries()) {
    const lower = field.name.toLowerCase()
    if (!signed.has(lower)) continue
    const value = contentOf(field)
    if (lower === 'subject' && TAGGED.test(value)) yield change(field, index, value.replace(TAGGED, '$1'))
    if (lower === 'from' && original) yield change(field, index, contentOf(original))
    if (lower === 'content-transfer-encoding') {
      for (const encoding of ENCODINGS)
        if (encoding !== value.trim().toLowerCase()) yield change(field, index, ` ${encoding}`)
    }
    yield { cause: { type: 'field-added', name: field.name, index }, index }
  }
}

function change(field: RawField, index: number, was: string): Change {
  return { cause: { type: 'field-changed', name: field.name, index, was }, index, field: withValue(field.name, was) }
}

// RFC 6376 section 3.5: z= has the fields as they were, in the order of the message.
function fromCopies(fields: readonly RawField[], copies: readonly string[]): Change[] {
  const left = fields.map((field, index) => ({ field, index }))
  return copies.flatMap((copy) => {
    const name = copy.slice(0, copy.indexOf(':'))
    const was = copy.slice(name.length + 1)
    const at = left.findIndex(({ field }) => field.name.toLowerCase() === name.toLowerCase())
    if (at < 0)
      return [{ cause: { type: 'field-removed', name, was }, index: fields.length, field: withValue(name, was) }]
    const [{ field, index } = left[at]!] = left.splice(at, 1)
    return contentOf(field) === was ? [] : [change(field, index, was)]
  })
}

function apply(fields: readonly RawField[], changes: readonly Change[]): HeaderGuess {
  const changed = fields.flatMap((field, index) => {
    const found = changes.find((one) => one.index === index)
    return found ? (found.field ?? []) : field
  })
  const removed = changes.flatMap(({ index, field }) => (index === fields.length && field ? field : []))
  return { causes: changes.map(({ cause }) => cause), fields: [...changed, ...removed] }
}

function unfold({ name, bytes }: RawField): RawField {
  return { name, bytes: encodeLatin1(decodeLatin1(bytes).replace(/\r\n[ \t]+/g, ' ')) }
}

function foldByTab({ name, bytes }: RawField): RawField {
  return { name, bytes: encodeLatin1(decodeLatin1(bytes).replace(/\r\n[ \t]+/g, '\r\n\t')) }
}

function contentOf({ bytes }: RawField): string {
  const text = decodeLatin1(bytes)
  return text.slice(text.indexOf(':') + 1)
}

function withValue(name: string, value: string): RawField {
  return { name, bytes: encodeLatin1(`${name}:${value}`) }
}
