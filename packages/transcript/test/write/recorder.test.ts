import { selectMechanism } from '@posthorn/sasl'
import { memoryPair, SmtpClient, serve } from '@posthorn/smtp'
import { describe, expect, test } from 'vitest'
import { parseTranscript, type TranscriptSession } from '../../src/index.ts'
import { replayClient, replayServer } from '../../src/replay.ts'
import { formatSwaks, formatTranscript, TranscriptRecorder } from '../../src/write.ts'
import { CONVERSATIONS, call, hold, MECHANISMS, MESSAGE, PASSWORD, servingOf } from '../conversations.ts'
import { describeRecipients } from '../describe-session.ts'
import { bare, exchangesOf } from '../same-session.ts'

const random = (length: number): Uint8Array => new Uint8Array(length)
const octets = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A recorder with a clock that goes on by a millisecond whenever it is looked at. */
function recorder() {
  const lines: string[] = []
  let time = Date.UTC(2026, 0, 2)
  const { record } = new TranscriptRecorder({ now: () => time++, write: (line) => lines.push(line) })
  return { record, lines }
}

function only(text: string): TranscriptSession {
  const { sessions, unexplained } = parseTranscript(text)
  expect(unexplained).toEqual([])
  expect(sessions).toHaveLength(1)
  return sessions[0]!
}

describe.each(CONVERSATIONS)('$name', (conversation) => {
  const [client, server] = [recorder(), recorder()]
  const held = hold(conversation, { client: client.record, server: server.record })
  const sessionOf = async ({ lines }: { lines: string[] }) => {
    await held
    return only(lines.join('\n'))
  }

  test('TranscriptRecorder: both ends record the same session, each from its side', async () => {
    const [ours, theirs] = [await sessionOf(client), await sessionOf(server)]
    expect([ours.perspective, theirs.perspective]).toEqual(['client', 'server'])
    if (conversation.crossing) expect(exchangesOf(ours)).toEqual(exchangesOf(theirs))
    else expect(bare(ours, { times: true })).toEqual(bare(theirs, { times: true }))
    expect(ours.close).toBe(theirs.close)
    expect(ours.confidence).toBe(1)
    expect(ours.startedAt).toBe(Date.UTC(2026, 0, 2))
  })

  test('formatSwaks: reads back as the session that was recorded, but for times', async () => {
    const session = await sessionOf(client)
    expect(bare(only(formatSwaks(session)), { times: true })).toEqual(bare(session, { times: true }))
  })

  test('formatTranscript: reads back as the session that was recorded', async () => {
    const session = await sessionOf(server)
    expect(bare(only(formatTranscript(session)))).toEqual(bare(session))
  })

  test('replayServer: the client holds the same conversation with what was recorded', async () => {
    const session = await sessionOf(server)
    const { connection, done } = replayServer(session, { mechanisms: Object.values(MECHANISMS) })
    const again = recorder()
    await call(conversation, connection, again.record)
    await done
    const replayed = only(again.lines.join('\n'))
    if (conversation.crossing) expect(exchangesOf(replayed)).toEqual(exchangesOf(session))
    else expect(bare(replayed, { times: true })).toEqual(bare(session, { times: true }))
  })

  test('replayClient: the server answers as it was recorded', async () => {
    const { credentials } = conversation.calling ?? {}
    const mechanism = (name: string) => credentials && selectMechanism([name], { credentials, random })
    const session = await sessionOf(client)
    const [near, far] = memoryPair()
    const again = recorder()
    const served = serve(far, { ...servingOf(conversation), recorder: () => again.record })
    const report = await replayClient(session, near, { texts: true, mechanism })
    await served
    expect(report).toEqual({ differences: [], complete: true })
  })

  test.each([7, 64])('TranscriptRecorder: in chunks of %d octets each has the same answers', async (chunkSize) => {
    const [one, other] = [recorder(), recorder()]
    await hold(conversation, { client: one.record, server: other.record }, chunkSize)
    expect(exchangesOf(only(one.lines.join('\n')))).toEqual(exchangesOf(only(other.lines.join('\n'))))
  })

  test('no password is in any of it', async () => {
    await held
    const all = [...client.lines, ...server.lines].join('\n')
    for (const form of [PASSWORD, btoa(PASSWORD), btoa(`\0user\0${PASSWORD}`), 'wrong-horse', btoa('wrong-horse')]) {
      expect(all).not.toContain(form)
    }
  })
})

test('TranscriptRecorder: what came of each recipient by PRDR is what its own reply says', async () => {
  const { record, lines } = recorder()
  const prdr = CONVERSATIONS.find(({ name }) => name.includes('PRDR'))!
  await hold(prdr, { client: record, server: () => undefined })
  const session = only(lines.join('\n'))
  expect(session.events.some((event) => event.type === 'reply' && event.reply.code === 353)).toBe(true)
  expect(describeRecipients(session)).toBe('ann@a.example > bob@b.example:a no@b.example:r eve@b.example:r')
})

