/**
 * Questions and answers as messages of the DNS: RFC 1035 section 4, RFC 2308 for absence, RFC 6891 and 7830 for what EDNS
 * adds. The format itself is left to a library.
 */

import {
  AUTHENTIC_DATA,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  type Answer as WireRecord,
} from '@dnsquery/dns-packet'
import { decodeLatin1 } from '@posthorn/core'
import { normalizeDnsName } from './name.ts'
import type { Answer, MxData, RecordData, RecordType } from './resolver.ts'

/** One question, its name in the form of `normalizeDnsName`. */
export interface WireQuestion<T extends RecordType> {
  readonly name: string
  readonly type: T
}

// RFC 8467 section 4.1: queries are padded to a multiple of 128 octets.
const BLOCK = 128
const MAX_CNAMES = 16

/**
 * Writes a question, with the AD bit, so that the answer has it (RFC 6840 section 5.7), and padded.
 *
 * @internal
 */
export function writeQuestion({ name, type }: WireQuestion<RecordType>): Uint8Array {
  const length = encode(messageOf(name, type, 0)).length
  return encode(messageOf(name, type, (BLOCK - (length % BLOCK)) % BLOCK))
}

// RFC 8484 section 4.1: the identifier is 0, so that the same question is the same request.
function messageOf(name: string, type: RecordType, padding: number): Packet {
  const options = [{ code: 'PADDING', length: padding }]
  const edns = { type: 'OPT', name: '.', udpPayloadSize: 4096, flags: 0, options }
  const questions = [{ name, type }]
  return {
    id: 0,
    type: 'query',
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions,
    additionals: [edns],
  } as unknown as Packet
}

/**
 * Reads an answer.
 *
 * @internal
 * @param bytes The message; what is no answer to the question is `servfail`.
 * @param age For how many seconds it was kept on its way (RFC 8484 section 5.1).
 */
export function readAnswer<T extends RecordType>(bytes: Uint8Array, question: WireQuestion<T>, age: number): Answer<T> {
  const message = decoded(bytes)
  if (!message || !isAnswerTo(message, question)) return { status: 'servfail' }
  const { rcode } = message as { rcode?: string }
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return { status: 'servfail' }
  try {
    return answerOf(message, question, { age, isAbsent: rcode === 'NXDOMAIN' })
  } catch {
    // A name or an address in it is none.
    return { status: 'servfail' }
  }
}

function decoded(bytes: Uint8Array): Packet | undefined {
  try {
    return decode(bytes)
  } catch {
    return undefined
  }
}

// RFC 5452 section 4.3: what answers another question is no answer. A message that was cut is none either.
function isAnswerTo(
  { type, questions = [], ...message }: Packet,
  { name, type: wanted }: WireQuestion<RecordType>,
): boolean {
  const [asked] = questions
  const isCut = (message as { flag_tc?: boolean }).flag_tc === true
  return (
    type === 'response' &&
    !isCut &&
    questions.length === 1 &&
    asked?.name.toLowerCase() === name &&
    asked.type === wanted
  )
}

interface Facts {
  readonly age: number
  readonly isAbsent: boolean
}

function answerOf<T extends RecordType>(
  message: Packet,
  { name, type }: WireQuestion<T>,
  { age, isAbsent }: Facts,
): Answer<T> {
  const authenticated = (message as { flag_ad?: boolean }).flag_ad === true
  const records = (message.answers ?? []).filter((record) => (record as { class?: string }).class === 'IN')
  const { owner, ttl } = followAliases(records, name, type)
  const found = records.filter((record) => record.type === type && record.name.toLowerCase() === owner)
  if (found.length > 0 && !isAbsent) {
    const least = found.reduce((seconds, record) => Math.min(seconds, ttlOf(record)), ttl)
    const data = found.map((record) => dataOf(type, (record as { data: unknown }).data))
    return { status: 'found', name: owner, records: data, ttl: lasting(least, age), authenticated }
  }
  const status = isAbsent ? 'nxdomain' : 'nodata'
  return { status, name: owner, ttl: lasting(Math.min(ttl, absentTtl(message)), age), authenticated }
}

// RFC 1034 section 3.6.2, in any order.
function followAliases(records: readonly WireRecord[], name: string, type: RecordType): { owner: string; ttl: number } {
  let owner = name
  let ttl = Number.POSITIVE_INFINITY
  for (let followed = 0; type !== 'CNAME' && followed < MAX_CNAMES; followed++) {
    const alias = records.find((record) => record.type === 'CNAME' && record.name.toLowerCase() === owner)
    if (!alias) return { owner, ttl }
    ttl = Math.min(ttl, ttlOf(alias))
    owner = normalizeDnsName((alias as { data: string }).data)
  }
  if (type === 'CNAME') return { owner, ttl }
  throw new RangeError('too many aliases')
}

// RFC 2308 section 5: the least of the SOA's own and of what it says for absence.
function absentTtl({ authorities = [] }: Packet): number {
  const soa = authorities.find(({ type }) => type === 'SOA')
  return soa ? Math.min(ttlOf(soa), (soa as { data: { minimum?: number } }).data.minimum ?? 0) : 0
}

// RFC 2181 section 8: with the highest bit set it is 0.
function ttlOf(record: WireRecord): number {
  const { ttl = 0 } = record as { ttl?: number }
  return ttl > 0x7fffffff ? 0 : ttl
}

function lasting(ttl: number, age: number): number {
  return Math.max(0, (Number.isFinite(ttl) ? ttl : 0) - age)
}

function dataOf<T extends RecordType>(type: T, data: unknown): RecordData[T] {
  return readData(type, data) as RecordData[T]
}

function readData(type: RecordType, data: unknown): RecordData[RecordType] {
  if (type === 'CNAME' || type === 'PTR') return normalizeDnsName(data as string)
  if (type === 'MX') {
    const { preference = 0, exchange } = data as Partial<MxData> & { exchange: string }
    return { preference, exchange: exchange === '.' ? exchange : normalizeDnsName(exchange) }
  }
  if (type === 'TXT') return (data as Uint8Array[]).map(decodeLatin1).join('')
  if (type !== 'TLSA') return data as string
  const [usage, selector, matchingType, ...octets] = data as Uint8Array
  if (usage === undefined || selector === undefined || matchingType === undefined) throw new RangeError('too short')
  return { usage, selector, matchingType, data: Uint8Array.from(octets) }
}
