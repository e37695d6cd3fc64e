/** From a host to its addresses: by the system, or by a resolver of the caller. RFC 8305 section 3. */

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Answer, Resolver } from '@posthorn/dns'
import { connectFault } from './error.ts'

/** Addresses, some of which may come later. */
export interface Found {
  /** Those to begin with. */
  readonly first: readonly string[]
  /** Those that are still asked for; never rejects. */
  readonly later?: Promise<readonly string[]>
}

/** What is known of a host. */
export interface Sought {
  /** The host, as a name or an address. */
  readonly host: string
  /** Its addresses, where they are known. */
  readonly addresses?: readonly string[] | undefined
  /** Who is asked for them; none: the system. */
  readonly resolver?: Resolver | undefined
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Finds the addresses of a host.
 *
 * @internal
 * @throws {MailError} `NODE_CONNECT_FAILED` when there are none; `NODE_BAD_OPTION` for what is given as one and is none.
 */
export async function findAddresses({ host, addresses, resolver, signal }: Sought): Promise<Found> {
  if (addresses) return { first: addresses.map(checked) }
  if (isIP(host) !== 0) return { first: [host] }
  return resolver ? ask(host, resolver, signal) : { first: await lookUp(host) }
}

// HAZARD: Node would look up what is no address, and by the system.
function checked(address: string): string {
  if (isIP(address) === 0) throw connectFault('NODE_BAD_OPTION', 'what is given as an address is none')
  return address
}

async function lookUp(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
  } catch (cause) {
    throw connectFault('NODE_CONNECT_FAILED', cause instanceof Error ? cause.message : 'no address is known', cause)
  }
}

// RFC 8305 section 3: how long IPv6 is waited for when IPv4 is known first, in milliseconds.
const RESOLUTION_DELAY = 50

type AddressAnswer = Answer<'A' | 'AAAA'>

async function ask(host: string, resolver: Resolver, signal: AbortSignal): Promise<Found> {
  const six: Promise<AddressAnswer> = resolver.resolve(host, 'AAAA', { signal })
  const four: Promise<AddressAnswer> = resolver.resolve(host, 'A', { signal })
  const both = Promise.all([six, four])
  const enough = await Promise.race([
    both.then(() => 'both', unknownName),
    isFound(six).then(() => 'six'),
    isFound(four).then(() => pause(RESOLUTION_DELAY, 'four')),
  ])
  if (enough === 'six') return { first: addressesIn(await six), later: four.then(addressesIn, () => []) }
  if (enough === 'four') return { first: addressesIn(await four), later: six.then(addressesIn, () => []) }
  const answers = await both
  const first = answers.flatMap(addressesIn)
  if (first.length === 0) throw noAddress(host, answers)
  return { first }
}

function unknownName(cause: unknown): never {
  throw connectFault('NODE_CONNECT_FAILED', cause instanceof Error ? cause.message : 'no address is known', cause)
}

// Resolves when there are addresses, and never when there are none.
function isFound(asked: Promise<AddressAnswer>): Promise<void> {
  return new Promise((resolve) => {
    asked.then(
      (answer) => answer.status === 'found' && resolve(),
      () => undefined,
    )
  })
}

function pause<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, value).unref())
}

function addressesIn(answer: AddressAnswer): readonly string[] {
  return answer.status === 'found' ? answer.records : []
}

// The codes are those of Node's own resolver; what may be otherwise later goes before what is certain.
const ABSENCE = {
  servfail: { code: 'ESERVFAIL', why: 'the DNS cannot tell the address' },
  timeout: { code: 'ETIMEOUT', why: 'the DNS does not answer' },
  nxdomain: { code: 'ENOTFOUND', why: 'the host does not exist' },
  nodata: { code: 'ENODATA', why: 'the host has no address' },
} as const

function noAddress(hostname: string, answers: readonly AddressAnswer[]): Error {
  const status = (['servfail', 'timeout', 'nxdomain', 'nodata'] as const).find((one) =>
    answers.some((answer) => answer.status === one),
  )
  const { code, why } = ABSENCE[status ?? 'nodata']
  return connectFault('NODE_CONNECT_FAILED', why, Object.assign(new Error(why), { code, hostname }))
}
