import { encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { memoryPair, ServerSession, SmtpClient, serve, type TranscriptEntry } from '../src/index.ts'
import { play } from './drive.ts'

describe('serve', () => {
  test('tells its recorder what was received, and what was sent', async () => {
    const told: TranscriptEntry[] = []
    const [near, far] = memoryPair()
    const served = serve(far, {
      hostname: 'mx.example',
      recorder: ({ via }) => (via === 'memory' ? (entry) => told.push(entry) : undefined),
      onMessage: () => undefined,
    })
    await near.write(encodeUtf8('helo  a.example\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n'))
    await near.write(encodeUtf8('..x\r\n.\r\nQUIT\r\n'))
    await served
    expect(told[0]).toEqual({ type: 'connected', side: 'server', protocol: 'smtp' })
    expect(told).toContainEqual({ type: 'command', text: 'helo  a.example' })
    expect(told).toContainEqual({ type: 'message', octets: 4, framing: 'DATA' })
    expect(told.at(-1)).toEqual({ type: 'closed', reason: 'quit' })
  })

  test('asks for a recorder once for each session', async () => {
    let asked = 0
    for (let i = 0; i < 2; i++) {
      const [near, far] = memoryPair()
      const recorder = () => {
        asked++
        return undefined
      }
      const served = serve(far, { hostname: 'mx.example', recorder, onMessage: () => undefined })
      await near.write(encodeUtf8('QUIT\r\n'))
      await served
    }
    expect(asked).toBe(2)
  })
})

test.each([
  [
    'the recorder',
    () => () => {
      throw new Error('full')
    },
  ],
  [
    'what gives it',
    () => {
      throw new Error('full')
    },
  ],
])('serve: %s fails, which is told, and the session goes on', async (_, recorder) => {
  const errors: unknown[] = []
  const [near, far] = memoryPair()
  const served = serve(far, {
    hostname: 'mx.example',
    recorder,
    onError: (error) => errors.push(error),
    onMessage: () => undefined,
  })
  await near.write(encodeUtf8('QUIT\r\n'))
  await served
  expect(new TextDecoder().decode(await near.read())).toMatch(/^220 /)
  expect(errors.length).toBeGreaterThan(0)
})

describe('ServerSession', () => {
  function recorded(...lines: string[]): TranscriptEntry[] {
    const told: TranscriptEntry[] = []
    const session = new ServerSession({ hostname: 'mx.example', record: (entry) => told.push(entry) })
    session.nextEvent()
    session.accept()
    session.receive(encodeUtf8(lines.map((line) => `${line}\r\n`).join('')))
    while (session.nextEvent());
    return told
  }

  test('a reply is told when it is taken to be written, and not before', () => {
    const told: TranscriptEntry[] = []
    const session = new ServerSession({ hostname: 'mx.example', record: (entry) => told.push(entry) })
    session.nextEvent()
    session.accept()
    expect(told).toEqual([])
    session.takeOutput()
    expect(told).toEqual([{ type: 'reply', answers: 'greeting', reply: { code: 220, lines: ['mx.example ESMTP'] } }])
  })

  test.each([
    ['AUTH PLAIN c2VjcmV0', 'AUTH PLAIN ***'],
    ['auth plain =', 'auth plain ***'],
    ['AUTH PLAIN', 'AUTH PLAIN'],
    ['AUTH\tPLAIN\tc2VjcmV0', 'AUTH ***'],
    ['AUTH PLAIN\tc2VjcmV0', 'AUTH PLAIN ***'],
    ['AUTHPLAIN c2VjcmV0', '***'],
    ['c2VjcmV0', '***'],
    ['hunter22', '***'],
    ['BURL imap://a@b.example/x;URLAUTH=submit:internal:secret LAST', 'BURL imap://a@b.example/x;URLAUTH=*** LAST'],
    ['RCPT TO:nonsense', 'RCPT TO:nonsense'],
    ['VRFY bob', 'VRFY bob'],
  ])('of %s the transcript has %s', (line, text) => {
    expect(recorded(line)).toEqual([{ type: 'command', text }])
  })
})

test('SmtpClient: tells when it connects, and how it ends', async () => {
  const told: TranscriptEntry[] = []
  const [near, far] = memoryPair()
  const served = serve(far, { hostname: 'mx.example', onMessage: () => undefined })
  const client = new SmtpClient(near, { tls: 'none', record: (entry) => told.push(entry) })
  await client.open()
  await client.quit()
  await client.quit()
  await served
  expect(told[0]).toEqual({ type: 'connected', side: 'client', protocol: 'smtp' })
  expect(told.filter(({ type }) => type === 'closed')).toEqual([{ type: 'closed', reason: 'quit' }])
})

const LINE = /\r\n/
const ECHO = `535 5.7.8 ${btoa('\0user\0hunter22')} ${btoa('hunter22')} hunter22 is wrong\r\n`

test.each([
  ['PLAIN', [LINE, ECHO]],
  ['LOGIN', [LINE, '334 VXNlcm5hbWU6\r\n', LINE, '334 UGFzc3dvcmQ6\r\n', LINE, ECHO]],
])(
  'SmtpClient: what a server repeats of credentials by %s is neither in its transcript nor in the error',
  async (name, exchange) => {
    const told: TranscriptEntry[] = []
    const [near, far] = memoryPair()
    const played = play(far, ['220 mx\r\n', LINE, `250-mx\r\n250 AUTH ${name}\r\n`, ...exchange])
    const client = new SmtpClient(near, {
      tls: 'none',
      unsafeUnverifiedAuth: true,
      credentials: { username: 'user', password: 'hunter22' },
      record: (entry) => told.push(entry),
    })
    const error: unknown = await client.open().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'SMTP_AUTH_FAILED' })
    await played
    const shown = JSON.stringify([told, String(error)])
    expect(shown).toContain('is wrong')
    expect(shown).not.toContain(name === 'PLAIN' ? btoa('\0user\0hunter22') : btoa('hunter22'))
    expect(shown).not.toContain('hunter22')
  },
)
