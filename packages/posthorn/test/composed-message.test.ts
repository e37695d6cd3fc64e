import { formatCommand, parseCommand, parseMailbox } from '@posthorn/command'
import { concatBytes, decodeUtf8, encodeUtf8, MailError } from '@posthorn/core'
import { type ComposedMessage, compose, type MessageInput, parseMessage } from '@posthorn/mime'
import { type Connection, type IncomingMessage, memoryPair, SmtpClient, serve } from '@posthorn/smtp'
import { describe, expect, test } from 'vitest'
import { CONTROLS, LOOKALIKES, PLACES, type Place } from '../../mime/test/injection-places.ts'

// A message that is composed from a stream, serialised to what the server offers, and sent: it arrives octet for octet.
const SIZE = 5_000_000
const CHUNK = 65_536
const context = { now: new Date('2026-11-29T12:00:00Z'), random: (length: number) => new Uint8Array(length).fill(7) }

const PATTERN = Uint8Array.from({ length: CHUNK }, (_, at) => (at * 2_654_435_761) >>> 24)

/** Octets that are all different in their neighbourhood, none of which is held. */
async function* octets(length = SIZE): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < length; start += CHUNK) {
    yield PATTERN.map((octet) => octet ^ (start / CHUNK)).subarray(0, length - start)
  }
}

async function gather(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk.slice())
  return concatBytes(chunks)
}

const SPOILT = Uint8Array.of(0, 13, 10, 13, 46, 13, 10, 200)
const INPUT: MessageInput = {
  from: 'Ada <ada@example.org>',
  to: 'b@bücher.example',
  subject: 'Grüße',
  text: '.\n..\nGrüße\n',
  attachments: [
    { filename: 'log.bin', content: () => octets(), size: SIZE },
    { filename: 'spoilt.bin', content: SPOILT },
  ],
}

/** A server that offers less than it can. */
function offeringOnly(connection: Connection, keywords: readonly string[]): Connection {
  const drop = ['8BITMIME', 'SMTPUTF8', 'CHUNKING', 'BINARYMIME'].filter((one) => !keywords.includes(one))
  const line = new RegExp(`250-(?:${drop.join('|')})\\r\\n`, 'g')
  return new Proxy(connection, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      if (key !== 'read' || drop.length === 0) return value.bind(target)
      return async () => {
        const chunk = await target.read()
        return chunk && encodeUtf8(decodeUtf8(chunk).replace(line, ''))
      }
    },
  })
}

interface Arrived {
  readonly parameters: IncomingMessage['parameters']
  readonly bytes: Uint8Array
  readonly type: string
}

/** Sends a message in the form that the server takes. */
async function send(message: ComposedMessage, offered: readonly string[]) {
  const [near, far] = memoryPair()
  const arrived: Pick<Arrived, 'parameters' | 'bytes'>[] = []
  const done = serve(far, {
    hostname: 'mx.example',
    onMessage: async ({ parameters, content }) => {
      arrived.push({ parameters, bytes: await gather(content) })
    },
  })
  const client = new SmtpClient(offeringOnly(near, offered), { tls: 'none' })
  await client.open()
  const { binaryMime, chunking, eightBitMime, smtpUtf8 } = client.capabilities
  const encoding = binaryMime && chunking ? 'binary' : eightBitMime ? '8bit' : '7bit'
  const form = message.serialize({ encoding, smtpUtf8 })
  const { type, error } = await client.send(form.envelope, form)
  await client.quit()
  await done
  return { type, error, form, ...arrived[0]! }
}

describe.each([
  ['nothing', [], undefined],
  ['8BITMIME', ['8BITMIME'], '8BITMIME'],
  ['8BITMIME and CHUNKING', ['8BITMIME', 'CHUNKING'], '8BITMIME'],
  ['BINARYMIME with CHUNKING', ['8BITMIME', 'CHUNKING', 'BINARYMIME'], 'BINARYMIME'],
  ['SMTPUTF8', ['8BITMIME', 'SMTPUTF8'], '8BITMIME'],
  ['everything', ['8BITMIME', 'CHUNKING', 'BINARYMIME', 'SMTPUTF8'], 'BINARYMIME'],
] as const)('a server that offers %s', (_, offered, body) => {
  test('a composed stream of 5 MB arrives octet for octet, its size announced [rfc1870 3]', async () => {
    const message = compose(INPUT, context)
    const { type, form, parameters, bytes } = await send(message, offered)
    expect(type).toBe('accepted')
    expect([parameters.body, parameters.size, parameters.smtpUtf8 ?? false]).toEqual([
      body,
      form.size,
      (offered as readonly string[]).includes('SMTPUTF8'),
    ])
    expect(form.size).toBe(bytes.length)
    expect(Buffer.compare(bytes, await gather(form.stream()))).toBe(0)
    const read = parseMessage(bytes)
    const wanted = [await gather(octets()), SPOILT]
    expect(read.subject).toBe('Grüße')
    expect(read.text?.trimEnd()).toBe('.\n..\nGrüße')
    for (const [at, { part }] of read.attachments.entries()) {
      expect(Buffer.compare(read.contentOf(part).bytes, wanted[at]!)).toBe(0)
    }
    expect(read.attachments.length).toBe(2)
  })
})

test('a stream of unknown size is sent once, without a size', async () => {
  const message = compose({ ...INPUT, attachments: [{ filename: 'log.bin', content: octets(200_000) }] }, context)
  expect([message.size, message.repeatable]).toEqual([undefined, false])
  const { type, parameters, bytes } = await send(message, ['8BITMIME'])
  expect([type, parameters.size]).toEqual(['accepted', undefined])
  const read = parseMessage(bytes)
  expect(read.contentOf(read.attachments[0]!.part).bytes).toEqual(await gather(octets(200_000)))
  expect(read.defects).toEqual([])
})

test('a stream of another size than it declared never becomes a message', async () => {
  const attachments = [{ filename: 'log.bin', content: () => octets(100_000), size: 100_001 }]
  const { type, error, bytes } = await send(compose({ ...INPUT, attachments }, context), ['8BITMIME'])
  expect([type, error?.code, error?.cause, bytes]).toEqual([
    'refused',
    'SMTP_SOURCE_FAILED',
    expect.objectContaining({ code: 'MIME_SIZE_MISMATCH' }),
    undefined,
  ])
})

test('no text that compose takes is another address, or anything but one, in the envelope [rfc5321 4.1.2]', () => {
  let count = 0
  const wrong: unknown[] = []
  for (const place of PLACES) {
    for (const text of [...LOOKALIKES, ...CONTROLS]) {
      const envelope = envelopeOf(place, text)
      for (const path of envelope ? [envelope.reversePath, ...envelope.forwardPaths] : []) {
        const mailbox = parseMailbox(path)
        const line = formatCommand({ verb: 'MAIL', reversePath: mailbox, parameters: { smtpUtf8: true } })
        const read = parseCommand(encodeUtf8(line))
        const isSame = JSON.stringify(read) === JSON.stringify({ ...read, verb: 'MAIL', reversePath: mailbox })
        if (!isSame || mailbox.domain !== path.slice(path.lastIndexOf('@') + 1)) wrong.push([place.name, text, path])
        count++
      }
    }
  }
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(10_000)
})

function envelopeOf({ message }: Place, text: string): ComposedMessage['envelope'] | undefined {
  try {
    return compose({ from: 'a@x.example', to: 'b@x.example', ...message(text) }, context).envelope
  } catch (error) {
    if (error instanceof MailError) return undefined
    throw error
  }
}
