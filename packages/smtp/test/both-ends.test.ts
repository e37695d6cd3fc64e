import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { deriveScramCredentials, plainServer, scramServer } from '@posthorn/sasl'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  memoryPair,
  type ServeOptions,
  SmtpClient,
  type SmtpClientOptions,
  serve,
  type TranscriptEntry,
} from '../src/index.ts'
import { message, readAll } from './drive.ts'

const CREDENTIALS = { username: 'user', password: 'pencil' }
const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index + 1)
const stored = await deriveScramCredentials(CREDENTIALS.password, { salt: random(16), iterations: 4096 })

const SCRAM = scramServer({ lookup: (username) => (username === CREDENTIALS.username ? stored : undefined), random })
const PLAIN = plainServer(({ username, password }) => username === 'user' && password === 'pencil')

interface Lab {
  readonly client: SmtpClient
  readonly done: Promise<void>
  readonly messages: string[]
  readonly errors: unknown[]
  readonly transcript: TranscriptEntry[]
}

/** A client and a server in memory; recipients whose local part begins with "no" are refused. */
function lab(serving: Partial<ServeOptions> = {}, calling: SmtpClientOptions = {}, chunkSize?: number): Lab {
  const [near, far] = memoryPair(chunkSize === undefined ? {} : { chunkSize })
  const [messages, errors, transcript]: [string[], unknown[], TranscriptEntry[]] = [[], [], []]
  const done = serve(far, {
    hostname: 'mx.example',
    tls: true,
    mechanisms: [SCRAM, PLAIN],
    onRecipient: (path) =>
      path !== 'postmaster' && path.localPart.startsWith('no') ? { code: 550, lines: ['No such user'] } : undefined,
    onMessage: async ({ content }) => {
      messages.push(await readAll(content))
    },
    onError: (error) => errors.push(error),
    ...serving,
  })
  const client = new SmtpClient(near, { record: (entry) => transcript.push(entry), ...calling })
  return { client, done, messages, errors, transcript }
}

describe.each([1, 2, 3, 7, 64, undefined])('in chunks of %s octets', (chunkSize) => {
  test.each([
    ['SCRAM-SHA-256', [SCRAM, PLAIN]],
    ['PLAIN', [PLAIN]],
  ])('TLS, %s, two messages and QUIT', async (name, mechanisms) => {
    const one = lab({ mechanisms, requireTls: true, requireAuth: true }, { credentials: CREDENTIALS }, chunkSize)
    await one.client.open()
    const first = await one.client.send(
      { reversePath: 'a@b.example', forwardPaths: ['c@d.example', 'no@d.example', 'postmaster'] },
      encodeUtf8('Subject: one\r\n\r\n.dot\r\n..\r\n'),
    )
    expect(first.type).toBe('partial')
    expect(first.recipients.map(({ status, retry }) => [status, retry])).toEqual([
      ['accepted', 'never'],
      ['rejected', 'never'],
      ['accepted', 'never'],
    ])
    const second = await one.client.send({ reversePath: null, forwardPaths: ['c@d.example'] }, message())
    expect(second.type).toBe('accepted')
    await one.client.quit()
    await one.done
    expect(one.messages).toEqual(['Subject: one\r\n\r\n.dot\r\n..\r\n', 'Subject: test\r\n\r\nHello\r\n'])
    expect(one.errors).toEqual([])
    expect(one.transcript.some((entry) => entry.type === 'command' && entry.text === `AUTH ${name} ***`)).toBe(true)
  })
})

