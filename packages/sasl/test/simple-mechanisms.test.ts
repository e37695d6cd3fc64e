import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import {
  anonymousClient,
  anonymousServer,
  type ClientMechanism,
  cramMd5Client,
  cramMd5Server,
  externalClient,
  externalServer,
  loginClient,
  loginServer,
  type OfferedMechanism,
  type PasswordCredentials,
  type ServerMechanism,
} from '../src/index.ts'

const USER = { username: 'tim', password: 'tanstaaftanstaaf' }
const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index)
const check = ({ username, password }: PasswordCredentials): boolean =>
  username === USER.username && password === USER.password

async function run(client: ClientMechanism, offered: OfferedMechanism): Promise<unknown> {
  const server = offered.create()
  let step = await server.next(await client.start())
  while (step.type === 'challenge') step = await server.next(await client.next(step.data))
  return step.type === 'success' ? step.identity : step.type
}

/** What a server answers to each response, as types. */
async function steps(server: ServerMechanism, ...responses: (string | undefined)[]): Promise<string[]> {
  const types: string[] = []
  for (const response of responses) {
    types.push((await server.next(response === undefined ? undefined : encodeUtf8(response))).type)
  }
  return types
}

describe('LOGIN', () => {
  const offered = loginServer(check)

  test('LOGIN: both ends', async () => {
    expect(offered).toMatchObject({ name: 'LOGIN', plaintext: true })
    expect(await run(loginClient(USER), offered)).toEqual({ authenticationId: 'tim' })
    expect(await run(loginClient({ ...USER, password: 'no' }), offered)).toBe('failure')
    expect(await run(loginClient({ ...USER, username: 'nobody' }), offered)).toBe('failure')
  })

  test('LOGIN: an initial response is the user name', async () => {
    expect(await steps(offered.create(), 'tim', USER.password)).toEqual(['challenge', 'success'])
  })

  test('LOGIN: nothing in place of the password is a failure', async () => {
    expect(await steps(offered.create(), undefined, 'tim', undefined, USER.password)).toEqual([
      'challenge',
      'challenge',
      'failure',
      'failure',
    ])
  })

  test('LOGIN: one exchange is one try', async () => {
    expect(await steps(offered.create(), 'tim', 'no', USER.password)).toEqual(['challenge', 'failure', 'failure'])
    expect(await steps(offered.create(), 'tim', USER.password, 'x')).toEqual(['challenge', 'success', 'failure'])
  })

  test('LOGIN: whatever the server asks, the user name comes first', async () => {
    const client = loginClient(USER)
    expect(decodeUtf8(await client.next(encodeUtf8('Benutzer')))).toBe('tim')
    expect(decodeUtf8(await client.next(new Uint8Array(0)))).toBe(USER.password)
    expect(await rejectionOf(() => client.next(new Uint8Array(0)))).toBe('SASL_BAD_CHALLENGE')
  })

  test('LOGIN: a name that is none is asked on and refused', async () => {
    expect(await steps(offered.create(), 'a\0b', 'x')).toEqual(['challenge', 'failure'])
    expect(failureOf(() => loginClient({ ...USER, authorizationId: 'root' }))).toBe('SASL_BAD_CREDENTIALS')
  })
})

