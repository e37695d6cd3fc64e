import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect as netConnect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { SmtpClient, type SmtpClientOptions } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { connect } from '../src/index.ts'
import { createSink, type Sink, type SinkFault, type SinkOptions } from '../src/sink.ts'
import { Talk } from './talk.ts'

const { ca, cert, key } = await makeCertificate('sink.example', Date.now())
const FROM = 'ada@posthorn.example'
const TO = 'charles@posthorn.example'
const MESSAGE = encodeUtf8('Subject: Notes\r\n\r\n.The notes are with the printer.\r\n')

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function open(options: SinkOptions = {}): Promise<Sink> {
  const sink = await createSink(options)
  closers.push(() => sink.close())
  return sink
}

async function clientOf({ host, port }: Sink, options: SmtpClientOptions = {}): Promise<SmtpClient> {
  const client = new SmtpClient(await connect({ host, port, ca, serverName: 'sink.example' }), {
    tls: 'none',
    ...options,
  })
  closers.push(() => client.quit().catch(() => undefined))
  await client.open()
  return client
}

/** What became of a message: its type, then the status of each recipient with the code of its reply. */
async function send(sink: Sink, to: readonly string[] = [TO], options: SmtpClientOptions = {}): Promise<string> {
  const client = await clientOf(sink, options)
  const { type, recipients } = await client.send({ reversePath: FROM, forwardPaths: to }, MESSAGE)
  await client.quit().catch(() => undefined)
  return [type, ...recipients.map(({ status, reply }) => `${status} ${reply?.code ?? '-'}`)].join(', ')
}

function talkTo({ host, port }: Sink): Talk {
  const talk = new Talk(netConnect({ host, port }))
  closers.push(() => talk.socket.destroy())
  return talk
}

describe('createSink', () => {
  test('takes what comes, with its envelope and who sent it', async () => {
    const sink = await open()
    expect(sink.url).toBe(`smtp://127.0.0.1:${sink.port}`)
    expect(await send(sink, [TO, 'postmaster'])).toBe('accepted, accepted 250, accepted 250')
    const message = await sink.next()
    expect(message).toMatchObject({
      number: 1,
      from: FROM,
      to: [TO, 'postmaster'],
      peer: { connection: { via: 'tcp' } },
    })
    expect(decodeLatin1(message.content)).toBe(decodeLatin1(MESSAGE))
    expect(sink.messages).toEqual([message])
    expect(sink.transcripts[0]?.entries.map(({ type }) => type)).toContain('message')
  })

  test('raises TLS with the certificate it is given, and knows its accounts', async () => {
    const sink = await open({ tls: { key, cert }, accounts: { ada: 'pencil' }, requireAuth: true, requireTls: true })
    const credentials = { username: 'ada', password: 'pencil' }
    expect(await send(sink, [TO], { tls: 'required', credentials })).toBe('accepted, accepted 250')
    const { peer } = await sink.next()
    expect(peer).toMatchObject({ identity: { authenticationId: 'ada' }, connection: { tls: { protocol: 'TLSv1.3' } } })
    const wrong = { tls: 'required', credentials: { ...credentials, password: 'no' } } as const
    await expect(clientOf(sink, wrong)).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
    expect(JSON.stringify(sink.transcripts)).not.toContain('pencil')
  })

  test('speaks LMTP', async () => {
    const sink = await open({ protocol: 'lmtp' })
    expect(sink.url).toMatch(/^lmtp:/)
    expect(await send(sink, [TO, FROM], { protocol: 'lmtp' })).toBe('accepted, accepted 250, accepted 250')
  })

  test('keeps the newest messages, as many as it may, and forgets when it is told to', async () => {
    const sink = await open({ maxMessages: 2, maxTranscripts: { sessions: 1, entries: 3 } })
    for (let count = 0; count < 3; count++) await send(sink)
    expect(sink.messages.map(({ number }) => number)).toEqual([2, 3])
    expect(sink.transcripts.map(({ entries }) => entries.length)).toEqual([3])
    sink.clear()
    expect([...sink.messages, ...sink.transcripts]).toEqual([])
    await send(sink)
    expect((await sink.next()).number).toBe(4)
    const small = await open({ maxOctets: MESSAGE.length })
    for (let count = 0; count < 2; count++) await send(small)
    expect(small.messages.map(({ number }) => number)).toEqual([2])
  })

  test('writes messages to a folder, whole', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'posthorn-')), 'mail')
    closers.push(() => rmSync(folder, { recursive: true }))
    const sink = await open({ folder })
    await send(sink)
    const files = readdirSync(folder).sort()
    expect(files.map((file) => file.split('.').at(-1))).toEqual(['eml', 'json'])
    expect(readFileSync(join(folder, files[0]!), 'latin1')).toBe(decodeLatin1(MESSAGE))
    const envelope = JSON.parse(readFileSync(join(folder, files[1]!), 'utf8'))
    expect(envelope).toMatchObject({ from: FROM, to: [TO], receivedAt: sink.messages[0]!.receivedAt })
  })

  test('a folder that cannot be written to is a 451, and the message is not kept', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'posthorn-')), 'mail')
    const errors: unknown[] = []
    const sink = await open({ folder, onError: (error) => errors.push(error) })
    rmSync(folder, { recursive: true })
    expect(await send(sink)).toBe('refused, deferred 451')
    expect(sink.messages).toEqual([])
    expect(errors).toEqual([expect.objectContaining({ code: 'ENOENT' })])
  })
})

