import { decodeBase64, encodeBase64 } from '@posthorn/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { readRsaPublicKey } from '../src/der.ts'
import { exportDkimKey, generateDkimKey, importDkimKey, parseDkimRecord } from '../src/index.ts'
import { ED25519_PEM, ED25519_PUBLIC, RSA_PEM } from './example.ts'

const pem = (label: string, base64: string) => `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`
const base64Of = (text: string) => text.replace(/-----.*-----|\s/g, '')

async function sign(key: Awaited<ReturnType<typeof importDkimKey>>): Promise<string> {
  const algorithm = { name: key.algorithm.name }
  return encodeBase64(new Uint8Array(await crypto.subtle.sign(algorithm, key as never, Uint8Array.of(1, 2, 3))))
}

describe('generateDkimKey', () => {
  test('makes an RSA key of 2,048 bits [rfc8301 3.2]', async () => {
    const { privateKey, record } = await generateDkimKey()
    const { keyType, publicKey } = parseDkimRecord(record)
    expect(keyType).toBe('rsa')
    expect(readRsaPublicKey(decodeBase64(publicKey)).n.length).toBe(256)
    expect(privateKey).toMatchObject({ type: 'private', extractable: true, usages: ['sign'] })
  })

  test('makes an RSA key of the length asked for', async () => {
    const { record } = await generateDkimKey({ algorithm: 'rsa-sha256', modulusLength: 1024 })
    expect(readRsaPublicKey(decodeBase64(parseDkimRecord(record).publicKey)).n.length).toBe(128)
  })

  test('makes an Ed25519 key, published as 32 octets [rfc8463 4.2]', async () => {
    const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
    const { keyType, publicKey } = parseDkimRecord(record)
    expect(keyType).toBe('ed25519')
    expect(decodeBase64(publicKey).length).toBe(32)
    expect(privateKey.algorithm.name).toBe('Ed25519')
  })

  test('refuses a length that no verifier takes [rfc8301 3.2]', async () => {
    expect(await rejectionOf(() => generateDkimKey({ modulusLength: 1023 }))).toBe('DKIM_WEAK_KEY')
  })
})

describe('importDkimKey: other forms', () => {
  const der = decodeBase64(base64Of(ED25519_PEM))
  const seed = der.subarray(-32)
  const both = new Uint8Array([...seed, ...decodeBase64(ED25519_PUBLIC)])

  test.each<[string, string | Uint8Array]>([
    ['DER', der],
    ['the seed [rfc8032 5.1.5]', seed],
    ['the seed with the public key', both],
    ['the seed in Base64', ` ${encodeBase64(seed)}\n`],
    ['both in Base64', encodeBase64(both)],
  ])('Ed25519: %s', async (_, form) => {
    expect(await sign(await importDkimKey(form))).toBe(await sign(await importDkimKey(ED25519_PEM)))
  })

  test('RSA: DER', async () => {
    const key = await importDkimKey(decodeBase64(base64Of(RSA_PEM)))
    expect(await sign(key)).toBe(await sign(await importDkimKey(RSA_PEM)))
  })

  test.each<[string, string | Uint8Array]>([
    ['a seed of 31 octets', seed.subarray(1)],
    ['33 octets in Base64', encodeBase64(new Uint8Array(33))],
    ['nothing', new Uint8Array(0)],
  ])('refuses %s', async (_, form) => {
    expect(await rejectionOf(() => importDkimKey(form))).toBe('DKIM_BAD_KEY')
  })
})

test('generateDkimKey: what to publish is in character-strings too [rfc6376 3.6.2.2]', async () => {
  const { record, strings } = await generateDkimKey()
  expect(strings.map(({ length }) => length)).toEqual([255, record.length - 255])
  expect(strings.join('')).toBe(record)
})

