import { memoryPair, SmtpClient, serve } from '@posthorn/smtp'
import { describe, expect, test } from 'vitest'
import { parseTranscript, type TranscriptSession } from '../../src/index.ts'
import { type ReplayClientOptions, replayClient, replayServer, TranscriptDivergence } from '../../src/replay.ts'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const MESSAGE = octets('Subject: hi\r\n\r\nHello\r\n')

function sessionOf(...lines: string[]): TranscriptSession {
  return parseTranscript(lines.join('\n')).sessions[0]!
}

const PLAIN = sessionOf(
  'S: 220 mx.example ESMTP',
  'C: EHLO client.example',
  'S: 250-mx.example',
  'S: 250 SIZE 1000',
  'C: MAIL FROM:<a@a.example> SIZE=22',
  'S: 250 2.1.0 ok',
  'C: RCPT TO:<b@b.example>',
  'S: 450 4.2.0 later',
  'C: RCPT TO:<c@b.example>',
  'S: 250 2.1.5 ok',
  'C: DATA',
  'S: 354 go',
  'C: x',
  'C: .',
  'S: 250 2.0.0 queued',
  'C: QUIT',
  'S: 221 2.0.0 bye',
)

async function run(session: TranscriptSession, forwardPaths: string[], options = {}) {
  const { connection, done } = replayServer(session, options)
  const client = new SmtpClient(connection, { tls: 'none', domain: 'client.example' })
  await client.open()
  const outcome = await client.send({ reversePath: 'a@a.example', forwardPaths }, MESSAGE)
  await client.quit()
  return { outcome, ended: await done.catch((error: unknown) => error) }
}

