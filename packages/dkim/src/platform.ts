/**
 * The only place of this package that asks which runtime it is in: WebCrypto has no hash that is fed in steps, and runtimes
 * have their own. They are found by what they offer, never by name.
 */

import { sha256 } from '@noble/hashes/sha2.js'
import type { Hasher } from './hasher.ts'

/**
 * Begins a SHA-256 in steps by the runtime's own implementation.
 *
 * @internal
 * @returns `undefined` where it has none.
 */
export function nativeHasher(): Hasher | undefined {
  return nodeHasher() ?? streamHasher()
}

/** @internal */
export function portableHasher(): Hasher {
  return sha256.create()
}

// Node.js, Bun, Deno, and workerd where it is asked for: without an import, so that bundles for browsers need no stand-in.
function nodeHasher(): Hasher | undefined {
  return globalThis.process?.getBuiltinModule?.('node:crypto')?.createHash('sha256')
}

// workerd: a writable stream that hashes what is written to it.
function streamHasher(): Hasher | undefined {
  if (!crypto.DigestStream) return undefined
  const stream = new crypto.DigestStream('SHA-256')
  const writer = stream.getWriter()
  return {
    // The stream keeps the octets until their turn comes.
    update: (bytes) => void writer.write(bytes.slice()),
    digest: async () => {
      await writer.close()
      return new Uint8Array(await stream.digest)
    },
  }
}
