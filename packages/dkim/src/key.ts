/**
 * Keys to sign with: made by WebCrypto, read from PEM (RFC 7468) or DER in PKCS #8 (RFC 5958) or PKCS #1 (RFC 8017), or as the
 * seed of Ed25519 (RFC 8032 section 5.1.5), written as PKCS #8. Out of scope: encrypted PEM, and the format of OpenSSH.
 */

import { clip, decodeBase64, encodeBase64 } from '@posthorn/core'
import { CRYPTO_ALGORITHMS, type DkimAlgorithm, MIN_RSA_BITS } from './algorithm.ts'
import { ed25519Of, type PrivateKeyData, readPrivateKey } from './der.ts'
import { fault } from './error.ts'
import { formatDkimRecord, formatDkimRecordStrings } from './key-record.ts'
import { keepOwnSigner } from './own-signers.ts'

/** A private key to sign with: a `CryptoKey` of WebCrypto, for RSASSA-PKCS1-v1_5 with SHA-256 or for Ed25519. */
export interface DkimKey {
  /** `private`. */
  readonly type: string
  /** Whether WebCrypto gives the key out again. */
  readonly extractable: boolean
  /** What it is for. */
  readonly algorithm: { readonly name: string }
  /** What it may do: `sign`. */
  readonly usages: readonly string[]
}

/** A new key. */
export interface GeneratedDkimKey {
  /** The private key, to be kept. */
  readonly privateKey: DkimKey
  /** The text of the TXT record to publish at `selector._domainkey.domain`. */
  readonly record: string
  /** The same as the character-strings that a zone file wants, of at most 255 octets each. */
  readonly strings: readonly string[]
}

/** What key to make. */
export interface GenerateDkimKeyOptions {
  /** For which algorithm; default `rsa-sha256`, which every verifier knows. */
  readonly algorithm?: DkimAlgorithm
  /** The length of an RSA key in bits; default 2,048, as RFC 8301 asks. */
  readonly modulusLength?: number
}

