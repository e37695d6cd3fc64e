import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { plainServer } from '@posthorn/sasl'
import { describe, expect, test } from 'vitest'
import { type Connection, memoryPair, type ServeOptions, serve, type TranscriptEntry } from '../src/index.ts'
import { until, VirtualClock } from './clock.ts'
import { codes, readAll } from './drive.ts'

const EHLO = 'EHLO c.example\r\n'
const MAIL = 'MAIL FROM:<a@b.example>\r\n'
const RCPT = 'RCPT TO:<c@d.example>\r\n'
const ENVELOPE = `${EHLO}${MAIL}${RCPT}`
const LAST_WORDS = '421 4.3.2 Service is shutting down\r\n'

/** A server whose client is played by the test. */
class Served {
  readonly connection: Connection
  readonly done: Promise<void>
  readonly errors: unknown[] = []
  readonly clock = new VirtualClock()
  readonly #closing = new AbortController()
  #heard = ''
  readonly #hearing: Promise<void>

  constructor(options: Partial<ServeOptions> = {}) {
    const [near, far] = memoryPair()
    this.connection = near
    this.#hearing = this.#hear()
    this.done = serve(far, {
      hostname: 'mx.example',
      onMessage: () => undefined,
      onError: (error) => this.errors.push(error),
      platform: this.clock,
      closing: this.#closing.signal,
      ...options,
    })
  }

