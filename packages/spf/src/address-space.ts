/** How many addresses a set of networks holds, each counted once. */

import { encodeHex } from '@posthorn/core'
import type { Address } from './address.ts'

/** @internal */
export interface Network {
  readonly address: Address
  readonly length: number
}

/**
 * Counts the addresses of networks of one family.
 *
 * @internal
 * @returns The count; over 2^53 the nearest number.
 */
export function countAddresses(networks: readonly Network[]): number {
  const ranges = networks.map(toRange).sort((one, other) => (one.first < other.first ? -1 : 1))
  let total = 0n
  let next = 0n
  for (const { first, last } of ranges) {
    const from = first > next ? first : next
    if (last < from) continue
    total += last - from + 1n
    next = last + 1n
  }
  return Number(total)
}

function toRange({ address, length }: Network): { first: bigint; last: bigint } {
  const value = BigInt(`0x${encodeHex(address)}`)
  const free = BigInt(address.length * 8 - length)
  const first = (value >> free) << free
  return { first, last: first + (1n << free) - 1n }
}
