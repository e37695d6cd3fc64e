import { type SendOutcome, SmtpClient, type SmtpClientOptions } from '@posthorn/smtp'
import { parseTranscript, type TranscriptSession } from '@posthorn/transcript'
import { replayClient, replayServer } from '@posthorn/transcript/replay'
import { formatSwaks, TranscriptRecorder } from '@posthorn/transcript/write'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bare, dialogueOf } from '../../packages/transcript/test/same-session.ts'
import { encode, header } from './lib/message.ts'
import { type OurClientOptions, openClient } from './lib/our-client.ts'
import {
  ACCOUNT as OUR_ACCOUNT,
  HOSTNAME as OUR_HOSTNAME,
  type OurServer,
  REFUSED,
  startOurServer,
} from './lib/our-server.ts'
import { ACCOUNT, HOSTNAME, type Postfix, startPostfix } from './lib/postfix.ts'
import { run } from './lib/process.ts'

function only(text: string): TranscriptSession {
  const { sessions, unexplained } = parseTranscript(text)
  expect(unexplained).toEqual([])
  expect(sessions).toHaveLength(1)
  return sessions[0]!
}

// What our client recorded of Postfix is played again without it.
describe('a session with Postfix', () => {
  let postfix: Postfix

  beforeAll(async () => {
    postfix = await startPostfix()
  })
  afterAll(() => postfix.stop())

  const MESSAGE = encode(`${header('replayed')}hi\r\n.dot\r\n`)
  const envelope = { reversePath: `alice@${HOSTNAME}`, forwardPaths: [`bob@${HOSTNAME}`, `nobody@${HOSTNAME}`] }
  const send = async (client: SmtpClient, chunking: 'auto' | 'never'): Promise<SendOutcome> => {
    const outcome = await client.send(envelope, MESSAGE, { chunking })
    await client.quit()
    return outcome
  }
  const WAYS: readonly (readonly [string, OurClientOptions, boolean])[] = [
    ['TLS and PLAIN', { credentials: ACCOUNT, mechanisms: ['PLAIN'] }, true],
    ['TLS and LOGIN', { credentials: ACCOUNT, mechanisms: ['LOGIN'] }, true],
    ['TLS and PLAIN, in lock step', { credentials: ACCOUNT, mechanisms: ['PLAIN'], pipelining: 'none' }, true],
  ]

  describe.each(WAYS)('by %s', (_, options) => {
    test.each(['auto', 'never'] as const)(
      'replayServer: chunking %s, the outcome is the same offline',
      async (chunking) => {
        const lines: string[] = []
        const { record } = new TranscriptRecorder({ now: Date.now, write: (line) => lines.push(line) })
        const { client } = await openClient(postfix, { ...options, record })
        const outcome = await send(client, chunking)
        await postfix.take('bob')
        const session = only(lines.join('\n'))
        expect(session).toMatchObject({
          format: 'posthorn',
          perspective: 'client',
          close: 'quit',
          tls: { state: 'started' },
        })
        expect(session.server).toMatchObject({ name: HOSTNAME, address: '127.0.0.1', port: postfix.port })
        expect(lines.join('\n')).not.toContain(ACCOUNT.password)

        const { connection, done } = replayServer(session)
        const { implicitTls: __, ...rest } = options
        const offline: SmtpClientOptions = { serverName: HOSTNAME, ...rest }
        const again = new SmtpClient(connection, offline)
        await again.open()
        expect(await send(again, chunking)).toEqual(outcome)
        await done

        const both = replayServer(session)
        expect(await replayClient(session, both.connection)).toEqual({ differences: [], complete: true })

        const ignored = { times: true, addresses: true }
        expect(bare(only(formatSwaks(session)), ignored)).toEqual(bare(session, ignored))
      },
    )
  })
})

// What our server recorded of swaks, and what swaks wrote of it.
describe('a session with swaks', () => {
  const lines: string[] = []
  let server: OurServer

  beforeAll(async () => {
    const recorder = () => new TranscriptRecorder({ now: Date.now, write: (line) => lines.push(line) }).record
    server = await startOurServer({ recorder })
  })
  afterAll(() => server.stop())

  const TLS = (): string[] => ['--tls', '--tls-verify', '--tls-ca-path', server.caFile]
  const auth = (type: string, password: string): string[] => [
    ...TLS(),
    ...['--auth', type, '--auth-user', OUR_ACCOUNT.username, '--auth-password', password],
  ]
  const CASES: readonly (readonly [string, () => string[]])[] = [
    ['in the clear', () => []],
    ['in a group', () => ['--pipeline']],
    ['over TLS', TLS],
    ['with PLAIN', () => auth('PLAIN', OUR_ACCOUNT.password)],
    ['with LOGIN', () => auth('LOGIN', OUR_ACCOUNT.password)],
    ['with CRAM-MD5', () => auth('CRAM-MD5', OUR_ACCOUNT.password)],
    ['with a wrong password', () => auth('LOGIN', 'wrong-horse')],
    ['one of two refused', () => ['--to', `bob@posthorn.example,${REFUSED}`]],
    ['all refused, in a group', () => ['--to', REFUSED, '--pipeline']],
    ['ended at the recipient', () => ['--quit-after', 'RCPT']],
  ]

  test.each(CASES)('TranscriptRecorder: %s, our recording is what swaks wrote', async (_, options) => {
    lines.length = 0
    const target = [
      '--server',
      `${OUR_HOSTNAME}:${server.port}`,
      '--from',
      'zoe@posthorn.example',
      '--helo',
      'client.example',
    ]
    const { stdout } = await run('/usr/bin/swaks', [...target, '--to', 'bob@posthorn.example', ...options()])
    const ours = only(lines.join('\n'))
    const theirs = only(stdout)
    expect([theirs.format, ours.perspective]).toEqual(['swaks', 'server'])
    expect(dialogueOf(ours)).toEqual(dialogueOf(theirs))
    expect([ours.tls, ours.authentication, ours.close]).toEqual([theirs.tls, theirs.authentication, theirs.close])
    const outcomes = ({ transactions }: TranscriptSession) =>
      transactions.map(({ reversePath, recipients }) => [
        reversePath,
        recipients.map(({ address, outcome }) => [address, outcome]),
      ])
    expect(outcomes(ours)).toEqual(outcomes(theirs))
    expect(lines.join('\n')).not.toMatch(/wrong-horse|péncil/)
  })
})
