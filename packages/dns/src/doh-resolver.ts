/** DNS over HTTPS in wire format: RFC 8484. Out of scope: the form in JSON, which has no RFC; finding a server. */

import { chunksOf, clip, concatBytes, encodeBase64Url, MailError, untilAborted } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'
import { decodeAnswer, encodeQuestion } from './message.ts'
import { normalizeDnsName } from './name.ts'
import { type DnsPlatform, defaultPlatform } from './platform.ts'
import type { Answer, FailedAnswer, RecordType, ResolveOptions, Resolver } from './resolver.ts'

/** What a {@link DohResolver} reads of a response; that of `fetch` is one. */
export interface DohResponse {
  /** The status of HTTP. */
  readonly status: number
  /** The fields of its header, of which Content-Type and Age are read. */
  readonly headers: { get(name: string): string | null }
  /** The octets, which are read no further than a message of the DNS can be long. */
  readonly body: ReadableStream<Uint8Array> | null
}

/** What a {@link DohResolver} needs of `fetch`. */
export type DohFetch = (url: string, request: DohRequest) => Promise<DohResponse>

/** One request. */
export interface DohRequest {
  /** How it is sent. */
  readonly method: 'GET' | 'POST'
  /** Its header. */
  readonly headers: Readonly<Record<string, string>>
  /** The question, where it is not in the URL. */
  readonly body?: Uint8Array<ArrayBuffer>
  /** HAZARD: another host would be trusted as this one is. */
  readonly redirect: 'error'
  /** Ends it. */
  readonly signal: AbortSignal
}

/** How a {@link DohResolver} asks. */
export interface DohOptions {
  /** Sends a request: `fetch` of the runtime, or whatever does the same. */
  readonly fetch: DohFetch
  /** How questions are sent; default `POST`, which nobody on the way keeps. `GET` can be answered from caches. */
  readonly method?: 'GET' | 'POST'
  /** How long a question may take, in milliseconds; default 5,000. */
  readonly timeout?: number
  /** Whether the server is trusted to have validated what it says it has (the AD bit); default `true`. */
  readonly trustAuthenticated?: boolean
  /** Allows `http:`, for a server on the same host; nothing is authenticated then. Default `false`. */
  readonly unsafeHttp?: boolean
  /** Timers; default those of the runtime. */
  readonly platform?: DnsPlatform
}

const TYPE = 'application/dns-message'
const MAX_LENGTH = 65_535
const FAILED: FailedAnswer = { status: 'servfail' }

/**
 * A resolver that asks a server by HTTPS.
 *
 * A response that is none, of whatever kind, is `servfail`; no response, or none in time, is `timeout`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8484#section-4 | RFC 8484 section 4}
 * @example
 * const fetch = async () => ({ status: 503, headers: new Map() as never, body: null })
 * const resolver = new DohResolver('https://dns.example/dns-query', { fetch })
 * await resolver.resolve('a.example', 'MX') // { status: 'servfail' }
 * new DohResolver('http://dns.example/dns-query', { fetch }) // throws DNS_BAD_URL
 */
export class DohResolver implements Resolver {
  readonly #url: string
  readonly #options: DohOptions
  readonly #trusts: boolean

  /**
   * @param url Where questions go; a template that ends in `{?dns}` is taken too.
   * @param options How to ask.
   * @throws {MailError} `DNS_BAD_URL` for what is no URL of `https:`.
   */
  constructor(url: string, options: DohOptions) {
    const plain = url.replace(/\{\?dns\}$/, '')
    const scheme = schemeOf(plain)
    if (scheme !== 'https:' && !(options.unsafeHttp && scheme === 'http:')) {
      throw new MailError<DnsErrorCode>('DNS_BAD_URL', `Cannot ask "${clip(url)}": it is no URL of https`, {
        spec: 'rfc8484#section-5',
      })
    }
    this.#url = plain
    this.#options = options
    this.#trusts = scheme === 'https:' && options.trustAuthenticated !== false
  }

  /**
   * Asks one question.
   *
   * @param name The name to look up.
   * @param type Which records to ask for.
   * @param options How to ask.
   * @throws {MailError} `DNS_BAD_NAME` for a malformed name.
   */
  async resolve<T extends RecordType>(name: string, type: T, options: ResolveOptions = {}): Promise<Answer<T>> {
    const asked = normalizeDnsName(name)
    const { signal } = options
    signal?.throwIfAborted()
    const { timeout = 5000, platform = defaultPlatform } = this.#options
    const abort = new AbortController()
    const onAbort = (): void => abort.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const cancel = platform.startTimer(timeout, () => abort.abort())
    try {
      return await this.#ask({ name: asked, type }, abort.signal)
    } catch {
      signal?.throwIfAborted()
      return { status: 'timeout' }
    } finally {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async #ask<T extends RecordType>(question: { name: string; type: T }, signal: AbortSignal): Promise<Answer<T>> {
    // What does not heed its signal is not waited for.
    const response = await untilAborted(this.#send(encodeQuestion(question), signal), signal)
    const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
    const isAnswer = response.status >= 200 && response.status < 300 && type === TYPE
    if (!isAnswer) await response.body?.cancel().catch(() => undefined)
    if (!isAnswer || !response.body) return FAILED
    const bytes = await untilAborted(readBody(response.body), signal)
    if (!bytes) return FAILED
    const answer = decodeAnswer(bytes, question, { age: Number(response.headers.get('age') ?? 0) || 0 })
    return 'authenticated' in answer && !this.#trusts ? { ...answer, authenticated: false } : answer
  }

  #send(question: Uint8Array, signal: AbortSignal): Promise<DohResponse> {
    const { fetch, method = 'POST' } = this.#options
    const common = { method, redirect: 'error', signal } as const
    if (method === 'POST') {
      const headers = { accept: TYPE, 'content-type': TYPE }
      return fetch(this.#url, { ...common, headers, body: Uint8Array.from(question) })
    }
    const separator = this.#url.includes('?') ? '&' : '?'
    const url = `${this.#url}${separator}dns=${encodeBase64Url(question)}`
    return fetch(url, { ...common, headers: { accept: TYPE } })
  }
}

function schemeOf(url: string): string | undefined {
  try {
    return new URL(url).protocol
  } catch {
    return undefined
  }
}

// HAZARD: a message of the DNS has 65,535 octets at most, whatever the server sends.
async function readBody(body: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(body)) {
    length += chunk.length
    if (length > MAX_LENGTH) return undefined
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}