describe('importDkimKey, exportDkimKey', () => {
  test.each([
    ['RSA', RSA_PEM],
    ['Ed25519', ED25519_PEM],
  ])('%s: the key that is written is the one that was read', async (_, text) => {
    const key = await importDkimKey(text, { extractable: true })
    const written = await exportDkimKey(key)
    expect(written).toMatch(/^-----BEGIN PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END PRIVATE KEY-----\n$/)
    expect(await sign(await importDkimKey(written))).toBe(await sign(key))
    expect(await exportDkimKey(await importDkimKey(written, { extractable: true }))).toBe(written)
  })

  test('reads PKCS #1 and PKCS #8 of one key alike [rfc8017 A.1.2]', async () => {
    const { privateKey } = await generateDkimKey({ modulusLength: 1024 })
    const pkcs8 = decodeBase64(base64Of(await exportDkimKey(privateKey)))
    // PrivateKeyInfo = 4 octets of head, 3 of version, 15 of algorithm, 4 of head, RSAPrivateKey
    const pkcs1 = pem('RSA PRIVATE KEY', encodeBase64(pkcs8.subarray(26)))
    expect(await sign(await importDkimKey(pkcs1))).toBe(await sign(privateKey))
  })

  test('gives a key that stays inside, unless asked', async () => {
    const key = await importDkimKey(ED25519_PEM)
    expect(key).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] })
    expect(await rejectionOf(() => exportDkimKey(key))).toBe('DKIM_BAD_KEY')
  })

  test('leaves aside what stands around the PEM, and takes CRLF [rfc7468 2]', async () => {
    const text = `Key of mine\r\n${RSA_PEM.replaceAll('\n', '\r\n')}more`
    expect(await sign(await importDkimKey(text))).toBe(await sign(await importDkimKey(RSA_PEM)))
  })

  test.each([
    ['nothing', ''],
    ['a public key', pem('PUBLIC KEY', 'MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')],
    ['an encrypted key', pem('ENCRYPTED PRIVATE KEY', base64Of(RSA_PEM))],
    ['a key of OpenSSH', pem('OPENSSH PRIVATE KEY', base64Of(ED25519_PEM))],
    ['headers of an encrypted key', RSA_PEM.replace('\n', '\nProc-Type: 4,ENCRYPTED\n')],
    ['labels that differ', ED25519_PEM.replace('END PRIVATE', 'END RSA PRIVATE')],
    ['no end', RSA_PEM.slice(0, 100)],
    ['a cut group', pem('PRIVATE KEY', 'AAAAA')],
    ['something else', pem('PRIVATE KEY', 'AAAA')],
  ])('refuses %s', async (_, text) => {
    expect(await rejectionOf(() => importDkimKey(text))).toBe('DKIM_BAD_KEY')
  })

  test('an error does not tell of the key', async () => {
    const broken = RSA_PEM.replace('MIICXQ', 'MIICXR')
    const error = await importDkimKey(broken).catch((reason: unknown) => reason)
    const { message, cause } = error as Error
    expect(cause).toBeUndefined()
    expect(base64Of(RSA_PEM)).not.toContain(/[A-Za-z0-9+/]{20,}/.exec(message)?.[0] ?? 'none')
  })
})

describe('where the runtime does not take the key', () => {
  afterEach(() => void vi.restoreAllMocks())

  test.each([
    ['NotSupportedError', 'DKIM_UNSUPPORTED_ALGORITHM'],
    ['DataError', 'DKIM_BAD_KEY'],
  ])('%s becomes %s', async (name, code) => {
    const lack = Object.assign(new Error(`no ${base64Of(ED25519_PEM)}`), { name })
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(lack)
    vi.spyOn(crypto.subtle, 'generateKey').mockRejectedValue(lack)
    expect(await rejectionOf(() => importDkimKey(ED25519_PEM))).toBe(code)
    expect(await rejectionOf(() => generateDkimKey({ algorithm: 'ed25519-sha256' }))).toBe(code)
    expect(await importDkimKey(ED25519_PEM).catch(String)).not.toContain(base64Of(ED25519_PEM))
  })
})
