/** A server of the DNS on loopback, by UDP alone (RFC 1035 section 4), which answers from what it is given at the time. */
import { createSocket } from 'node:dgram'
import { encodeLatin1 } from '@posthorn/core'
import type { Answer, MxData, Resolver } from '@posthorn/dns'

/** It at work. */
export interface DnsServer {
  readonly port: number
  /** What it answers from. */
  resolver: Resolver
  stop(): Promise<void>
}

const TYPES = { 1: 'A', 15: 'MX', 16: 'TXT' } as const
const CODES: Readonly<Record<Answer['status'], number>> = { found: 0, nodata: 0, servfail: 2, timeout: 2, nxdomain: 3 }
const NODATA: Answer = { status: 'nodata', name: '', ttl: 0, authenticated: false }
const HEADER = 12
// An answer; recursion desired, and available.
const FLAGS = 0x8180
// RFC 6891 section 6.1.2: what comes with the answer to a question that has it; up to 4,096 octets are taken.
const OPT = [0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]

/** A message with the only question, which stands behind the header without compression. */
interface Question {
  readonly message: Uint8Array
  readonly name: string
  readonly type: number
  /** Where the question ends. */
  readonly end: number
}

function readQuestion(message: Uint8Array): Question {
  const labels: string[] = []
  let at = HEADER
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(String.fromCharCode(...message.subarray(at + 1, at + 1 + length)))
    at += 1 + length
  }
  return { message, name: labels.join('.'), type: message[at + 1]! * 256 + message[at + 2]!, end: at + 5 }
}

const uint16 = (value: number): number[] => [value >> 8, value & 0xff]

function textOctets(text: string): number[] {
  const strings = text.match(/[\s\S]{1,255}/g) ?? ['']
  return strings.flatMap((one) => [one.length, ...encodeLatin1(one)])
}

function dataOctets(type: number, data: unknown): number[] {
  if (type === 1) return (data as string).split('.').map(Number)
  if (type === 16) return textOctets(data as string)
  const { preference, exchange } = data as MxData
  return [...uint16(preference), ...exchange.split('.').flatMap(textOctets), 0]
}

function answerTo({ message, type, end }: Question, answer: Answer): Uint8Array {
  const records = answer.status === 'found' ? answer.records : []
  const written = records.flatMap((data) => {
    const octets = dataOctets(type, data)
    // The name of the question, the type, class IN, and a TTL of 0.
    return [0xc0, HEADER, ...uint16(type), 0, 1, 0, 0, 0, 0, ...uint16(octets.length), ...octets]
  })
  const opt = message[HEADER - 1]! > 0 ? OPT : []
  const counts = [1, records.length, 0, opt.length > 0 ? 1 : 0].flatMap(uint16)
  const head = [...message.subarray(0, 2), ...uint16(FLAGS | CODES[answer.status]), ...counts]
  return Uint8Array.from([...head, ...message.subarray(HEADER, end), ...written, ...opt])
}

/** Starts one that knows nothing yet; of types that it cannot write there are no records. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const resolver = { resolve: () => Promise.resolve(NODATA) } as Resolver
  const stop = () => new Promise<void>((resolve) => socket.close(() => resolve()))
  const server = { port: 0, resolver, stop }
  socket.on('message', async (message, { port, address }) => {
    const question = readQuestion(message)
    const type = TYPES[question.type as keyof typeof TYPES]
    // A name that is none has no records either.
    const answer = type ? await server.resolver.resolve(question.name, type).catch(() => NODATA) : NODATA
    socket.send(answerTo(question, answer), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  server.port = socket.address().port
  return server
}