describe('Sink: waiting', () => {
  test('next gives each message once, in order, to whoever waits first', async () => {
    const sink = await open()
    const waiting = [sink.next(), sink.next()]
    for (let count = 0; count < 3; count++) await send(sink)
    expect((await Promise.all(waiting)).map(({ number }) => number)).toEqual([1, 2])
    expect((await sink.next()).number).toBe(3)
  })

  test('waitFor waits for a number of messages', async () => {
    const sink = await open()
    const waiting = sink.waitFor(2)
    for (let count = 0; count < 2; count++) await send(sink)
    expect(await waiting).toHaveLength(2)
  })

  test('a wait in vain ends, by time or by signal, and takes no message that comes later', async () => {
    const sink = await open()
    await expect(sink.next({ timeout: 1 })).rejects.toMatchObject({ code: 'NODE_SINK_TIMEOUT' })
    const controller = new AbortController()
    const waiting = sink.next({ signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'NODE_ABORTED' })
    await send(sink)
    expect((await sink.next()).number).toBe(1)
  })
})

describe('Sink: decisions', () => {
  test.each([
    ['a sender is refused', { refuseSenders: FROM }, 'refused, rejected 550, rejected 550'],
    ['a recipient is refused', { refuseRecipients: 'CHARLES@posthorn.example' }, 'partial, rejected 550, accepted 250'],
    ['a domain is refused', { refuseRecipients: '@else.example' }, 'partial, accepted 250, rejected 550'],
    ['a mailbox is full', { fullMailboxes: [/^charles@/] }, 'partial, deferred 452, accepted 250'],
    ['a function decides', { refuseRecipients: (to: string) => to === TO }, 'partial, rejected 550, accepted 250'],
    ['too many recipients', { maxRecipients: 1 }, 'accepted, accepted 250, accepted 250'],
    ['a message is too large', { maxSize: 10, without: ['SIZE'] }, 'refused, rejected 552, rejected 552'],
    [
      'the message is decided on',
      { answer: ({ at }: { at: string }) => (at === 'message' ? { code: 554, lines: ['Spam'] } : undefined) },
      'refused, rejected 554, rejected 554',
    ],
  ])('%s', async (_, behaviour, expected) => {
    const sink = await open({ behaviour })
    expect(await send(sink, [TO, 'bea@else.example']).catch((error) => error.code)).toBe(expected)
  })

  test('a recipient is put off once for each sender', async () => {
    const sink = await open({ behaviour: { greylist: '*' } })
    expect(await send(sink)).toBe('refused, deferred 451')
    expect(await send(sink)).toBe('accepted, accepted 250')
    sink.behave({ greylist: '*' })
    expect(await send(sink)).toBe('refused, deferred 451')
    sink.behave()
    expect(await send(sink)).toBe('accepted, accepted 250')
  })

  test('extensions are not offered, and not served', async () => {
    const without = ['PIPELINING', 'CHUNKING', 'STARTTLS', 'SIZE']
    const sink = await open({ tls: { key, cert }, behaviour: { without } })
    const client = await clientOf(sink)
    expect(client.capabilities.list.filter(({ keyword }) => without.includes(keyword))).toEqual([])
    const talk = talkTo(sink)
    await talk.reply()
    await talk.say('EHLO c.example')
    expect(await talk.say('STARTTLS')).toMatch(/^502 /)
    expect(await talk.say('MAIL FROM:<a@b.example> SIZE=1')).toMatch(/^555 /)
    expect(await send(sink)).toBe('accepted, accepted 250')
  })
})

