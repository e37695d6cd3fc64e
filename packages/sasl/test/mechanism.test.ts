import { encodeBase64, encodeUtf8, MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  anonymousClient,
  anonymousServer,
  type ChannelBinding,
  type ClientMechanism,
  cramMd5Client,
  cramMd5Server,
  deriveScramCredentials,
  externalClient,
  externalServer,
  loginClient,
  loginServer,
  type OfferedMechanism,
  oauthBearerClient,
  oauthBearerServer,
  type PasswordCredentials,
  plainClient,
  plainServer,
  type ScramCredentials,
  type ScramHash,
  scramClient,
  scramServer,
  xoauth2Client,
  xoauth2Server,
} from '../src/index.ts'

// What every mechanism promises, whichever it is.

const SECRET = 'Tr0ub4dor-and-3-more'
const USER = { username: 'ada', password: SECRET }
const TOKEN = { username: 'ada', token: SECRET }
const HASHES: readonly ScramHash[] = ['SHA-1', 'SHA-256', 'SHA-512']
const count = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index)
const channelBinding: ChannelBinding = { type: 'tls-exporter', data: count(32) }
const context = { channelBindings: [channelBinding] }

const stored = new Map(
  await Promise.all(
    HASHES.map(async (hash): Promise<[ScramHash, ScramCredentials]> => {
      return [hash, await deriveScramCredentials(SECRET, { salt: count(16), iterations: 4096, hash })]
    }),
  ),
)
const check = ({ username, password }: PasswordCredentials): boolean => username === 'ada' && password === SECRET

interface Subject {
  readonly name: string
  readonly plaintext: boolean
  readonly begin: (username: string, secret: string) => ClientMechanism
  readonly offered: OfferedMechanism
}

const SCRAM: readonly Subject[] = HASHES.flatMap((hash) =>
  [false, true].map((plus) => ({
    name: `SCRAM-${hash}${plus ? '-PLUS' : ''}`,
    plaintext: false,
    begin: (username: string, password: string) =>
      scramClient({ username, password }, { random: count, hash, plus, ...(plus && { channelBinding }) }),
    offered: scramServer({
      lookup: (username, wanted) => (username === 'ada' ? stored.get(wanted) : undefined),
      random: count,
      hash,
      plus,
    }),
  })),
)

const SECRETIVE: readonly Subject[] = [
  ...SCRAM,
  {
    name: 'PLAIN',
    plaintext: true,
    begin: (username, password) => plainClient({ username, password }),
    offered: plainServer(check),
  },
  {
    name: 'LOGIN',
    plaintext: true,
    begin: (username, password) => loginClient({ username, password }),
    offered: loginServer(check),
  },
  {
    name: 'CRAM-MD5',
    plaintext: false,
    begin: (username, password) => cramMd5Client({ username, password }),
    offered: cramMd5Server({
      lookup: (username) => (username === 'ada' ? SECRET : undefined),
      random: count,
      hostname: 'mx.example',
    }),
  },
  {
    name: 'OAUTHBEARER',
    plaintext: true,
    begin: (username, token) => oauthBearerClient({ username, token }),
    offered: oauthBearerServer({ check: ({ username, token }) => username === 'ada' && token === SECRET }),
  },
  {
    name: 'XOAUTH2',
    plaintext: true,
    begin: (username, token) => xoauth2Client({ username, token }),
    offered: xoauth2Server({ check: ({ username, token }) => username === 'ada' && token === SECRET }),
  },
]

const ALL: readonly Subject[] = [
  ...SECRETIVE,
  {
    name: 'EXTERNAL',
    plaintext: false,
    begin: () => externalClient({ external: true }),
    offered: externalServer(() => ({ authenticationId: 'ada' })),
  },
  {
    name: 'ANONYMOUS',
    plaintext: false,
    begin: () => anonymousClient({ anonymous: 'x' }),
    offered: anonymousServer(),
  },
]

// The steps of the server, each with the shape of what it says: letters and digits do not count, lengths do.
async function shapesOf(client: ClientMechanism, offered: OfferedMechanism): Promise<string[]> {
  const server = offered.create(context)
  const shapes: string[] = []
  let step = await server.next(await client.start())
  while (step.type === 'challenge') {
    shapes.push(new TextDecoder().decode(step.data).replace(/[A-Za-z0-9+/]/g, 'x'))
    step = await server.next(await client.next(step.data))
  }
  return [...shapes, step.type]
}

