/**
 * The only place of this package that asks which runtime it is in: WebCrypto has no hash that is fed in steps and verifies on
 * another thread, and runtimes have their own. They are found by what they offer, never by name.
 */

import type { Hasher } from './hasher.ts'
import { ShortHasher } from './short-hasher.ts'

/**
 * Begins a SHA-256 with what the runtime has.
 *
 * @internal
 */
export function createSha256(): Hasher {
  return nodeHasher() ?? streamHasher() ?? new ShortHasher()
}

// Node.js, Bun, Deno, and workerd where it is asked for: without an import, so that bundles for browsers need no stand-in.
function nodeCrypto(): NodeCrypto | undefined {
  return globalThis.process?.getBuiltinModule?.('node:crypto')
}

function nodeHasher(): Hasher | undefined {
  return nodeCrypto()?.createHash?.('sha256')
}

/**
 * Tells whether a signature is that of the data.
 *
 * @internal
 */
export type OwnVerifier = (signature: Uint8Array, data: Uint8Array) => boolean

/**
 * Gives what verifies with a public key at once, on the thread that asks: to reach another takes longer than the work.
 *
 * @internal
 * @param hash That of the algorithm; absent where it signs what it is given.
 * @returns `undefined` where the runtime has none.
 * @throws Whatever the runtime throws for the key.
 */
export function ownVerifier(jwk: JsonWebKey, hash: 'sha256' | undefined): OwnVerifier | undefined {
  const own = nodeCrypto()
  if (!own?.createPublicKey) return undefined
  const key = own.createPublicKey({ key: jwk, format: 'jwk' })
  return (signature, data) => own.verify(hash ?? null, data, key, signature)
}

/**
 * Signs with Ed25519.
 *
 * @internal
 */
export type OwnSigner = (data: Uint8Array) => Uint8Array

/**
 * Gives what signs with a private key of Ed25519 at once, on the thread that asks.
 *
 * @internal
 * @param pkcs8 The key in PKCS #8.
 * @returns `undefined` where the runtime has none.
 * @throws Whatever the runtime throws for the key.
 */
export function ownSigner(pkcs8: Uint8Array): OwnSigner | undefined {
  const own = nodeCrypto()
  if (!own?.createPrivateKey) return undefined
  const key = own.createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return (data) => own.sign(null, data, key)
}

// workerd: a writable stream that hashes what is written to it.
function streamHasher(): Hasher | undefined {
  if (!crypto.DigestStream) return undefined
  const stream = new crypto.DigestStream('SHA-256')
  const writer = stream.getWriter()
  return {
    // The stream keeps the octets until their turn comes.
    update: (bytes) => void writer.write(bytes.slice()),
    get ready() {
      return writer.ready
    },
    digest: async () => {
      await writer.close()
      return new Uint8Array(await stream.digest)
    },
  }
}
