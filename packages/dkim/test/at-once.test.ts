import { encodeBase64Url } from '@posthorn/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type DkimAlgorithm, importDkimKey } from '../src/index.ts'
import { PublicKey } from '../src/public-key.ts'
import { computeValue } from '../src/signer.ts'
import { stubBuiltins } from './runtime.ts'

const data = Uint8Array.of(1, 2, 3)

async function signed(algorithm: DkimAlgorithm): Promise<{ key: PublicKey; signature: Uint8Array }> {
  const name =
    algorithm === 'ed25519-sha256'
      ? 'Ed25519'
      : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) }
  const pair = await crypto.subtle.generateKey(name, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('There is no pair')
  const signature = new Uint8Array(await crypto.subtle.sign(name, pair.privateKey, data))
  const { kty, crv, n, e, x } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const jwk = kty === 'RSA' ? { kty, n, e } : { kty, crv, x }
  return { key: new PublicKey({ algorithm, jwk, bits: 0, signatureLength: signature.length } as never), signature }
}

const broken = () => {
  throw new Error('not implemented')
}
const RUNTIMES: readonly [string, unknown][] = [
  ['what it has', globalThis.process?.getBuiltinModule],
  ['no way to ask', undefined],
  ['no such module', () => undefined],
  ['no public keys', () => ({})],
  ['keys that cannot be made', () => ({ createPublicKey: broken })],
  [
    'keys that cannot be used',
    () => ({ createPublicKey: () => ({}), verify: broken, createPrivateKey: () => ({}), sign: broken }),
  ],
]

afterEach(() => vi.unstubAllGlobals())

describe.each(RUNTIMES)('PublicKey: a runtime with %s', (_, getBuiltinModule) => {
  test.each(['rsa-sha256', 'ed25519-sha256'] as const)('%s', async (algorithm) => {
    const { key, signature } = await signed(algorithm)
    stubBuiltins(getBuiltinModule)
    for (let time = 0; time < 2; time++) {
      expect(await key.verify(signature, data)).toBe(true)
      expect(await key.verify(signature, Uint8Array.of(1, 2))).toBe(false)
    }
  })
})

test('PublicKey: what cannot be loaded is tried again', async () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(new Uint8Array(31)) }
  const key = new PublicKey({ algorithm: 'ed25519-sha256', jwk, bits: 256, signatureLength: 64 })
  await expect(key.verify(new Uint8Array(64), data)).rejects.toThrow()
  await expect(key.verify(new Uint8Array(64), data)).rejects.toThrow()
})

describe.each(RUNTIMES)('importDkimKey: a runtime with %s', (_, getBuiltinModule) => {
  test('gives an Ed25519 key that signs as any other', async () => {
    stubBuiltins(getBuiltinModule)
    const seed = new Uint8Array(32).fill(7)
    const sign = async () => computeValue(await importDkimKey(seed), 'ed25519-sha256', data)
    const value = await sign()
    vi.unstubAllGlobals()
    expect(await sign()).toBe(value)
  })
})
