/** The policy of MTA-STS that applies to a domain now: RFC 8461 section 3.3, 5.1 and 10.2. */

import { chunksOf, concatBytes, untilAborted } from '@posthorn/core'
import type { Resolver } from '@posthorn/dns'
import {
  checkStsResponse,
  type FailedStsFetch,
  type FetchStsStep,
  nextStsStep,
  type StsCacheEntry,
  type StsFetchResult,
  selectStsRecord,
  settleStsFetch,
  stsRecordName,
  stsUrl,
  type UseStsStep,
} from '@posthorn/policy'
import type { Platform } from '@posthorn/smtp'
import { nameBelow } from './name-below.ts'
import type { StsFetch, StsFetchResponse, StsState, StsStore } from './sts-store.ts'

// RFC 8461 section 3.3 suggests 64 KB; one octet more tells that there is more.
const MAX_OCTETS = 65_537

/** What is known of a domain's policy. */
export interface StsKnowledge {
  /** The policy that applies. */
  readonly entry?: StsCacheEntry
  /** Why none came. */
  readonly failed?: FailedStsFetch
  /** A policy in use is being fetched anew; never rejects. */
  readonly refreshed?: Promise<void>
}

/** What policies are found by. */
export interface StsSetting {
  readonly resolver: Resolver
  readonly fetch: StsFetch
  readonly store: StsStore
  readonly timeout: number
  readonly platform: Platform
}

interface Fetching {
  readonly result: Promise<StsKnowledge>
  readonly abort: AbortController
  waiting: number
}

const LATE = new Error('It took too long')

/**
 * Finds the policies of domains. Who asks for one that is being fetched waits for the same fetch.
 *
 * @internal
 */
export class StsPolicies {
  readonly #setting: StsSetting
  readonly #fetching = new Map<string, Fetching>()

  constructor(setting: StsSetting) {
    this.#setting = setting
  }

  /** Finds the policy of a domain; rejects as the store does, or when the signal fires. */
  async find(domain: string, signal?: AbortSignal): Promise<StsKnowledge> {
    const { resolver, store, platform } = this.#setting
    const name = nameBelow(() => stsRecordName(domain))
    if (name === undefined) return {}
    const record = selectStsRecord(await resolver.resolve(name, 'TXT', signal ? { signal } : {}))
    const state = (await untilAborted(Promise.resolve(store.get(domain)), signal)) ?? {}
    const step = nextStsStep(state.entry, record, { now: platform.now(), failure: state.failure })
    if (step.type === 'fetch') return this.#fetchOnce(domain, step, signal)
    if (step.type === 'use') return this.#use(domain, step, signal)
    if (step.forget) await store.set(domain, withoutEntry(state))
    return {}
  }

  #use(domain: string, step: UseStsStep, signal: AbortSignal | undefined): StsKnowledge {
    if (!step.refresh) return { entry: step.entry }
    const refreshed = this.#fetchOnce(domain, step, signal).then(
      () => undefined,
      () => undefined,
    )
    return { entry: step.entry, refreshed }
  }

  // A fetch goes on for as long as somebody waits for it.
  async #fetchOnce(domain: string, step: Step, signal: AbortSignal | undefined): Promise<StsKnowledge> {
    const fetching = this.#fetching.get(domain) ?? this.#begin(domain, step)
    fetching.waiting++
    try {
      return await untilAborted(fetching.result, signal)
    } finally {
      if (--fetching.waiting === 0) fetching.abort.abort()
    }
  }

  #begin(domain: string, step: Step): Fetching {
    const abort = new AbortController()
    const result = this.#fetch(domain, step, abort).finally(() => this.#fetching.delete(domain))
    const fetching = { result, abort, waiting: 0 }
    this.#fetching.set(domain, fetching)
    return fetching
  }

  async #fetch(domain: string, step: Step, abort: AbortController): Promise<StsKnowledge> {
    const { store, platform } = this.#setting
    const result = await this.#request(domain, abort)
    // That nobody waited any longer says nothing of the policy.
    if (abort.signal.aborted && abort.signal.reason !== LATE) return {}
    const { entry, failure, failed } = settleStsFetch(step, result, { now: platform.now() })
    await store.set(domain, { ...(entry && { entry }), ...(failure && { failure }) })
    return { ...(entry && { entry }), ...(failed && { failed }) }
  }

  async #request(domain: string, abort: AbortController): Promise<StsFetchResult> {
    const { fetch, platform, timeout } = this.#setting
    const { signal } = abort
    const cancel = platform.startTimer(timeout, () => abort.abort(LATE))
    try {
      const request = { redirect: 'manual', cache: 'no-store', signal } as const
      const response = await untilAborted(fetch(stsUrl(domain), request), signal)
      const body = await untilAborted(readBody(response), signal)
      return checkStsResponse({
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        body,
      })
    } catch (error) {
      return isCertificateError(error)
        ? { status: 'failed', reason: 'certificate', resultType: 'sts-webpki-invalid' }
        : { status: 'failed', reason: 'unreachable', resultType: 'sts-policy-fetch-error' }
    } finally {
      cancel()
    }
  }
}

type Step = FetchStsStep | UseStsStep

function withoutEntry({ failure }: StsState): StsState {
  return failure ? { failure } : {}
}

async function readBody({ status, body }: StsFetchResponse): Promise<Uint8Array> {
  if (status !== 200 || !body) {
    await body?.cancel().catch(() => undefined)
    return new Uint8Array(0)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(body)) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= MAX_OCTETS) break
  }
  return concatBytes(chunks)
}

// QUIRK: no standard says how `fetch` tells of a certificate; Node, Deno and Bun name it in a code or the text.
function isCertificateError(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 3) return false
  const code = 'code' in error ? String(error.code) : ''
  if (/CERT|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)/.test(code) || /certificate/i.test(error.message)) return true
  return isCertificateError(error.cause, depth + 1)
}
