/**
 * The web platform as layers 0 to 3 may use it: what every supported runtime has, and nothing else.
 * Their compiler settings name no `types` and no `DOM`, so a use of anything not declared here fails to compile.
 */

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number }
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(input?: Uint8Array, options?: { stream?: boolean }): string
}

declare class URL {
  constructor(url: string, base?: string)
  static canParse(url: string, base?: string): boolean
  readonly hash: string
  readonly href: string
  readonly hostname: string
  readonly password: string
  readonly pathname: string
  readonly port: string
  readonly protocol: string
  readonly search: string
  readonly username: string
}

interface ReadableStreamReader<T> {
  read(): Promise<{ done: false; value: T } | { done: true; value: undefined }>
  cancel(reason?: unknown): Promise<void>
  releaseLock(): void
}

interface ReadableStream<T> {
  getReader(): ReadableStreamReader<T>
  cancel(reason?: unknown): Promise<void>
}

declare const ReadableStream: {
  new <T>(
    source: {
      pull(controller: { enqueue(chunk: T): void; close(): void }): Promise<void>
      cancel(reason?: unknown): Promise<void>
    },
    strategy?: { readonly highWaterMark: number },
  ): ReadableStream<T>
}

declare class DecompressionStream {
  constructor(format: 'gzip')
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: {
    getWriter(): { write(chunk: Uint8Array): Promise<void>; close(): Promise<void> }
  }
}

interface Blob {
  readonly size: number
  readonly type: string
  stream(): ReadableStream<Uint8Array>
}

interface CryptoKey {
  readonly type: string
  readonly extractable: boolean
  readonly algorithm: { readonly name: string }
  readonly usages: readonly string[]
}

interface CryptoKeyPair {
  readonly publicKey: CryptoKey
  readonly privateKey: CryptoKey
}

interface JsonWebKey {
  kty?: string
  crv?: string
  alg?: string
  n?: string
  e?: string
  d?: string
  p?: string
  q?: string
  dp?: string
  dq?: string
  qi?: string
  x?: string
}

type CryptoAlgorithm = string | { readonly name: string; readonly [parameter: string]: unknown }

interface SubtleCrypto {
  digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>
  sign(algorithm: CryptoAlgorithm, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>
  verify(algorithm: CryptoAlgorithm, key: CryptoKey, signature: Uint8Array, data: Uint8Array): Promise<boolean>
  deriveBits(algorithm: CryptoAlgorithm, key: CryptoKey, length: number): Promise<ArrayBuffer>
  generateKey(algorithm: CryptoAlgorithm, extractable: boolean, usages: readonly string[]): Promise<unknown>
  importKey(
    format: 'jwk',
    key: JsonWebKey,
    algorithm: CryptoAlgorithm,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>
  importKey(
    format: 'raw' | 'pkcs8' | 'spki',
    key: Uint8Array,
    algorithm: CryptoAlgorithm,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>
  exportKey(format: 'jwk', key: CryptoKey): Promise<JsonWebKey>
  exportKey(format: 'raw' | 'pkcs8' | 'spki', key: CryptoKey): Promise<ArrayBuffer>
}

/** A hash as a stream, which workerd has. */
interface DigestStream {
  readonly digest: Promise<ArrayBuffer>
  getWriter(): {
    readonly ready: Promise<void>
    write(chunk: Uint8Array): Promise<void>
    close(): Promise<void>
  }
}

/** Node.js and who follows it, asked for what they have built in. */
declare var process: { readonly getBuiltinModule?: (name: 'node:crypto') => NodeCrypto | undefined } | undefined

interface NodeCrypto {
  createHash(name: 'sha256'): NodeHash
  createPublicKey(key: { readonly key: JsonWebKey; readonly format: 'jwk' }): NodeKey
  createPrivateKey(key: { readonly key: Uint8Array; readonly format: 'der'; readonly type: 'pkcs8' }): NodeKey
  sign(hash: null, data: Uint8Array, key: NodeKey): Uint8Array
  verify(hash: 'sha256' | null, data: Uint8Array, key: NodeKey, signature: Uint8Array): boolean
}

interface NodeKey {
  readonly type: 'public' | 'private'
}

interface NodeHash {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

declare const crypto: {
  readonly subtle: SubtleCrypto
  readonly DigestStream?: new (algorithm: string) => DigestStream
  getRandomValues<T extends Uint8Array>(array: T): T
}

type AbortListener = (() => void) | { handleEvent(): void }

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: AbortListener, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: AbortListener): void
  throwIfAborted(): void
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

declare function setTimeout(callback: () => void, milliseconds?: number): unknown
declare function clearTimeout(timer: unknown): void
