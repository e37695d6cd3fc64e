import {
  anonymousServer,
  type Credentials,
  cramMd5Server,
  deriveScramCredentials,
  externalServer,
  loginServer,
  type OfferedMechanism,
  oauthBearerServer,
  plainServer,
  type SaslIdentity,
  type ScramHash,
  scramServer,
  xoauth2Server,
} from '@posthorn/sasl'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { memoryPair, SmtpClient, type SmtpClientOptions, serve, type TranscriptEntry } from '../src/index.ts'
import { play } from './drive.ts'

const USER = { username: 'user', password: 'pencil' }
const TOKEN = { username: 'user', token: 'good' }
const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index + 1)
const check = (given: { username: string; password: string }): boolean =>
  given.username === USER.username && given.password === USER.password
const stored = new Map(
  await Promise.all(
    (['SHA-1', 'SHA-256', 'SHA-512'] as const).map(
      async (hash) =>
        [hash, await deriveScramCredentials(USER.password, { salt: random(16), iterations: 4096, hash })] as const,
    ),
  ),
)
const scram = (hash: ScramHash, plus: boolean): OfferedMechanism =>
  scramServer({ lookup: (username) => (username === 'user' ? stored.get(hash) : undefined), random, hash, plus })

const MECHANISMS: readonly (readonly [OfferedMechanism, Credentials])[] = [
  [plainServer(check), USER],
  [loginServer(check), USER],
  [
    cramMd5Server({ lookup: (username) => (username === 'user' ? USER.password : undefined), random, hostname: 'mx' }),
    USER,
  ],
  [scram('SHA-1', false), USER],
  [scram('SHA-256', false), USER],
  [scram('SHA-512', false), USER],
  [scram('SHA-1', true), USER],
  [scram('SHA-256', true), USER],
  [scram('SHA-512', true), USER],
  [oauthBearerServer({ check: ({ token }) => token === 'good' }), TOKEN],
  [xoauth2Server({ check: ({ token }) => token === 'good' }), TOKEN],
  [externalServer(() => ({ authenticationId: 'user' })), { external: true }],
  [anonymousServer(), { anonymous: 'x' }],
]
const ALL = MECHANISMS.map(([mechanism]) => mechanism)

interface Attempt {
  readonly error: string
  readonly identity: SaslIdentity | undefined
  readonly transcript: TranscriptEntry[]
  readonly caught: unknown
}

async function attempt(options: SmtpClientOptions, mechanisms: readonly OfferedMechanism[] = ALL): Promise<Attempt> {
  const [near, far] = memoryPair()
  const transcript: TranscriptEntry[] = []
  let identity: SaslIdentity | undefined
  const done = serve(far, {
    hostname: 'mx.example',
    tls: true,
    requireAuth: true,
    mechanisms,
    onMail: (_path, _parameters, peer) => {
      identity = peer.identity
    },
    onMessage: () => undefined,
  })
  const client = new SmtpClient(near, { record: (entry) => transcript.push(entry), ...options })
  let caught: unknown
  const error = await rejectionOf(async () => {
    try {
      await client.open()
    } catch (cause) {
      caught = cause
      throw cause
    }
    await client.send({ reversePath: null, forwardPaths: ['a@b.example'] }, new Uint8Array(0))
  })
  await client.quit()
  await done
  return { error, identity, transcript, caught }
}

