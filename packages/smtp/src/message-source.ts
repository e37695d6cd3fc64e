/** Where the octets of a message come from: memory, or a stream with what is known of it. */

import { TraitScanner } from '@posthorn/command'
import { chunksOf, isBlob } from '@posthorn/core'
import type { TransmissionTraits } from './transmission.ts'

/** What the octets of a message are pulled from; a function opens it anew each time. */
export type MessageContent =
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | (() => Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>)

/** A message that is not in memory as a whole, with what is known of it. */
export interface StreamedMessage extends TransmissionTraits {
  /** The octets in wire form, in order. */
  readonly content: MessageContent
  /** Whether octets over 127 are among them; default `true`, because a server must be told. */
  readonly eightBit?: boolean
}

/** A message in wire form, or a source of it. */
export type MessageSource = MessageContent | StreamedMessage

/**
 * A message as it is sent.
 *
 * @internal
 */
export interface OpenableMessage {
  /** What is known of it. */
  readonly traits: TransmissionTraits
  /** The whole of it, where it is in memory. */
  readonly octets?: Uint8Array
  /** Whether it can be read more than once. */
  readonly repeatable: boolean
  /** Begins to read it. */
  open(): AsyncIterable<Uint8Array>
}

// A large message in memory goes out in pieces, so that progress can be told and a signal heard.
const PIECE = 65_536

/**
 * Gives a source as a message that can be opened.
 *
 * @internal
 */
export function openable(source: MessageSource): OpenableMessage {
  if (source instanceof Uint8Array) return inMemory(source)
  if (isStreamed(source)) return fromContent(source.content, { eightBit: true, ...traitsOf(source) })
  return fromContent(source, { eightBit: true, ...(isBlob(source) && { size: source.size }) })
}

function traitsOf({ content, ...traits }: StreamedMessage): TransmissionTraits {
  return isBlob(content) || content instanceof Uint8Array ? { size: sizeOf(content), ...traits } : traits
}

function sizeOf(content: Blob | Uint8Array): number {
  return content instanceof Uint8Array ? content.length : content.size
}

function inMemory(octets: Uint8Array): OpenableMessage {
  const scanner = new TraitScanner()
  scanner.push(octets)
  const { size, eightBit, utf8Header, longestLine } = scanner.traits
  return {
    traits: { size, eightBit, smtpUtf8: utf8Header, longestLine },
    octets,
    repeatable: true,
    open: () => pieces(octets),
  }
}

function fromContent(content: MessageContent, traits: TransmissionTraits): OpenableMessage {
  const octets = content instanceof Uint8Array ? { octets: content } : {}
  const repeatable = typeof content === 'function' || isBlob(content) || content instanceof Uint8Array
  return { traits, ...octets, repeatable, open: () => iterate(typeof content === 'function' ? content() : content) }
}

function iterate(content: Exclude<MessageContent, () => unknown>): AsyncIterable<Uint8Array> {
  if (content instanceof Uint8Array) return pieces(content)
  return chunksOf(content)
}

async function* pieces(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < octets.length; start += PIECE) yield octets.subarray(start, start + PIECE)
}

function isStreamed(source: Exclude<MessageSource, Uint8Array>): source is StreamedMessage {
  return typeof source === 'object' && 'content' in source
}
