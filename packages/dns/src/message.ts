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

/** One question. */
export interface WireQuestion<T extends RecordType = RecordType> {
  /** The name, in the form of `normalizeDnsName`. */
  readonly name: string
  /** Which records are asked for. */
  readonly type: T
}

/** How a question is written. */
export interface EncodeQuestionOptions {
  /** The identifier; default 0, as RFC 8484 section 4.1 asks, so that the same question is the same request. */
  readonly id?: number
  /** The largest answer over UDP that is taken, in octets; default 4,096. */
  readonly udpPayloadSize?: number
  /** Whether it is padded to a multiple of 128 octets (RFC 8467), as is of use where it is encrypted; default `true`. */
  readonly padded?: boolean
}

/** How an answer is read. */
export interface DecodeAnswerOptions {
  /** For how many seconds it was kept on its way (RFC 8484 section 5.1); default 0. */
  readonly age?: number
}

/** Which question a message must answer. */
export interface MatchAnswerOptions {
  /** The identifier of the question; default 0. */
  readonly id?: number
}

// RFC 8467 section 4.1: queries are padded to a multiple of 128 octets.
const BLOCK = 128
const MAX_CNAMES = 16

/**
 * Writes a question, with the AD bit, so that the answer has it (RFC 6840 section 5.7).
 *
 * @param question What is asked.
 * @param options How it is written.
 * @returns The message, without the length that goes before it over TCP.
 * @see {@link https://www.rfc-editor.org/rfc/rfc1035#section-4.1 | RFC 1035 section 4.1}
 * @example
 * encodeQuestion({ name: 'a.example', type: 'MX' }).length // 128
 * encodeQuestion({ name: 'a.example', type: 'MX' }, { padded: false }).length // 38
 */
export function encodeQuestion(question: WireQuestion, options: EncodeQuestionOptions = {}): Uint8Array {
  if (options.padded === false) return encode(messageOf(question, options, undefined))
  const { length } = encode(messageOf(question, options, 0))
  return encode(messageOf(question, options, (BLOCK - (length % BLOCK)) % BLOCK))
}

function messageOf(question: WireQuestion, options: EncodeQuestionOptions, padding: number | undefined): Packet {
  const { id = 0, udpPayloadSize = 4096 } = options
  const added = padding === undefined ? [] : [{ code: 'PADDING', length: padding }]
  return {
    id,
    type: 'query',
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions: [question],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize, flags: 0, options: added }],
  } as unknown as Packet
}

/**
 * Reads an answer.
 *
 * @param bytes The message; what is no answer to the question, or was cut, is `servfail`.
 * @param question What was asked.
 * @param options How to read.
 * @see {@link https://www.rfc-editor.org/rfc/rfc1035#section-4.1 | RFC 1035 section 4.1}
 * @example
 * decodeAnswer(new Uint8Array(12), { name: 'a.example', type: 'MX' }) // { status: 'servfail' }
 */
export function decodeAnswer<T extends RecordType>(
  bytes: Uint8Array,
  question: WireQuestion<T>,
  options: DecodeAnswerOptions = {},
): Answer<T> {
  const message = decoded(bytes)
  if (!message || !isAnswerTo(message, question)) return { status: 'servfail' }
  const { rcode } = message as { rcode?: string }
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return { status: 'servfail' }
  try {
    return answerOf(message, question, { age: options.age ?? 0, isAbsent: rcode === 'NXDOMAIN' })
  } catch {
    // A name or an address in it is none.
    return { status: 'servfail' }
  }
}

const HEADER = 12

/**
 * Tells whether a message answers a question, before anything else of it is looked at: `truncated` when it does and was
 * cut, so that it is to be asked for again over TCP.
 *
 * @param bytes The message.
 * @param question What was asked.
 * @param options By which identifier.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5452#section-4 | RFC 5452 section 4}
 * @example
 * const question = { name: 'a.example', type: 'MX' } as const
 * matchAnswer(encodeQuestion(question), question) // 'mismatch'
 */
export function matchAnswer(
  bytes: Uint8Array,
  question: WireQuestion,
  options: MatchAnswerOptions = {},
): 'match' | 'truncated' | 'mismatch' {
  const asked = encode({ type: 'query', questions: [question] } as unknown as Packet).subarray(HEADER)
  const { id = 0 } = options
  const flags = bytes[2] ?? 0
  // HAZARD: whoever is not the server must guess the identifier too (RFC 5452 section 4.3).
  const answers = bytes[0] === id >> 8 && bytes[1] === (id & 255) && flags >= 128 && bytes[4] === 0 && bytes[5] === 1
  if (!answers || !asked.every((octet, at) => octet === lowerCase(bytes[HEADER + at]))) return 'mismatch'
  return (flags & 2) === 0 ? 'match' : 'truncated'
}

// The lengths of labels are below the letters, and a type or class has none of them in its place but by the question's own.
function lowerCase(octet: number | undefined): number | undefined {
  return octet !== undefined && octet >= 65 && octet <= 90 ? octet + 32 : octet
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