const PEM_COLUMNS = 64
// 32 octets, or 64.
const SEED = /^\s{0,9}([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)\s{0,9}$/
// RFC 7468 section 3: the label is the same at both ends.
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/

/**
 * Makes a key for signing.
 *
 * @param options What key to make.
 * @returns The key, which can be written with {@link exportDkimKey}, and what to publish.
 * @throws {MailError} `DKIM_WEAK_KEY` for a modulus under 1,024 bits; `DKIM_UNSUPPORTED_ALGORITHM` where the runtime
 * cannot make such a key.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8301#section-3.2 | RFC 8301 section 3.2}
 * @example
 * const { record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * record.startsWith('v=DKIM1; k=ed25519; p=') // true
 */
export async function generateDkimKey(options: GenerateDkimKeyOptions = {}): Promise<GeneratedDkimKey> {
  const { algorithm = 'rsa-sha256', modulusLength = 2048 } = options
  if (modulusLength < MIN_RSA_BITS) throw fault('DKIM_WEAK_KEY', `make a key of ${modulusLength} bits`, '3.3.3')
  const parameters = { ...CRYPTO_ALGORITHMS[algorithm], modulusLength, publicExponent: Uint8Array.of(1, 0, 1) }
  const pair = await supported(algorithm, () => crypto.subtle.generateKey(parameters, true, ['sign', 'verify']))
  const { privateKey, publicKey } = pair as CryptoKeyPair
  const rsa = algorithm === 'rsa-sha256'
  const exported = new Uint8Array(await crypto.subtle.exportKey(rsa ? 'spki' : 'raw', publicKey))
  const published = { keyType: rsa ? 'rsa' : 'ed25519', publicKey: encodeBase64(exported) }
  return { privateKey, record: formatDkimRecord(published), strings: formatDkimRecordStrings(published) }
}

/**
 * Reads a private key.
 *
 * @param key Text: PEM with `PRIVATE KEY` (PKCS #8) or `RSA PRIVATE KEY` (PKCS #1), the text around it left aside; or the seed of
 * Ed25519 in Base64 alone. Octets: the same in DER; or the seed, 32 octets, or with the public key behind it 64.
 * @param options Whether the key can be written again; default `false`, as signing does not need it.
 * @returns The key for {@link signDkim}.
 * @throws {MailError} `DKIM_BAD_KEY` for anything else; the text is not in the error. `DKIM_UNSUPPORTED_ALGORITHM`
 * where the runtime does not know the algorithm.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7468#section-10 | RFC 7468 section 10}
 * @example
 * const pem = '-----BEGIN PRIVATE KEY-----\n' +
 *   'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n' +
 *   '-----END PRIVATE KEY-----\n'
 * const key = await importDkimKey(pem)
 * key.algorithm.name // 'Ed25519'
 * await importDkimKey('no key') // throws DKIM_BAD_KEY
 */
export async function importDkimKey(
  key: string | Uint8Array,
  options: { readonly extractable?: boolean } = {},
): Promise<DkimKey> {
  const data = readKeyData(typeof key === 'string' ? decodeText(key) : key)
  const { extractable = false } = options
  const algorithm: DkimAlgorithm = `${data.type}-sha256`
  const parameters = CRYPTO_ALGORITHMS[algorithm]
  if (data.type === 'rsa') {
    return supported(algorithm, () => crypto.subtle.importKey('jwk', data.jwk, parameters, extractable, ['sign']))
  }
  const { pkcs8 } = data
  const imported = await supported(algorithm, () =>
    crypto.subtle.importKey('pkcs8', pkcs8, parameters, extractable, ['sign']),
  )
  keepOwnSigner(imported, pkcs8)
  return imported
}

/**
 * Writes a private key as PEM, to be kept where no other user can read it.
 *
 * @param key An extractable key.
 * @returns A `PRIVATE KEY` (PKCS #8) with LF line endings.
 * @throws {MailError} `DKIM_BAD_KEY` for a key that is not extractable.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7468#section-10 | RFC 7468 section 10}
 * @example
 * const { privateKey } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const pem = await exportDkimKey(privateKey)
 * pem.split('\n')[0] // '-----BEGIN PRIVATE KEY-----'
 */
export async function exportDkimKey(key: DkimKey): Promise<string> {
  if (!key.extractable) throw fault('DKIM_BAD_KEY', 'write the key: it is not extractable', '3.3')
  const text = encodeBase64(new Uint8Array(await crypto.subtle.exportKey('pkcs8', key)))
  const lines = text.match(new RegExp(`.{1,${PEM_COLUMNS}}`, 'g')) ?? []
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
}

// No key in DER is so short, so the length tells.
function readKeyData(octets: Uint8Array): PrivateKeyData {
  return octets.length === 32 || octets.length === 64 ? ed25519Of(octets.subarray(0, 32)) : readPrivateKey(octets)
}

function decodeText(text: string): Uint8Array {
  const [, seed] = SEED.exec(text) ?? []
  return seed === undefined ? decodePem(text) : decode(seed)
}

function decodePem(pem: string): Uint8Array {
  const [, label, text] = PEM.exec(pem) ?? []
  if (label !== 'PRIVATE KEY' && label !== 'RSA PRIVATE KEY') {
    const why = label ? `a PEM of type "${clip(label)}" is not taken` : 'there is no PEM'
    throw fault('DKIM_BAD_KEY', `read key: ${why}`, '3.3')
  }
  return decode(text!)
}

function decode(base64: string): Uint8Array {
  try {
    return decodeBase64(base64, { whitespace: true })
  } catch {
    // HAZARD: the cause may tell of the key, so it is not passed on.
    throw fault('DKIM_BAD_KEY', 'read key: it is no Base64', '3.3')
  }
}

// WebCrypto tells a lack by NotSupportedError, and a key that it does not take by others.
async function supported<T>(algorithm: DkimAlgorithm, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if ((error as Error).name === 'NotSupportedError') {
      throw fault('DKIM_UNSUPPORTED_ALGORITHM', `use ${algorithm}: this runtime does not have it`, '3.3')
    }
    throw fault('DKIM_BAD_KEY', `use the key for ${algorithm}: WebCrypto does not take it`, '3.3')
  }
}
