/**
 * Preparation of user names and passwords: the OpaqueString profile of RFC 8265 section 4.2.
 * Out of scope: the refusal of code points that are unassigned, for private use or ignorable, as it would lock out
 * emoji and what a later version of Unicode assigns.
 */

import { decodeUtf8, encodeUtf8, findControl, MailError } from '@posthorn/core'
import type { SaslErrorCode } from './error.ts'

/**
 * Prepares a user name or a password for comparison and hashing: every Unicode space becomes SP, then NFC.
 *
 * @param text What the user typed.
 * @returns The prepared text as UTF-8.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when it is empty or has a control character; the text is not in the error.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8265#section-4.2 | RFC 8265 section 4.2}
 * @example
 * new TextDecoder().decode(prepareOpaqueString('a\u00a0b')) // 'a b'
 */
export function prepareOpaqueString(text: string): Uint8Array<ArrayBuffer> {
  const prepared = text.replace(/\p{Zs}/gu, ' ').normalize('NFC')
  if (prepared === '' || findControl(prepared) >= 0) {
    throw new MailError<SaslErrorCode>(
      'SASL_BAD_CREDENTIALS',
      'Cannot use credentials: one is empty or has a control',
      {
        spec: 'rfc8265#section-4.2',
      },
    )
  }
  return encodeUtf8(prepared)
}

/**
 * Prepares what a client sent.
 *
 * @internal
 * @returns The prepared text, or `undefined` when it cannot be a user name or a password.
 */
export function prepareReceived(text: string): string | undefined {
  try {
    return decodeUtf8(prepareOpaqueString(text))
  } catch {
    return undefined
  }
}
