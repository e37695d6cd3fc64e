/** Names in messages whose fields end with a comma: RFC 5801 section 4, RFC 5802 section 5.1. */

import { decodeUtf8 } from '@posthorn/core'
import { prepareOpaqueString, prepareReceived } from './prepare.ts'

// saslname = 1*(value-safe-char / "=2C" / "=3D")
/** @internal */
export function escapeName(name: string): string {
  return decodeUtf8(prepareOpaqueString(name)).replace(/=/g, '=3D').replace(/,/g, '=2C')
}

// RFC 5802 section 5.1: another "=" must fail.
/** @internal */
export function readName(name: string): string | undefined {
  if (/=(?!2C|3D)/.test(name)) return undefined
  return prepareReceived(name.replace(/=2C/g, ',').replace(/=3D/g, '='))
}
