import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import {
  memoryPair,
  type SendOutcome,
  type ServeOptions,
  SmtpClient,
  type SmtpClientOptions,
  serve,
} from '../src/index.ts'
import { message, play, type Step } from './drive.ts'

const TO = ['one@d.example', 'no@d.example', 'two@d.example', 'one@d.example']
const FULL = { code: 452, enhanced: { class: 4, subject: 2, detail: 2 }, lines: ['Mailbox full'] } as const
const NO_USER = { code: 550, lines: ['No such user'] }

async function exchange(
  serving: Partial<ServeOptions>,
  calling: SmtpClientOptions,
  parameters: { prdr?: boolean } = {},
  chunking: 'auto' | 'never' = 'auto',
): Promise<SendOutcome> {
  const [near, far] = memoryPair()
  const done = serve(far, {
    hostname: 'mx.example',
    onRecipient: (path) => (path !== 'postmaster' && path.localPart === 'no' ? NO_USER : undefined),
    onMessage: ({ forwardPaths }) =>
      forwardPaths.map((path) => (path !== 'postmaster' && path.localPart === 'two' ? FULL : undefined)),
    ...serving,
  })
  const client = new SmtpClient(near, { tls: 'none', ...calling })
  await client.open()
  const outcome = await client.send({ reversePath: null, forwardPaths: TO, parameters }, message(), { chunking })
  expect((await client.noop()).code).toBe(250)
  await client.quit()
  await done
  return outcome
}

const brief = ({ type, recipients, error }: SendOutcome): unknown[] => [
  type,
  ...recipients.map(({ status, reply }) => `${status} ${reply?.code}`),
  ...(error ? [error.code] : []),
]

describe.each(['none', 'envelope', 'data', 'messages'] as const)('with pipelining %s', (pipelining) => {
  describe.each(['auto', 'never'] as const)('and chunking %s', (chunking) => {
    test('LMTP: each recipient that RCPT accepted has its own outcome, the same one twice too [rfc2033 4.2]', async () => {
      const outcome = await exchange({ protocol: 'lmtp' }, { protocol: 'lmtp', pipelining }, {}, chunking)
      expect(brief(outcome)).toEqual(['partial', 'accepted 250', 'rejected 550', 'deferred 452', 'accepted 250'])
    })

    test('LMTP: one reply of the handler serves all recipients [rfc2033 4.2]', async () => {
      const serving: Partial<ServeOptions> = { protocol: 'lmtp', onMessage: () => FULL }
      const outcome = await exchange(serving, { protocol: 'lmtp', pipelining }, {}, chunking)
      expect(brief(outcome)).toEqual(['refused', 'deferred 452', 'rejected 550', 'deferred 452', 'deferred 452'])
    })

    test('LMTP: a message that the session refuses is refused for each recipient', async () => {
      const serving: Partial<ServeOptions> = { protocol: 'lmtp', maxSize: 300_000, onMessage: () => undefined }
      const [near, far] = memoryPair()
      const done = serve(far, { hostname: 'mx.example', ...serving, onMessage: () => undefined })
      const client = new SmtpClient(near, { tls: 'none', protocol: 'lmtp', pipelining })
      await client.open()
      const content = async function* (): AsyncGenerator<Uint8Array> {
        for (let index = 0; index < 320; index++) yield message('x'.repeat(900)).slice(0)
      }
      const outcome = await client.send(
        { reversePath: null, forwardPaths: ['a@b.example', 'c@b.example'] },
        content(),
        {
          chunking,
        },
      )
      expect(outcome.type).toBe('accepted')
      const larger = async function* (): AsyncGenerator<Uint8Array> {
        for (let index = 0; index < 340; index++) yield message('x'.repeat(900))
      }
      const refused = await client.send({ reversePath: null, forwardPaths: ['a@b.example', 'c@b.example'] }, larger(), {
        chunking,
      })
      expect(brief(refused)).toEqual(['refused', 'rejected 552', 'rejected 552'])
      expect((await client.noop()).code).toBe(250)
      await client.quit()
      await done
    })

    test('PRDR: each recipient has its own outcome where the client asks for it [draft-hall-prdr]', async () => {
      const serving: Partial<ServeOptions> = { extensions: [{ keyword: 'PRDR' }] }
      const outcome = await exchange(serving, { pipelining }, { prdr: true }, chunking)
      expect(brief(outcome)).toEqual(['partial', 'accepted 250', 'rejected 550', 'deferred 452', 'accepted 250'])
    })

    test('PRDR: all refused', async () => {
      const serving: Partial<ServeOptions> = {
        extensions: [{ keyword: 'PRDR' }],
        onMessage: ({ forwardPaths }) => forwardPaths.map(() => FULL),
      }
      const outcome = await exchange(serving, { pipelining }, { prdr: true }, chunking)
      expect(brief(outcome)).toEqual(['refused', 'deferred 452', 'rejected 550', 'deferred 452', 'deferred 452'])
    })
  })
})

