/** Enhanced status codes in logs, where anything may stand: RFC 3463. */

import { type EnhancedStatus, parseEnhancedStatus } from '@posthorn/reply'

/** Reads an enhanced status code; nothing where it is none. */
export function readStatus(text: string | undefined): EnhancedStatus | undefined {
  try {
    return text === undefined ? undefined : parseEnhancedStatus(text)
  } catch {
    return undefined
  }
}