describe('replayServer', () => {
  test('answers as the server did', async () => {
    const { outcome, ended } = await run(PLAIN, ['b@b.example', 'c@b.example'])
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['deferred', 'accepted'])
    expect(ended).toBeUndefined()
  })

  test('a client that says something else is told what was due, and so is whoever waits', async () => {
    const { outcome, ended } = await run(PLAIN, ['b@b.example', 'other@b.example'])
    expect(ended).toBeInstanceOf(TranscriptDivergence)
    expect(ended).toMatchObject({
      code: 'TRANSCRIPT_DIVERGED',
      event: 7,
      expected: 'RCPT TO:<c@b.example>',
      received: 'RCPT TO:<other@b.example>',
    })
    expect(String(ended)).toContain('at event 7 it has RCPT TO:<c@b.example>, and RCPT TO:<other@b.example> came')
    expect(outcome).toMatchObject({ error: { code: 'TRANSCRIPT_DIVERGED' } })
  })

  test('arguments do not count where they need not', async () => {
    const { ended } = await run(PLAIN, ['b@b.example', 'other@b.example'], { strict: false })
    expect(ended).toBeUndefined()
  })

  test('a client that leaves before the last reply is told', async () => {
    const { connection, done } = replayServer(PLAIN)
    await connection.close()
    await expect(done).rejects.toMatchObject({ code: 'TRANSCRIPT_DIVERGED', received: 'the end of the connection' })
  })

  test('no response of SASL and no stray line is in the error', async () => {
    const log = sessionOf('S: 220 mx', 'C: EHLO a', 'S: 250 AUTH PLAIN', 'C: QUIT', 'S: 221 bye')
    for (const line of ['AUTH PLAIN AHVzZXIAaHVudGVyMjI=', 'hunter22']) {
      const { connection, done } = replayServer(log)
      await connection.write(octets(`EHLO a\r\n${line}\r\n`))
      const error = await done.catch((cause: unknown) => cause)
      expect(error).toMatchObject({ code: 'TRANSCRIPT_DIVERGED' })
      expect(JSON.stringify([error, String(error)])).not.toMatch(/AHVz|hunter22/)
    }
  })

  test('421 at any time, and the end behind it [rfc5321 3.8]', async () => {
    const { connection, done } = replayServer(sessionOf('S: 220 mx', 'C: EHLO a', 'S: 250 mx', 'S: 421 4.4.2 idle'))
    const client = new SmtpClient(connection, { tls: 'none', domain: 'a' })
    await client.open()
    expect(await client.noop()).toMatchObject({ code: 421 })
    expect(client.usable).toBe(false)
    await client.quit()
    await done
  })

  test('a connection that was dropped is dropped', async () => {
    const log = sessionOf('S: 220 mx', 'C: EHLO a', 'S: 250 mx', 'C: NOOP', '-- connection closed')
    const { connection, done } = replayServer(log)
    const client = new SmtpClient(connection, { tls: 'none', domain: 'a' })
    await client.open()
    await expect(client.noop()).rejects.toMatchObject({ code: 'SMTP_CLOSED' })
    await client.quit()
    await done
  })

  test('a server that never answered does not answer', async () => {
    const log = sessionOf('S: 220 mx', 'C: EHLO a', 'S: 250 mx', 'C: NOOP', '-- connection timed out')
    const { connection, done } = replayServer(log)
    const late = new AbortController()
    const client = new SmtpClient(connection, { tls: 'none', domain: 'a', signal: late.signal })
    await client.open()
    const waiting = client.noop()
    late.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'SMTP_ABORTED' })
    await client.quit()
    await done
  })

  test('a handshake that failed fails', async () => {
    const log = sessionOf(
      'S: 220 mx',
      'C: EHLO a',
      'S: 250-mx',
      'S: 250 STARTTLS',
      'C: STARTTLS',
      'S: 220 go',
      '*** TLS startup failed',
    )
    const { connection, done } = replayServer(log)
    const client = new SmtpClient(connection, { domain: 'a' })
    await expect(client.open()).rejects.toMatchObject({ code: 'SMTP_CLOSED' })
    await client.quit()
    await done
  })

  test('STARTTLS that was refused is followed by no handshake', async () => {
    const log = sessionOf(
      'S: 220 mx',
      'C: EHLO a',
      'S: 250-mx',
      'S: 250 STARTTLS',
      'C: STARTTLS',
      'S: 454 no',
      'C: NOOP',
      'S: 250 ok',
      'C: QUIT',
      'S: 221 bye',
    )
    const { connection, done } = replayServer(log)
    expect(await replayClient(log, connection)).toEqual({ differences: [], complete: true })
    await done
  })

  test('where the log has no greeting, there is one', async () => {
    const { connection } = replayServer(sessionOf('C: EHLO a', 'S: 250 mx', 'C: QUIT', 'S: 221 bye'))
    expect(new TextDecoder().decode(await connection.read())).toBe('220 replay.invalid\r\n')
  })

  test('time passes where it is asked to', async () => {
    const log = sessionOf(
      '03:04:05 S: 220 mx',
      '03:04:06 C: NOOP',
      '03:04:09 S: 250 ok',
      '03:04:09 C: QUIT',
      '03:04:10 S: 221 bye',
    )
    const waited: number[] = []
    const wait = async (milliseconds: number): Promise<void> => void waited.push(milliseconds)
    const { connection, done } = replayServer(log, { wait })
    await replayClient(log, connection)
    await done
    expect(waited).toEqual([4000, 1000])
  })

  test.each([
    [
      'a log of deliveries',
      'Jan  2 03:04:05 mx postfix/smtp[99]: 4ABCDE: to=<b@example.net>, relay=mx[192.0.2.1]:25, status=sent (250 ok)',
    ],
    ['a report', 'Final-Recipient: rfc822; b@example.net\nAction: failed'],
  ])('%s is no dialogue', (_, text) => {
    const session = parseTranscript(text).sessions[0]!
    expect(() => replayServer(session)).toThrow(expect.objectContaining({ code: 'TRANSCRIPT_NOT_REPLAYABLE' }))
  })
})

