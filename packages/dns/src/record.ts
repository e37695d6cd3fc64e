/** One record of a zone, and its data in the text form of master files: RFC 1035 section 5.1, RFC 3596, RFC 6698 section 2.2. */

import { clip, encodeHex, encodeUtf8, hexOctet, MailError } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'
import type { MxData, RecordData, RecordType, TlsaData } from './resolver.ts'

/** The record types that mail asks for, in the order of their numbers. */
export const RECORD_TYPES: readonly RecordType[] = ['A', 'CNAME', 'PTR', 'MX', 'TXT', 'AAAA', 'TLSA']

/** A name in data as it is written there, made whole. */
type ReadName = (text: string) => string

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const V4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)
const V6 = /^[0-9A-Fa-f:.]{2,45}$/
const HEX = /^(?:[0-9A-Fa-f]{2})+$/

/**
 * Reads data from the words of a master file.
 *
 * @internal
 * @throws {MailError} `DNS_BAD_RECORD` for words that are no data of the type.
 */
export function parseData<T extends RecordType>(type: T, words: readonly string[], readName: ReadName): RecordData[T] {
  const data = dataOf(type, words, readName)
  if (data === undefined) throw fault(`"${clip(words.join(' '))}" is no data of type ${type}`)
  return data as RecordData[T]
}

function dataOf(type: RecordType, words: readonly string[], readName: ReadName): RecordData[RecordType] | undefined {
  const [first = '', second = ''] = words
  if (type === 'TXT') return words.length > 0 ? words.join('') : undefined
  if (type === 'MX') return words.length === 2 ? mxOf(first, readName(second)) : undefined
  if (type === 'TLSA') return tlsaOf(words)
  if (words.length !== 1) return undefined
  if (type === 'A') return V4.test(first) ? first : undefined
  if (type === 'AAAA') return V6.test(first) && first.includes(':') ? first : undefined
  return readName(first)
}

function mxOf(preference: string, exchange: string): MxData | undefined {
  return isNumber(preference, 65_535) ? { preference: Number(preference), exchange } : undefined
}

// The octets may be written with blanks between.
function tlsaOf([usage = '', selector = '', matchingType = '', ...rest]: readonly string[]): TlsaData | undefined {
  const digits = rest.join('')
  if (![usage, selector, matchingType].every((text) => isNumber(text, 255)) || !HEX.test(digits)) return undefined
  const octets = encodeUtf8(digits)
  const data = Uint8Array.from({ length: digits.length / 2 }, (_, at) => hexOctet(octets, 2 * at))
  return { usage: Number(usage), selector: Number(selector), matchingType: Number(matchingType), data }
}

function isNumber(text: string, most: number): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= most
}

/**
 * Writes data as one text, that of TXT as it is.
 *
 * @internal
 */
export function formatData<T extends RecordType>(type: T, data: RecordData[T]): string {
  if (type === 'MX') return `${(data as MxData).preference} ${(data as MxData).exchange}`
  if (type !== 'TLSA') return data as string
  const { usage, selector, matchingType, data: octets } = data as TlsaData
  return `${usage} ${selector} ${matchingType} ${encodeHex(octets)}`
}

/**
 * Reads what {@link formatData} writes.
 *
 * @internal
 * @throws {MailError} `DNS_BAD_RECORD` for a text that is no data of the type.
 */
export function parseDataText<T extends RecordType>(type: T, text: string): RecordData[T] {
  return parseData(type, type === 'TXT' ? [text] : text.trim().split(/\s+/), (name) => name)
}

function fault(why: string): MailError<DnsErrorCode> {
  return new MailError('DNS_BAD_RECORD', `Cannot read record: ${why}`, { spec: 'rfc1035#section-5.1' })
}