  async #hear(): Promise<void> {
    try {
      await this.#readAll()
    } catch {
      // An abort ends it too.
    }
  }

  async #readAll(): Promise<void> {
    for (let bytes = await this.connection.read(); bytes; bytes = await this.connection.read()) {
      this.#heard += decodeLatin1(bytes)
    }
  }

  /** Says something and waits for so many replies to all that was said. */
  async say(text: string, replies: number): Promise<void> {
    if (text !== '') await this.connection.write(encodeUtf8(text))
    await until(() => codes(this.#heard).length >= replies)
  }

  close(): void {
    this.#closing.abort()
  }

  /** All that the server said, once it has closed the connection of its own accord. */
  async end(): Promise<string> {
    await this.done
    await this.#hearing
    return this.#heard
  }
}

describe('serve: closing ends a session that is in no transaction at once, with 421 [rfc5321 3.8]', () => {
  test.each([
    ['before EHLO', '', [220]],
    ['after EHLO', EHLO, [220, 250]],
    ['after a transaction', `${ENVELOPE}DATA\r\nHi\r\n.\r\n`, [220, 250, 250, 250, 354, 250]],
    ['after RSET', `${EHLO}${MAIL}RSET\r\n`, [220, 250, 250, 250]],
    ['after a refused MAIL', `${EHLO}MAIL FROM:<no@b.example>\r\n`, [220, 250, 550]],
  ])('%s', async (_, text, expected) => {
    const onMail: ServeOptions['onMail'] = (path) =>
      path?.localPart === 'no' ? { code: 550, lines: ['No'] } : undefined
    const served = new Served({ onMail })
    await served.say(text, expected.length)
    served.close()
    const heard = await served.end()
    expect(codes(heard)).toEqual([...expected, 421])
    expect(heard.endsWith(LAST_WORDS)).toBe(true)
    expect(served.errors).toEqual([])
    expect(served.clock.next).toBeUndefined()
  })

  test('within AUTH, whose response is not waited for', async () => {
    const mechanisms = [plainServer(() => true)]
    const served = new Served({ mechanisms, unsafePlaintextAuth: true })
    await served.say(`${EHLO}AUTH PLAIN\r\n`, 3)
    served.close()
    expect(codes(await served.end())).toEqual([220, 250, 334, 421])
  })

  test('in place of the greeting, when it fired before the client came or while it was decided on', async () => {
    const early = AbortSignal.abort()
    expect(await new Served({ closing: early }).end()).toBe(LAST_WORDS)
    let decide: (() => void) | undefined
    const served = new Served({ onConnect: () => new Promise<void>((resolve) => (decide = resolve)) })
    await until(() => decide !== undefined)
    served.close()
    decide?.()
    expect(await served.end()).toBe(LAST_WORDS)
  })

  test('while its reply cannot be written: 421 follows it, and nothing more is read', async () => {
    const [near, far] = memoryPair()
    const closing = new AbortController()
    let write: (() => void) | undefined
    const slow: Connection = {
      info: far.info,
      read: () => far.read(),
      async write(chunk) {
        await new Promise<void>((resolve) => (write = resolve))
        write = undefined
        await far.write(chunk)
      },
      startTls: (options) => far.startTls(options),
      close: () => far.close(),
      abort: (reason) => far.abort(reason),
    }
    const done = serve(slow, { hostname: 'mx.example', onMessage: () => undefined, closing: closing.signal })
    for (const expected of ['220 mx.example ESMTP\r\n', LAST_WORDS]) {
      await until(() => write !== undefined)
      closing.abort()
      write?.()
      expect(decodeLatin1((await near.read())!)).toBe(expected)
    }
    await done
  })
})

describe('serve: closing lets a transaction come to its end', () => {
  test.each([
    ['after MAIL', `${EHLO}${MAIL}`, `${RCPT}DATA\r\n`, 'Hi\r\n.\r\n', [220, 250, 250, 250, 354, 250, 421]],
    ['after RCPT', ENVELOPE, 'DATA\r\n', 'Hi\r\n.\r\n', [220, 250, 250, 250, 354, 250, 421]],
    ['within DATA', `${ENVELOPE}DATA\r\nHal`, 'f\r\n', '.\r\n', [220, 250, 250, 250, 354, 250, 421]],
    ['between chunks', `${ENVELOPE}BDAT 4\r\nHi\r\n`, '', 'BDAT 2 LAST\r\n\r\n', [220, 250, 250, 250, 250, 250, 421]],
    ['within a chunk', `${ENVELOPE}BDAT 4 LAST\r\nHi`, '\r', '\n', [220, 250, 250, 250, 250, 421]],
    ['a message that is refused', `${ENVELOPE}DATA\r\n`, 'a\nb\r\n', '.\r\n', [220, 250, 250, 250, 354, 554, 421]],
    ['that is dropped', `${ENVELOPE}`, '', 'RSET\r\n', [220, 250, 250, 250, 250, 421]],
    ['that EHLO drops', `${ENVELOPE}`, '', EHLO, [220, 250, 250, 250, 250, 421]],
    ['that QUIT drops', `${ENVELOPE}`, '', 'QUIT\r\n', [220, 250, 250, 250, 221]],
  ])('%s', async (_, before, between, end, expected) => {
    const taken: string[] = []
    const served = new Served({ onMessage: async ({ content }) => void taken.push(await readAll(content)) })
    const sofar = before.includes('BDAT 4\r\n')
      ? 5
      : (before.match(/^[A-Z]+ ?.*\r\n/gm) ?? []).filter(isCommand).length + 1
    await served.say(before, sofar)
    served.close()
    await served.say(between, sofar)
    await served.connection.write(encodeUtf8(end))
    const heard = await served.end()
    expect(codes(heard)).toEqual(expected)
    expect(served.errors).toEqual([])
    expect(taken.length).toBe(expected.includes(354) || before.includes('BDAT') ? (expected.includes(554) ? 0 : 1) : 0)
  })

  test('while the handler takes the message: it is told what it decided, then 421', async () => {
    let decide: (() => void) | undefined
    const served = new Served({ onMessage: () => new Promise<void>((resolve) => (decide = resolve)) })
    await served.say(`${ENVELOPE}DATA\r\nHi\r\n.\r\n`, 1)
    await until(() => decide !== undefined)
    served.close()
    decide?.()
    expect(codes(await served.end())).toEqual([220, 250, 250, 250, 354, 250, 421])
  })

  test('what was said behind the message is not answered, and its MAIL is not asked about', async () => {
    const asked: unknown[] = []
    const served = new Served({ onMail: (path) => void asked.push(path) })
    await served.say(`${ENVELOPE}DATA\r\n`, 5)
    served.close()
    await served.connection.write(encodeUtf8(`Hi\r\n.\r\n${MAIL}${RCPT}`))
    expect(codes(await served.end())).toEqual([220, 250, 250, 250, 354, 250, 421])
    expect(asked).toHaveLength(1)
  })

  test('in LMTP after the reply for each recipient', async () => {
    const served = new Served({ protocol: 'lmtp' })
    await served.say(`LHLO c.example\r\n${MAIL}${RCPT}${RCPT}DATA\r\n`, 6)
    served.close()
    await served.connection.write(encodeUtf8('Hi\r\n.\r\n'))
    expect(codes(await served.end())).toEqual([220, 250, 250, 250, 250, 354, 250, 250, 421])
  })

  test('a client that never goes on is left to its deadline', async () => {
    const served = new Served()
    await served.say(`${EHLO}${MAIL}`, 3)
    served.close()
    await until(() => served.clock.next !== undefined)
    served.clock.advance(5 * 60 * 1000)
    await served.done
    expect(served.errors).toEqual([expect.objectContaining({ code: 'SMTP_TIMEOUT' })])
  })
})

test('serve: closing while TLS is raised waits for the handshake and says 421 in it', async () => {
  const [near, far] = memoryPair()
  const closing = new AbortController()
  const done = serve(far, { hostname: 'mx.example', tls: true, onMessage: () => undefined, closing: closing.signal })
  await near.write(encodeUtf8(`${EHLO}STARTTLS\r\n`))
  let heard = ''
  while (codes(heard).length < 3) heard += decodeLatin1((await near.read())!)
  closing.abort()
  await near.startTls({})
  expect(decodeLatin1((await near.read())!)).toBe(LAST_WORDS)
  await done
})

test('serve: a session that closing ended is told of in its transcript', async () => {
  const entries: TranscriptEntry[] = []
  const served = new Served({ recorder: () => (entry) => entries.push(entry) })
  await served.say(EHLO, 2)
  served.close()
  await served.end()
  expect(entries.slice(-2)).toMatchObject([
    { type: 'reply', reply: { code: 421 } },
    { type: 'closed', reason: 'server-closed' },
  ])
})

function isCommand(line: string): boolean {
  return /^(?:EHLO|MAIL|RCPT|DATA)\b/.test(line)
}