describe('replayClient', () => {
  async function play(session: TranscriptSession, serving: object, options: ReplayClientOptions = {}) {
    const [near, far] = memoryPair()
    let taken = 0
    const served = serve(far, {
      hostname: 'mx.example',
      onMessage: async ({ content }) => {
        for await (const part of content) taken += part.length
      },
      ...serving,
    })
    const report = await replayClient(session, near, options)
    await served
    return { ...report, taken }
  }

  test('tells what a server says otherwise, and goes on', async () => {
    const { differences, complete } = await play(PLAIN, {})
    expect(differences).toEqual([
      { event: 6, what: 'code', expected: '450', received: '250' },
      { event: 6, what: 'enhanced', expected: '4.2.0', received: '2.1.5' },
    ])
    expect(complete).toBe(true)
  })

  test('texts count where they are asked for', async () => {
    const { differences } = await play(PLAIN, {}, { texts: true })
    expect(differences).toContainEqual({ event: 4, what: 'text', expected: 'ok', received: 'Sender ok' })
  })

  test('sends as many octets as the message had, or those that are given', async () => {
    const log = `{"transcript":"posthorn","version":1,"perspective":"client","protocol":"smtp"}
{"n":0,"type":"reply","code":220,"lines":["mx"]}
{"n":1,"type":"command","text":"HELO a.example"}
{"n":2,"type":"reply","code":250,"lines":["mx"],"answers":1}
{"n":3,"type":"command","text":"MAIL FROM:<a@a.example>"}
{"n":4,"type":"reply","code":250,"enhanced":"2.1.0","lines":["ok"],"answers":3}
{"n":5,"type":"command","text":"RCPT TO:<b@b.example>"}
{"n":6,"type":"reply","code":250,"enhanced":"2.1.5","lines":["ok"],"answers":5}
{"n":7,"type":"command","text":"DATA"}
{"n":8,"type":"reply","code":354,"lines":["go"],"answers":7}
{"n":9,"type":"message","octets":12345,"complete":true}
{"n":10,"type":"reply","code":250,"enhanced":"2.0.0","lines":["ok"],"answers":9}
{"n":11,"type":"command","text":"QUIT"}
{"n":12,"type":"reply","code":221,"enhanced":"2.0.0","lines":["bye"],"answers":11}`
    expect(await play(sessionOf(log), {})).toEqual({ differences: [], complete: true, taken: 12345 })
    expect((await play(sessionOf(log), {}, { message: MESSAGE })).taken).toBe(MESSAGE.length)
    await expect(play(sessionOf(log), {}, { maxOctets: 12344 })).rejects.toMatchObject({
      code: 'TRANSCRIPT_NOT_REPLAYABLE',
    })
  })

  test.each([0, 1, 2, 3, 77, 78, 79, 80, 155, 156, 157, 1000])(
    'a message of %d octets is whole lines',
    async (size) => {
      const made = await import('../../src/replay/made-message.ts')
      const text = new TextDecoder().decode(made.madeMessage(size))
      expect(text.length).toBe(size === 1 ? 2 : size)
      if (size > 0) expect(text).toMatch(/^(?:x{0,77}\r\n)+$/)
    },
  )

  test('stops where the rest makes no sense', async () => {
    const { differences, complete, taken } = await play(PLAIN, { onMail: () => ({ code: 550, lines: ['no'] }) })
    expect(complete).toBe(false)
    expect(taken).toBe(0)
    expect(differences.at(-2)).toEqual({ event: 10, what: 'code', expected: '354', received: '503' })
  })

  test('a server that leaves is told', async () => {
    const [near, far] = memoryPair()
    await far.write(octets('220 mx\r\n'))
    await far.close()
    const report = await replayClient(PLAIN, near)
    expect(report).toEqual({ differences: [{ event: 2, what: 'missing', expected: '250' }], complete: false })
  })

  test('commands that went in a group go in one', async () => {
    const log = sessionOf(
      'S: 220 mx',
      'C: EHLO a',
      'S: 250 PIPELINING',
      'C: RSET',
      'C: NOOP',
      'C: QUIT',
      'S: 250 ok',
      'S: 250 ok',
      'S: 221 bye',
    )
    const [near, far] = memoryPair()
    const done = replayClient(log, near)
    await far.write(octets('220 mx\r\n'))
    await far.read()
    await far.write(octets('250 mx\r\n'))
    expect(new TextDecoder().decode(await far.read())).toBe('RSET\r\nNOOP\r\nQUIT\r\n')
    await far.write(octets('250 ok\r\n250 ok\r\n221 bye\r\n'))
    expect(await done).toEqual({ differences: [], complete: true })
  })
})