describe('Sink: faults', () => {
  const LINES = ['EHLO c.example', `MAIL FROM:<${FROM}>`, `RCPT TO:<${TO}>`, 'DATA', 'Hi\r\n.', 'NOOP']

  /** All replies until the connection ends; the first is the greeting. */
  async function talked(sink: Sink): Promise<string[]> {
    const talk = talkTo(sink)
    const replies: string[] = []
    for (const line of [undefined, ...LINES]) {
      const reply = line === undefined ? await talk.reply() : await talk.say(line)
      if (reply === undefined) break
      replies.push(/^\d{3}/.exec(reply)?.[0] ?? 'garbage')
    }
    return replies
  }

  const POINTS = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'message'] as const
  const REPLIES = ['220', '250', '250', '250', '354', '250']

  describe.each(POINTS.map((at, index) => ({ at, index })))('at $at', ({ at, index }) => {
    test.each<[string, Omit<SinkFault, 'at'>, string[]]>([
      ['the connection drops before the reply', { do: 'drop' }, []],
      ['the connection drops after it', { do: 'drop', when: 'after' }, [REPLIES[index]!]],
      ['the connection is reset', { do: 'reset' }, []],
      ['421 in its place', { do: '421' }, ['421']],
      ['421 behind it', { do: '421', when: 'after' }, [REPLIES[index]!, '421']],
    ])('%s', async (_, fault, expected) => {
      const errors: unknown[] = []
      const sink = await open({ behaviour: { faults: [{ at, ...fault }] }, onError: (error) => errors.push(error) })
      expect(await talked(sink)).toEqual([...REPLIES.slice(0, index), ...expected])
      expect(sink.messages).toHaveLength(at === 'message' ? 1 : 0)
      await expect.poll(() => sink.transcripts[0]?.entries.at(-1)).toEqual({ type: 'closed', reason: 'server-closed' })
      const told = sink.transcripts[0]!.entries.flatMap((entry) =>
        entry.type === 'reply' ? [`${entry.reply.code}`] : [],
      )
      expect(told).toEqual([...REPLIES.slice(0, index), ...expected])
      expect(errors).toEqual([])
    })

    test('garbage in place of the reply, once', async () => {
      const sink = await open({ behaviour: { faults: [{ at, do: 'garbage', times: 1 }] } })
      expect((await talked(sink))[index]).toBe('garbage')
      expect((await talked(sink)).slice(0, 6)).toEqual(REPLIES)
    })
  })

  test.each(['DATA', 'BDAT'])('within the body by %s', async (how) => {
    const sink = await open({ behaviour: { faults: [{ at: 'body', do: 'drop' }] } })
    const talk = talkTo(sink)
    await talk.reply()
    for (const line of LINES.slice(0, 3)) await talk.say(line)
    if (how === 'DATA') expect(await talk.say('DATA')).toMatch(/^354 /)
    expect(await talk.say(how === 'DATA' ? 'Hi' : 'BDAT 100 LAST\r\nHi')).toBeUndefined()
    expect(sink.messages).toEqual([])
  })

  test('a client that pipelines loses exactly the replies behind the drop', async () => {
    const sink = await open({ behaviour: { faults: [{ at: 'RCPT', for: TO, when: 'after', do: 'drop' }] } })
    const talk = talkTo(sink)
    await talk.reply()
    await talk.say('EHLO c.example')
    talk.socket.write(`MAIL FROM:<${FROM}>\r\nRCPT TO:<${FROM}>\r\nRCPT TO:<${TO}>\r\nDATA\r\n`)
    const replies = [await talk.reply(), await talk.reply(), await talk.reply(), await talk.reply()]
    expect(replies.map((reply) => reply?.slice(0, 3))).toEqual(['250', '250', '250', undefined])
  })

  test('a fault is of those alone whom it is for', async () => {
    const sink = await open({ behaviour: { faults: [{ at: 'MAIL', for: '@other.example', do: '421' }] } })
    expect(await send(sink)).toBe('accepted, accepted 250')
    sink.behave({ faults: [{ at: 'message', for: TO, do: 'drop' }] })
    expect(await send(sink)).toBe('unknown, unknown -')
    expect(sink.messages).toHaveLength(2)
  })

  test('a sink closes while replies are held back', async () => {
    const sink = await open({ behaviour: { replyDelay: 3_600_000 } })
    const talk = talkTo(sink)
    await expect.poll(() => sink.transcripts.length).toBe(1)
    await sink.close()
    await talk.end()
  })
})
