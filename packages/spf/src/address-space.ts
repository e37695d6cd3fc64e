/** How many addresses a set of networks holds, each counted once. */

import { encodeHex, type IpNetwork } from '@posthorn/core'

/**
 * Counts the addresses of networks of one family.
 *
 * @internal
 * @returns The count; over 2^53 the nearest number.
 */
export function countAddresses(networks: readonly IpNetwork[]): number {
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

function toRange({ octets, bits }: IpNetwork): { first: bigint; last: bigint } {
  const value = BigInt(`0x${encodeHex(octets)}`)
  const free = BigInt(octets.length * 8 - bits)
  const first = (value >> free) << free
  return { first, last: first + (1n << free) - 1n }
}