test('replies for each recipient where they cannot have one: 451, and the handler hears of it', async () => {
  const heard: unknown[] = []
  const outcome = await exchange({ onError: (error) => heard.push(error) }, {})
  expect(brief(outcome)).toEqual(['refused', 'deferred 451', 'rejected 550', 'deferred 451', 'deferred 451'])
  expect(heard).toMatchObject([{ code: 'SMTP_OUT_OF_TURN' }])
})

test.each([
  ['EHLO to LMTP', 'lmtp', 'smtp'],
  ['LHLO to SMTP', 'smtp', 'lmtp'],
] as const)('%s is refused', async (_, server, client) => {
  const [near, far] = memoryPair()
  const done = serve(far, { hostname: 'mx.example', protocol: server, onMessage: () => undefined })
  const one = new SmtpClient(near, { tls: 'none', protocol: client })
  expect(await rejectionOf(() => one.open())).toBe('SMTP_REFUSED')
  await one.quit()
  await done
})

describe('SmtpClient: LMTP of a server that counts wrongly [rfc2033 4.2]', () => {
  const OPENING: Step[] = ['220 l\r\n', /LHLO .*\r\n/, '250-l\r\n250 PIPELINING\r\n']
  const GROUP = /MAIL .*\r\nRCPT .*\r\nRCPT .*\r\nDATA\r\n/

  async function send(script: Step[]): Promise<SendOutcome> {
    const [near, far] = memoryPair()
    const played = play(far, [...OPENING, ...script])
    played.catch(() => undefined)
    const client = new SmtpClient(near, { tls: 'none', protocol: 'lmtp' })
    await client.open()
    return client.send({ reversePath: null, forwardPaths: ['a@b.example', 'c@b.example'] }, message())
  }

  test('one reply too few: the rest is unknown', async () => {
    const script: Step[] = [GROUP, '250 a\r\n250 a\r\n250 a\r\n354 go\r\n', /\r\n\.\r\n/, '250 one\r\n']
    expect(brief(await send(script))).toEqual(['unknown', 'accepted 250', 'unknown undefined', 'SMTP_CLOSED'])
  })

  test('one reply too many: the session is broken, never out of step', async () => {
    const [near, far] = memoryPair()
    const played = play(far, [
      ...OPENING,
      ...[GROUP, '250 a\r\n250 a\r\n550 a\r\n354 go\r\n', /\r\n\.\r\n/, '250 one\r\n250 two\r\n', /NOOP/, '250 ok\r\n'],
    ])
    played.catch(() => undefined)
    const client = new SmtpClient(near, { tls: 'none', protocol: 'lmtp' })
    await client.open()
    const outcome = await client.send({ reversePath: null, forwardPaths: ['a@b.example', 'c@b.example'] }, message())
    expect(brief(outcome)).toEqual(['partial', 'accepted 250', 'rejected 550'])
    expect(await rejectionOf(() => client.noop())).toBe('SMTP_UNSOLICITED_REPLY')
    expect(client.usable).toBe(false)
  })

  test('DATA granted though no recipient was: a fault of the server', async () => {
    const script: Step[] = [GROUP, '250 a\r\n550 a\r\n550 a\r\n354 go\r\n']
    expect(brief(await send(script))).toEqual(['refused', 'rejected 550', 'rejected 550', 'SMTP_UNEXPECTED_REPLY'])
  })
})