describe('every mechanism', () => {
  test.each(ALL)('$name: both ends agree on the name and on what crosses the wire', (subject) => {
    const { name, plaintext, begin, offered } = subject
    expect(begin('ada', SECRET)).toMatchObject({ name, plaintext })
    expect(offered).toMatchObject({ name, plaintext })
  })

  test.each(ALL)('$name: good credentials, and only one success', async ({ begin, offered }) => {
    expect((await shapesOf(begin('ada', SECRET), offered)).at(-1)).toBe('success')
  })

  test.each(ALL)('$name: plaintext is whether the secret is in what the client sends', async (subject) => {
    const { plaintext, begin, offered } = subject
    const client = begin('ada', SECRET)
    const server = offered.create(context)
    let sent = (await client.start()) ?? new Uint8Array(0)
    let said = new TextDecoder().decode(sent)
    let step = await server.next(sent.length > 0 || subject.name === 'EXTERNAL' ? sent : undefined)
    while (step.type === 'challenge') {
      sent = await client.next(step.data)
      said += new TextDecoder().decode(sent)
      step = await server.next(sent)
    }
    expect(said.includes(SECRET)).toBe(plaintext)
  })

  test.each(SECRETIVE)(
    '$name: a user that does not exist is asked and refused as one with a wrong password',
    async ({ begin, offered }) => {
      const wrong = await shapesOf(begin('ada', 'wrong-wrong'), offered)
      expect(wrong.at(-1)).toBe('failure')
      expect(await shapesOf(begin('eve', 'wrong-wrong'), offered)).toEqual(wrong)
      expect(await shapesOf(begin('eve', SECRET), offered)).toEqual(wrong)
    },
  )

  test.each(ALL)('$name: the server takes any octets, and fails for ever once it has', async ({ offered }) => {
    const piece = fc.constantFrom(
      'n,',
      'p=tls-exporter,',
      'a=ada',
      ',',
      '\u0001',
      'auth=Bearer ',
      'user=',
      '\0',
      ' ',
      '@',
    )
    const message = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => encodeUtf8(pieces.join(''))),
      fc.uint8Array({ maxLength: 40 }),
      fc.constant(undefined),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 5 }), async (messages) => {
        const server = offered.create(context)
        let over = false
        for (const one of messages) {
          const { type } = await server.next(one)
          if (over) expect(type).toBe('failure')
          over ||= type !== 'challenge'
        }
      }),
    )
  })

  test.each(ALL)('$name: the client answers any octets, or throws a MailError', async ({ begin }) => {
    const piece = fc.constantFrom('r=', 's=AAAA,', 'i=4096', 'v=', 'e=other-error', '{"status":', '"x"', '}', '\0', 'é')
    const challenge = fc.oneof(
      fc.array(piece, { maxLength: 6 }).map((pieces) => encodeUtf8(pieces.join(''))),
      fc.uint8Array({ maxLength: 40 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(challenge, { maxLength: 4 }), async (challenges) => {
        const client = begin('ada', SECRET)
        await client.start()
        for (const one of challenges) {
          await client.next(one).catch((error: unknown) => {
            if (!(error instanceof MailError)) throw error
          })
        }
      }),
    )
  })
})

// Every text and every octet that can be reached from a value, but not by calling its functions.
function reachable(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Uint8Array) return [Array.from(value, (octet) => String.fromCharCode(octet)).join('')]
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return []
  seen.add(value)
  const own = Reflect.ownKeys(value).filter((key) => typeof value !== 'function' || key !== 'prototype')
  return own.flatMap((key) => reachable((value as Record<PropertyKey, unknown>)[key], seen))
}

// The forms that a secret is known by: as it is, in Base64 at any alignment, and in UTF-16LE.
function formsOf(secret: string): string[] {
  const aligned = [0, 1, 2].map((shift) => {
    const encoded = encodeBase64(encodeUtf8('x'.repeat(shift) + secret))
    return encoded.slice(shift === 0 ? 0 : 4, -4)
  })
  return [secret, ...aligned, [...secret].map((letter) => `${letter}\0`).join('')]
}

function expectHidden(value: unknown): void {
  const texts = reachable(value)
  for (const form of formsOf(SECRET)) expect(texts.filter((text) => text.includes(form))).toEqual([])
}

test('expectHidden: sees the secret in any form, or the tests below would show nothing', () => {
  for (const form of formsOf(SECRET)) {
    expect(() => expectHidden({ a: [new Error(`x${form}y`)] })).toThrow()
    expect(() => expectHidden({ cause: { data: Uint8Array.from(form, (letter) => letter.charCodeAt(0)) } })).toThrow()
  }
  expect(() => expectHidden(new Error('x', { cause: SECRET }))).toThrow()
})

const CHALLENGES = ['', 'r=x', 'r=AAECAwQFBgcICQoLDA0ODxARx,s=AAAA,i=1', 'e=invalid-proof', '{"status":"x"}', SECRET]

describe('no secret', () => {
  test.each(SECRETIVE)('$name: is in no property of the client, before and after, nor in an error', async (subject) => {
    for (const challenge of CHALLENGES) {
      const client = subject.begin('ada', SECRET)
      expectHidden(client)
      await client.start()
      for (let turn = 0; turn < 4; turn++) {
        await client.next(encodeUtf8(challenge)).catch((error: unknown) => expectHidden(error))
      }
      expectHidden(client)
    }
  })

  test.each(SECRETIVE)('$name: is in no property of the server, nor in a step', async ({ begin, offered }) => {
    const client = begin('ada', SECRET)
    const server = offered.create(context)
    let step = await server.next(await client.start())
    for (; step.type === 'challenge'; step = await server.next(await client.next(step.data))) expectHidden(step)
    for (const value of [step, server, offered]) expectHidden(value)
  })

  test.each([
    ['PLAIN', () => plainClient({ ...USER, password: `${SECRET}\0` })],
    ['LOGIN', () => loginClient({ ...USER, authorizationId: 'root' })],
    ['CRAM-MD5', () => cramMd5Client({ ...USER, password: `${SECRET}\n` })],
    ['SCRAM', () => scramClient({ ...USER, password: `${SECRET}\n` }, { random: count })],
    ['SCRAM-PLUS', () => scramClient(USER, { random: count, plus: true })],
    ['OAUTHBEARER', () => oauthBearerClient({ ...TOKEN, host: 'a b' })],
    ['OAUTHBEARER token', () => oauthBearerClient({ ...TOKEN, token: `${SECRET}\u0001` }).start()],
    ['XOAUTH2', () => xoauth2Client({ ...TOKEN, token: `${SECRET} x` }).start()],
    ['deriveScramCredentials', () => deriveScramCredentials(`${SECRET}\0`, { salt: count(16), iterations: 4096 })],
  ])('%s: is not in the error that refuses it', async (_, attempt) => {
    let caught: unknown
    try {
      await attempt()
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(MailError)
    expectHidden(caught)
  })
})
