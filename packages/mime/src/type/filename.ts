/** Names of files as a sender gives them, made safe: RFC 2183 section 2.3. */

import { encodeUtf8 } from '@posthorn/core'
import { wellFormed } from '../text/well-formed.ts'

const MAX_OCTETS = 255
// What is no part of a name, or what some systems refuse or hide: controls, format characters that turn the direction
// of writing, and the characters that Windows reserves.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"|?*]+/g
// Names of devices on Windows, whatever the suffix.
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i

/**
 * Makes a name that is safe to create a file by, in a folder of the caller's choice: the last step of a path, in NFC,
 * without controls, without characters that reverse the writing and so hide a suffix, without what Windows reserves,
 * without a dot or a blank at either end, and of at most 255 octets of which the suffix is kept.
 *
 * @param name A name as it was received.
 * @returns The name, which may differ in nothing; nothing where no character is left.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2183#section-2.3 | RFC 2183 section 2.3}
 * @example
 * safeFilename('../../etc/passwd') // 'passwd'
 * safeFilename('C:\\temp\\a\u202efdp.exe') // 'a_fdp.exe'
 * safeFilename('..') // undefined
 */
export function safeFilename(name: string): string | undefined {
  const step = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const clean = trimDots(wellFormed(step).normalize('NFC').replace(UNSAFE, '_'))
  if (clean === '' || /^_+$/.test(clean)) return undefined
  return shorten(clean.replace(DEVICE, '$&_'))
}

function trimDots(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && /[. ]/.test(text[start]!)) start++
  while (end > start && /[. ]/.test(text[end - 1]!)) end--
  return text.slice(start, end)
}

// Cuts before the suffix, if that is a short one.
function shorten(name: string): string {
  const length = octetsOf(name)
  if (length <= MAX_OCTETS) return name
  const dot = name.lastIndexOf('.')
  const suffix = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ''
  let room = MAX_OCTETS - octetsOf(suffix)
  let stem = ''
  for (const character of name) {
    room -= octetsOf(character)
    if (room < 0) break
    stem += character
  }
  return stem + suffix
}

function octetsOf(text: string): number {
  return encodeUtf8(text).length
}
