/** What the policies of MTA-STS are kept in and fetched by: RFC 8461 section 3.3 and 5.1. */

import type { StsCacheEntry, StsFailure } from '@posthorn/policy'

/** What is kept for a domain. */
export interface StsState {
  /** The policy that was fetched last. */
  readonly entry?: StsCacheEntry
  /** The fetch that failed last, where the last one did. */
  readonly failure?: StsFailure
}

/** Keeps the policies of domains; one that outlives the process keeps who can block a fetch from taking a policy away. */
export interface StsStore {
  /** Gives what is kept for a domain. */
  get(domain: string): StsState | undefined | Promise<StsState | undefined>
  /** Keeps it. */
  set(domain: string, state: StsState): void | Promise<void>
}

/** One request for a policy. */
export interface StsRequest {
  /** RFC 8461 section 3.3: a redirect is not followed. */
  readonly redirect: 'manual'
  /** RFC 8461 section 3.3: nothing comes from a cache of HTTP. */
  readonly cache: 'no-store'
  /** Ends it. */
  readonly signal: AbortSignal
}

/** What is read of a response; that of `fetch` is one. */
export interface StsFetchResponse {
  /** The status of HTTP. */
  readonly status: number
  /** The fields of its header, of which Content-Type is read. */
  readonly headers: { get(name: string): string | null }
  /** The octets, which are read no further than a policy may be long. */
  readonly body: ReadableStream<Uint8Array> | null
}

/** Fetches by HTTPS, with a certificate that the host of the URL must prove; `fetch` of the runtime does. */
export type StsFetch = (url: string, request: StsRequest) => Promise<StsFetchResponse>

/**
 * Keeps the policies of a number of domains in memory; the one that was kept first makes room.
 *
 * @internal
 */
export function memoryStsStore(maxDomains = 10_000): StsStore {
  const states = new Map<string, StsState>()
  return {
    get: (domain) => states.get(domain),
    set(domain, state) {
      states.delete(domain)
      states.set(domain, state)
      const [oldest] = states.keys()
      if (states.size > maxDomains && oldest !== undefined) states.delete(oldest)
    },
  }
}