describe.each([
  ['none', 'never'],
  ['none', 'auto'],
  ['envelope', 'never'],
  ['envelope', 'auto'],
  ['data', 'never'],
  ['data', 'auto'],
  ['messages', 'never'],
  ['messages', 'auto'],
] as const)('with pipelining %s and chunking %s', (pipelining, chunking) => {
  test('any octets as a message arrive with CRLF line endings and nothing else changed', async () => {
    const piece = fc.constantFrom('\r', '\n', '\r\n', '.', 'a', 'é', '\r\n.\r\n', '\r\nMAIL FROM:<x@y>\r\n', ' ')
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        async (pieces, chunkSize) => {
          const text = pieces.join('')
          const { client, done, messages } = lab({}, { tls: 'none', pipelining }, chunkSize)
          await client.open()
          const outcome = await client.send({ reversePath: null, forwardPaths: ['c@d.example'] }, encodeUtf8(text), {
            chunking,
          })
          await client.quit()
          await done
          const lines = text.replace(/\r\n|\r|\n/g, '\r\n')
          const whole = lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`
          expect(outcome.type).toBe('accepted')
          expect(
            messages.map((one) => decodeUtf8(Uint8Array.from(one, (character) => character.charCodeAt(0)))),
          ).toEqual([whole])
        },
      ),
      { numRuns: 40 },
    )
  })

  test.each([
    { to: ['no1@d.example', 'no2@d.example'], type: 'refused', statuses: ['rejected', 'rejected'] },
    { to: ['c@d.example'], type: 'accepted', statuses: ['accepted'] },
  ])('recipients $to: $type, and the session goes on', async ({ to, type, statuses }) => {
    const { client, done } = lab({}, { tls: 'none', pipelining })
    await client.open()
    for (let round = 0; round < 2; round++) {
      const outcome = await client.send({ reversePath: null, forwardPaths: to }, message(), { chunking })
      expect(outcome.type).toBe(type)
      expect(outcome.recipients.map(({ status }) => status)).toEqual(statuses)
    }
    expect((await client.noop()).code).toBe(250)
    await client.quit()
    await done
  })

  test('a refused sender decides for every recipient', async () => {
    const { client, done } = lab(
      { onMail: () => ({ code: 451, enhanced: { class: 4, subject: 7, detail: 1 }, lines: ['Later'] }) },
      { tls: 'none', pipelining },
    )
    await client.open()
    const outcome = await client.send({ reversePath: null, forwardPaths: ['c@d.example', 'no@d.example'] }, message(), {
      chunking,
    })
    expect(outcome).toMatchObject({
      type: 'refused',
      recipients: [
        { status: 'deferred', retry: 'later', reply: { code: 451 } },
        { status: 'deferred', retry: 'later', reply: { code: 451 } },
      ],
    })
    await client.quit()
    await done
  })

  test('over a hundred recipients go in groups, each with its own outcome', async () => {
    const { client, done } = lab({}, { tls: 'none', pipelining })
    const to = Array.from({ length: 250 }, (_, index) => `${index % 7 === 0 ? 'no' : 'u'}${index}@d.example`)
    await client.open()
    const outcome = await client.send({ reversePath: null, forwardPaths: to }, message(), { chunking })
    expect(outcome.recipients.map(({ status }) => status)).toEqual(
      to.map((path) => (path.startsWith('no') ? 'rejected' : 'accepted')),
    )
    await client.quit()
    await done
  })
})

describe('secrets', () => {
  test('never stand in a transcript or an error', async () => {
    const secret = 'tr0ub4dor&3'
    for (const mechanisms of [[SCRAM], [PLAIN]]) {
      const one = lab({ mechanisms }, { credentials: { username: 'user', password: secret } })
      const error = await one.client.open().catch((cause: unknown) => cause)
      await one.client.quit()
      await one.done
      const all = JSON.stringify([one.transcript, one.errors, String(error), error])
      expect(String(error)).toContain('535')
      for (const form of [secret, btoa(secret), btoa(`\0user\0${secret}`)]) expect(all).not.toContain(form)
    }
  })
})

test('a transcript tells what each reply answers, and TLS where it begins', async () => {
  const one = lab({}, { credentials: CREDENTIALS })
  await one.client.open()
  await one.client.send({ reversePath: null, forwardPaths: ['c@d.example'] }, message())
  await one.client.quit()
  await one.done
  const told = one.transcript.map((entry) => (entry.type === 'reply' ? entry.answers : entry.type))
  expect(told.filter((entry) => entry !== 'command')).toEqual([
    'connected',
    'greeting',
    'EHLO',
    'STARTTLS',
    'tls',
    'EHLO',
    'AUTH',
    'AUTH',
    'AUTH',
    'message',
    'MAIL',
    'RCPT',
    'message',
    'QUIT',
    'closed',
  ])
})
