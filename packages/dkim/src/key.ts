/**
 * Keys to sign with: made by WebCrypto, read from PEM (RFC 7468) in PKCS #8 (RFC 5958) or PKCS #1 (RFC 8017), written
 * as PKCS #8. Out of scope: encrypted PEM, and the format of OpenSSH.
 */

import { clip, decodeBase64, encodeBase64 } from '@posthorn/core'
import { CRYPTO_ALGORITHMS, type DkimAlgorithm, MIN_RSA_BITS } from './algorithm.ts'
import { readPrivateKey } from './der.ts'
import { fault } from './error.ts'
import { formatDkimRecord } from './key-record.ts'

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
}

/** What key to make. */
export interface GenerateDkimKeyOptions {
  /** For which algorithm; default `rsa-sha256`, which every verifier knows. */
  readonly algorithm?: DkimAlgorithm
  /** The length of an RSA key in bits; default 2,048, as RFC 8301 asks. */
  readonly modulusLength?: number
}

const PEM_COLUMNS = 64
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
  const record = formatDkimRecord({ keyType: rsa ? 'rsa' : 'ed25519', publicKey: encodeBase64(exported) })
  return { privateKey, record }
}

/**
 * Reads a private key from PEM.
 *
 * @param pem A file with `PRIVATE KEY` (PKCS #8) or `RSA PRIVATE KEY` (PKCS #1); text around it is left aside.
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
export async function importDkimKey(pem: string, options: { readonly extractable?: boolean } = {}): Promise<DkimKey> {
  const key = readPrivateKey(decodePem(pem))
  const { extractable = false } = options
  const algorithm: DkimAlgorithm = `${key.type}-sha256`
  const parameters = CRYPTO_ALGORITHMS[algorithm]
  return supported(algorithm, () =>
    key.type === 'rsa'
      ? crypto.subtle.importKey('jwk', key.jwk, parameters, extractable, ['sign'])
      : crypto.subtle.importKey('pkcs8', key.pkcs8, parameters, extractable, ['sign']),
  )
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

function decodePem(pem: string): Uint8Array {
  const [, label, text] = PEM.exec(pem) ?? []
  if (label !== 'PRIVATE KEY' && label !== 'RSA PRIVATE KEY') {
    const why = label ? `a PEM of type "${clip(label)}" is not taken` : 'there is no PEM'
    throw fault('DKIM_BAD_KEY', `read key: ${why}`, '3.3')
  }
  try {
    return decodeBase64(text!, { whitespace: true })
  } catch {
    // HAZARD: the cause may tell of the key, so it is not passed on.
    throw fault('DKIM_BAD_KEY', 'read key: its PEM is no Base64', '3.3')
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
