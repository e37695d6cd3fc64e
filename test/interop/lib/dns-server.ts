/** A server of the DNS on loopback, by UDP alone (RFC 1035 section 4), which answers from what it is given at the time. */
import { createSocket } from 'node:dgram'
import { encodeLatin1 } from '@posthorn/core'
import type { Answer, MxData, RecordType, Resolver } from '@posthorn/dns'

/** It at work. */
export interface DnsServer {
  readonly port: number
  /** What it answers from. */
  resolver: Resolver
  stop(): Promise<void>
}

const TYPES: Readonly<Record<number, RecordType>> = { 1: 'A', 5: 'CNAME', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA' }
const HEADER = 12
const CODES: Readonly<Record<Answer['status'], number>> = { found: 0, nodata: 0, servfail: 2, timeout: 2, nxdomain: 3 }
// An answer, recursion desired and available.
const FLAGS = 0x8180
// RFC 6891 section 6.1.2: what comes with a question that has it; up to 4,096 octets are taken.
const OPT = [0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]

const uint16 = (value: number): number[] => [value >> 8, value & 0xff]

function nameOctets(name: string): number[] {
  return [...name.split('.').flatMap((label) => [label.length, ...encodeLatin1(label)]), 0]
}

function textOctets(text: string): number[] {
  const octets = [...encodeLatin1(text)]
  const strings = Math.max(1, Math.ceil(octets.length / 255))
  return Array.from({ length: strings }, (_, at) => octets.slice(at * 255, at * 255 + 255)).flatMap((one) => [
    one.length,
    ...one,
  ])
}

function ipv6Octets(address: string): number[] {
  const [before = [], after = []] = address.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].flatMap((group) => uint16(Number.parseInt(group, 16)))
}

function dataOctets(type: RecordType, data: unknown): number[] {
  if (type === 'A') return (data as string).split('.').map(Number)
  if (type === 'AAAA') return ipv6Octets(data as string)
  if (type === 'TXT') return textOctets(data as string)
  if (type !== 'MX') return nameOctets(data as string)
  const { preference, exchange } = data as MxData
  return [...uint16(preference), ...nameOctets(exchange)]
}

// The only question begins behind the header; its name is not compressed.
function questionOf(message: Uint8Array): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = []
  let at = HEADER
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(String.fromCharCode(...message.subarray(at + 1, at + 1 + length)))
    at += 1 + length
  }
  return { name: labels.join('.'), type: message[at + 1]! * 256 + message[at + 2]!, end: at + 5 }
}

function answerTo(question: Uint8Array, end: number, type: number, answer: Answer): Uint8Array {
  const records = answer.status === 'found' ? answer.records : []
  const code = CODES[answer.status]
  const body = records.flatMap((data) => {
    const octets = dataOctets(TYPES[type]!, data)
    // The name of the question, the type, class IN, and a TTL of 0.
    return [0xc0, HEADER, ...uint16(type), 0, 1, 0, 0, 0, 0, ...uint16(octets.length), ...octets]
  })
  const hasOpt = question[HEADER - 1]! > 0
  const counts = [1, records.length, 0, hasOpt ? 1 : 0].flatMap(uint16)
  return Uint8Array.from([
    ...question.subarray(0, 2),
    ...uint16(FLAGS | code),
    ...counts,
    ...question.subarray(HEADER, end),
    ...body,
    ...(hasOpt ? OPT : []),
  ])
}

/** Starts one that knows nothing yet. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const server = {
    port: 0,
    resolver: { resolve: () => Promise.resolve({ status: 'servfail' }) } as Resolver,
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  }
  const none: Answer = { status: 'nodata', name: '', ttl: 0, authenticated: false }
  socket.on('message', async (question, { port, address }) => {
    const { name, type, end } = questionOf(question)
    const wanted = TYPES[type]
    const answer = wanted ? await server.resolver.resolve(name, wanted).catch(() => none) : none
    socket.send(answerTo(question, end, type, answer), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  server.port = socket.address().port
  return server
}