describe('AUTH between client and server', () => {
  test.each(MECHANISMS)('$name: good credentials [rfc4954 4]', async (mechanism, credentials) => {
    const { error, identity, transcript } = await attempt({ credentials, mechanisms: [mechanism.name] })
    expect(error).toBe('none')
    expect(identity?.authenticationId).toBe(mechanism.name === 'ANONYMOUS' ? 'anonymous' : 'user')
    const commands = transcript.flatMap((entry) => (entry.type === 'command' ? [entry.text] : []))
    expect(commands.filter((text) => text.startsWith('AUTH'))).toEqual([
      expect.stringMatching(`^AUTH ${mechanism.name}( \\*\\*\\*)?$`),
    ])
  })

  test.each(MECHANISMS.slice(0, -2))(
    '$name: bad credentials, and no trace of them [rfc4954 4]',
    async (mechanism, credentials) => {
      const secret = 's3cret-s3cret'
      const bad = 'token' in credentials ? { ...credentials, token: secret } : { ...USER, password: secret }
      const { error, transcript, caught } = await attempt({ credentials: bad, mechanisms: [mechanism.name] })
      expect(error).toBe('SMTP_AUTH_FAILED')
      const all = JSON.stringify([transcript, caught, String(caught), (caught as Error).cause])
      for (const form of [secret, btoa(secret), btoa(`\0user\0${secret}`), btoa(`user\0${secret}`)])
        expect(all).not.toContain(form)
    },
  )

  test('the strongest mechanism is taken: bound to the channel, with the longest hash', async () => {
    const { transcript } = await attempt({ credentials: USER })
    expect(transcript).toContainEqual({ type: 'command', text: 'AUTH SCRAM-SHA-512-PLUS ***' })
  })

  test('a stale token is asked for anew, once, and its refusal is told [rfc7628 3.2.3]', async () => {
    const asked: boolean[] = []
    const source = (fresh: string) => ({
      username: 'user',
      token: async ({ refresh }: { readonly refresh: boolean }) => {
        asked.push(refresh)
        return refresh ? fresh : 'stale'
      },
    })
    expect((await attempt({ credentials: source('good') })).error).toBe('none')
    const { error, caught } = await attempt({ credentials: source('staletoo') })
    expect(error).toBe('SMTP_AUTH_FAILED')
    expect(String(caught)).toContain('invalid_token')
    expect((caught as Error).cause).toEqual({ status: 'invalid_token' })
    expect(asked).toEqual([false, true, false, true])
  })

  test.each(['PLAIN', 'OAUTHBEARER', 'XOAUTH2'])(
    '%s: an initial response that would make the command too long comes on its own [rfc4954 4]',
    async (name) => {
      for (const [length, line] of [
        [300, `AUTH ${name} ***`],
        [2000, `AUTH ${name}`],
      ] as const) {
        const secret = 'x'.repeat(length)
        const password = { username: 'user', password: secret }
        const { error, transcript } = await attempt(
          { credentials: name === 'PLAIN' ? password : { username: 'user', token: secret }, mechanisms: [name] },
          [
            plainServer((given) => given.password === secret),
            oauthBearerServer({ check: ({ token }) => token === secret }),
            xoauth2Server({ check: ({ token }) => token === secret }),
          ],
        )
        expect(error).toBe('none')
        expect(transcript).toContainEqual({ type: 'command', text: line })
        expect(JSON.stringify(transcript)).not.toContain(btoa(secret).slice(0, 100))
      }
    },
  )

  test('the command has 512 octets at most, and not one less [rfc4954 4]', async () => {
    // "AUTH PLAIN ", CRLF and the Base64 of two NULs, "user" and the password.
    for (const [length, expected] of [
      [366, 509],
      [369, 'AUTH PLAIN\r\n'.length],
    ] as const) {
      const [near, far] = memoryPair()
      const client = new SmtpClient(near, {
        credentials: { username: 'user', password: 'x'.repeat(length) },
        tls: 'none',
        unsafeUnverifiedAuth: true,
      })
      const heard = play(far, ['220 a\r\n', /EHLO/, '250-a\r\n250 AUTH PLAIN\r\n', /AUTH PLAIN.*\r\n/, '535 no\r\n'])
      await rejectionOf(() => client.open())
      expect((await heard).split('\n').at(1)!.length + 1).toBe(expected)
    }
  })

  test('a challenge where the initial response was due cancels the exchange [rfc4422 3]', async () => {
    const [near, far] = memoryPair()
    const client = new SmtpClient(near, {
      credentials: { username: 'user', password: 'x'.repeat(1000) },
      tls: 'none',
      unsafeUnverifiedAuth: true,
    })
    const heard = play(far, [
      '220 a\r\n',
      /EHLO/,
      '250-a\r\n250 AUTH PLAIN\r\n',
      /AUTH PLAIN\r\n/,
      '334 aGk=\r\n',
      /\*\r\n/,
      '501 cancelled\r\n',
    ])
    expect(await rejectionOf(() => client.open())).toBe('SMTP_AUTH_FAILED')
    expect(await heard).not.toContain(btoa('x'.repeat(30)))
  })

  test('mechanisms that need a channel binding are not offered without one', async () => {
    const { error } = await attempt(
      { credentials: USER, tls: 'none', unsafeUnverifiedAuth: true, mechanisms: ['SCRAM-SHA-256-PLUS'] },
      [scram('SHA-256', true)],
    )
    expect(error).toBe('SMTP_AUTH_UNAVAILABLE')
  })

  test('nothing of what was bound by stands in a transcript', async () => {
    const { transcript } = await attempt({ credentials: USER })
    expect(JSON.stringify(transcript)).not.toContain('channelBinding')
  })
})