describe('CRAM-MD5', () => {
  const lookup = (username: string): string | undefined => (username === 'tim' ? USER.password : undefined)
  const offered = cramMd5Server({ lookup, random, hostname: 'mx.example' })

  test('CRAM-MD5: the example [rfc2195 2]', async () => {
    const client = cramMd5Client(USER)
    expect(await client.start()).toBeUndefined()
    expect(decodeUtf8(await client.next(encodeUtf8('<1896.697170952@postoffice.reston.mci.net>')))).toBe(
      'tim b913a602c7eda7a495b4e6e7334d3890',
    )
    expect(await rejectionOf(() => client.next(encodeUtf8('<2>')))).toBe('SASL_BAD_CHALLENGE')
  })

  test('CRAM-MD5: both ends, and users that do not exist are asked as others are', async () => {
    expect(offered).toMatchObject({ name: 'CRAM-MD5', plaintext: false })
    expect(await run(cramMd5Client(USER), offered)).toEqual({ authenticationId: 'tim' })
    expect(await run(cramMd5Client({ ...USER, password: 'no' }), offered)).toBe('failure')
    expect(await run(cramMd5Client({ ...USER, username: 'nobody' }), offered)).toBe('failure')
    expect(await run(cramMd5Client({ username: 'ada lovelace', password: 'x' }), offered)).toBe('failure')
  })

  test('CRAM-MD5: no initial response, no second try, no other form', async () => {
    const digest = `tim ${'0'.repeat(32)}`
    expect(await steps(offered.create(), digest, undefined)).toEqual(['failure', 'failure'])
    expect(await steps(offered.create(), undefined, digest, digest)).toEqual(['challenge', 'failure', 'failure'])
    expect(await steps(offered.create(), undefined, 'tim')).toEqual(['challenge', 'failure'])
    expect(await steps(offered.create(), undefined, `tim ${'A'.repeat(32)}`)).toEqual(['challenge', 'failure'])
  })

  test('CRAM-MD5: a stored password that cannot be one is none', async () => {
    for (const stored of ['', 'a\0b']) {
      const broken = cramMd5Server({ lookup: () => stored, random, hostname: 'mx' })
      expect(await run(cramMd5Client(USER), broken)).toBe('failure')
    }
  })

  test('CRAM-MD5: a user without a password is nobody, whatever the digest', async () => {
    const zero = cramMd5Server({ lookup: () => undefined, random: () => new Uint8Array(16), hostname: 'mx' })
    const client = cramMd5Client({ username: 'x', password: 'y' })
    expect(await run(client, zero)).toBe('failure')
    expect(await rejectionOf(() => cramMd5Client(USER).next(new Uint8Array(0)))).toBe('SASL_BAD_CHALLENGE')
    expect(failureOf(() => cramMd5Client({ ...USER, authorizationId: 'root' }))).toBe('SASL_BAD_CREDENTIALS')
  })
})

describe('EXTERNAL', () => {
  const offered = externalServer((authorizationId) =>
    authorizationId === 'root'
      ? undefined
      : { authenticationId: 'mx.example', ...(authorizationId && { authorizationId }) },
  )

  test('EXTERNAL: both ends [rfc4422 a]', async () => {
    expect(offered).toMatchObject({ name: 'EXTERNAL', plaintext: false })
    expect(await run(externalClient({ external: true }), offered)).toEqual({ authenticationId: 'mx.example' })
    expect(await run(externalClient({ external: true, authorizationId: 'ada' }), offered)).toEqual({
      authenticationId: 'mx.example',
      authorizationId: 'ada',
    })
    expect(await run(externalClient({ external: true, authorizationId: 'root' }), offered)).toBe('failure')
  })

  test('EXTERNAL: refuses what is no identity, and a second try [rfc4422 a]', async () => {
    expect(await steps(offered.create(), 'a\nb', '')).toEqual(['failure', 'failure'])
    expect(await steps(offered.create(), undefined, '')).toEqual(['challenge', 'success'])
    expect(failureOf(() => externalClient({ external: true, authorizationId: 'a\0' }))).toBe('SASL_BAD_CREDENTIALS')
    expect(await rejectionOf(() => externalClient({ external: true }).next(new Uint8Array(0)))).toBe(
      'SASL_BAD_CHALLENGE',
    )
  })
})

describe('ANONYMOUS', () => {
  test.each(['', 'sirhc', 'ada@mx.example', 'x'.repeat(255)])('ANONYMOUS: the trace %j [rfc4505 2]', async (trace) => {
    expect(await run(anonymousClient({ anonymous: trace }), anonymousServer())).toEqual({
      authenticationId: 'anonymous',
      trace,
    })
  })

  test.each(['a\nb', 'a@b@c', '@', 'x'.repeat(256)])('ANONYMOUS: refuses %j [rfc4505 2]', async (trace) => {
    expect(failureOf(() => anonymousClient({ anonymous: trace }))).toBe('SASL_BAD_CREDENTIALS')
    expect(await steps(anonymousServer().create(), trace)).toEqual(['failure'])
  })

  test('ANONYMOUS: has one step', async () => {
    expect(await rejectionOf(() => anonymousClient({ anonymous: '' }).next(new Uint8Array(0)))).toBe(
      'SASL_BAD_CHALLENGE',
    )
  })
})