describe('a session that breaks', () => {
  const envelope = { reversePath: 'ann@a.example', forwardPaths: ['bob@b.example'] }

  test('TranscriptRecorder: the server leaves', async () => {
    const { record, lines } = recorder()
    const [near, far] = memoryPair()
    const served = serve(far, { hostname: 'mx.example', onMail: () => far.abort(), onMessage: () => undefined })
    const client = new SmtpClient(near, { tls: 'none', record, pipelining: 'none' })
    await client.open()
    await client.send(envelope, MESSAGE)
    await client.quit()
    await served
    const session = only(lines.join('\n'))
    expect(session.close).toBe('server-closed')
    expect(lines.at(-1)).toContain('"reason":"server-closed","error":"SMTP_CLOSED"')
    expect(session.events.find((event) => event.type === 'command' && event.verb === 'MAIL')).not.toHaveProperty(
      'answeredBy',
    )
  })

  test('TranscriptRecorder: the client leaves, in the midst of its message', async () => {
    const { record, lines } = recorder()
    const [near, far] = memoryPair()
    const served = serve(far, { hostname: 'mx.example', recorder: () => record, onMessage: () => undefined })
    await near.write(
      octets('HELO a.example\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\nSubject: x\r\n'),
    )
    await near.close()
    await served
    const session = only(lines.join('\n'))
    expect(session.close).toBe('dropped')
    expect(session.events.find(({ type }) => type === 'message')).toMatchObject({ complete: false })
    expect(session.transactions[0]?.recipients[0]?.outcome).toBe('unknown')
  })

  test('TranscriptRecorder: a handshake that fails', async () => {
    const { record, lines } = recorder()
    const [near, far] = memoryPair()
    const served = serve(
      {
        ...far,
        info: far.info,
        read: () => far.read(),
        write: (chunk) => far.write(chunk),
        startTls: () => Promise.reject(new Error('no')),
        close: () => far.close(),
        abort: (reason) => far.abort(reason),
      },
      { hostname: 'mx.example', tls: true, onMessage: () => undefined },
    )
    const client = new SmtpClient(near, { record })
    await client.open().catch(() => undefined)
    await client.quit()
    await served
    expect(only(lines.join('\n')).tls.state).toBe('failed')
  })

  test('TranscriptRecorder: the client waits in vain', async () => {
    const { record, lines } = recorder()
    const [near] = memoryPair()
    const platform = {
      now: () => 0,
      random: (length: number) => new Uint8Array(length),
      startTimer: (_: number, late: () => void) => {
        queueMicrotask(late)
        return () => undefined
      },
    }
    const client = new SmtpClient(near, { record, platform })
    await client.open().catch(() => undefined)
    await client.quit()
    expect(only(lines.join('\n')).close).toBe('timeout')
  })
})

test('TranscriptRecorder: a message that comes with its DATA stands behind the reply, and behind what else came with it', async () => {
  const { record, lines } = recorder()
  const [near, far] = memoryPair()
  const served = serve(far, { hostname: 'mx.example', recorder: () => record, onMessage: () => undefined })
  await near.write(octets('HELO a\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n'))
  await served
  const { events, transactions } = only(lines.join('\n'))
  expect(events.map((event) => (event.type === 'reply' ? event.reply.code : event.type))).toEqual([
    220,
    'command',
    'command',
    'command',
    'command',
    'command',
    250,
    250,
    250,
    354,
    'message',
    250,
    221,
    'note',
  ])
  expect(transactions[0]?.recipients[0]?.outcome).toBe('accepted')
})

test('TranscriptRecorder: lines of several sessions in one file are told apart by their key', async () => {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const keyed = (session: string) => new TranscriptRecorder({ now: () => 0, write, session }).record
  const [plain, message] = [CONVERSATIONS[0]!, CONVERSATIONS[1]!]
  const none = () => undefined
  await Promise.all([
    hold(plain, { client: keyed('a'), server: none }),
    hold(message, { client: keyed('b'), server: none }),
  ])
  const { sessions } = parseTranscript(lines.join('\n'))
  expect(sessions.map(({ transactions }) => transactions.length)).toEqual([0, 1])
})

test('TranscriptRecorder: what a server is told that is no command, or malformed, does not show what it may be', async () => {
  const { record, lines } = recorder()
  const [near, far] = memoryPair()
  const served = serve(far, { hostname: 'mx.example', recorder: () => record, onMessage: () => undefined })
  const said = ['c2VjcmV0MQ==', 'AUTH PLAIN c2VjcmV0 MQ==', 'RCPT TO:secret-path', 'AUTH', 'QUIT']
  await near.write(octets(`${said.join('\r\n')}\r\n`))
  await served
  const commands = only(lines.join('\n')).events.flatMap((event) => (event.type === 'command' ? [event.text] : []))
  expect(commands).toEqual(['***', 'AUTH PLAIN ***', 'RCPT TO:secret-path', 'AUTH', 'QUIT'])
})

test('TranscriptRecorder: a proxy tells who the client is', async () => {
  const { record, lines } = recorder()
  const [near, far] = memoryPair()
  const served = serve(far, {
    hostname: 'mx.example',
    unsafeProxyProtocol: true,
    recorder: () => record,
    onMessage: () => undefined,
  })
  await near.write(octets('PROXY TCP4 192.0.2.9 192.0.2.1 50000 25\r\nQUIT\r\n'))
  await served
  const session = only(lines.join('\n'))
  expect(session.client).toEqual({ address: '192.0.2.9', port: 50000 })
  expect(session.events[0]).toMatchObject({ type: 'note', kind: 'connected', text: 'Connection from 192.0.2.9:50000' })
})
