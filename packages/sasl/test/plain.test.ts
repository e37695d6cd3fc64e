import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { type PasswordCredentials, plainClient, plainServer, type ServerStep } from '../src/index.ts'

// RFC 4616 section 4: both examples.
const EXAMPLES: readonly { message: string; credentials: PasswordCredentials }[] = [
  { message: '\0tim\0tanstaaftanstaaf', credentials: { username: 'tim', password: 'tanstaaftanstaaf' } },
  {
    message: 'Ursel\0Kurt\0xipj3plmq',
    credentials: { username: 'Kurt', password: 'xipj3plmq', authorizationId: 'Ursel' },
  },
]

const FAILURE: ServerStep = { type: 'failure' }

describe('plainClient', () => {
  test.each(EXAMPLES)('plainClient: $message [rfc4616 4]', async ({ message, credentials }) => {
    const plain = plainClient(credentials)
    expect(plain).toMatchObject({ name: 'PLAIN', complete: true })
    expect(decodeUtf8((await plain.start())!)).toBe(message)
  })

  test('plainClient: an empty authorization identity is none [rfc4616 2]', async () => {
    const plain = plainClient({ username: 'u', password: 'p', authorizationId: '' })
    expect(decodeUtf8((await plain.start())!)).toBe('\0u\0p')
  })

  test('plainClient: prepares what it sends [rfc8265 4.2]', async () => {
    const plain = plainClient({ username: 'e\u0301', password: 'a\u00a0b', authorizationId: 'o\u0308' })
    expect(decodeUtf8((await plain.start())!)).toBe('ö\0é\0a b')
  })

  test.each([
    { name: 'no user name', credentials: { username: '', password: 'p' } },
    { name: 'no password', credentials: { username: 'u', password: '' } },
    { name: 'a NUL in the user name', credentials: { username: 'u\0x', password: 'p' } },
    { name: 'a NUL in the password', credentials: { username: 'u', password: 'p\0x' } },
    {
      name: 'a NUL in the authorization identity',
      credentials: { username: 'u', password: 'p', authorizationId: 'a\0' },
    },
  ])('plainClient: refuses $name [rfc4616 2]', ({ credentials }) => {
    expect(failureOf(() => plainClient(credentials))).toBe('SASL_BAD_CREDENTIALS')
  })

  test('plainClient: has no second step [rfc4616 2]', async () => {
    const plain = plainClient({ username: 'u', password: 'p' })
    await plain.start()
    await expect(plain.next(new Uint8Array(0))).rejects.toMatchObject({ name: 'MailError', code: 'SASL_BAD_CHALLENGE' })
  })
})

describe('plainServer', () => {
  const good = plainServer(() => true)
  const answer = (message: string): Promise<ServerStep> => good.create().next(encodeUtf8(message))

  test('plainServer: says that the password crosses the wire [rfc4616 1]', () => {
    expect(good).toMatchObject({ name: 'PLAIN', plaintext: true })
  })

  test.each(EXAMPLES)('plainServer: $message [rfc4616 4]', async ({ message, credentials }) => {
    const seen: PasswordCredentials[] = []
    const offered = plainServer((one) => {
      seen.push(one)
      return one.password === credentials.password
    })
    const { username, authorizationId } = credentials
    const identity = { authenticationId: username, ...(authorizationId && { authorizationId }) }
    expect(await offered.create().next(encodeUtf8(message))).toEqual({ type: 'success', identity })
    expect(await offered.create().next(encodeUtf8(`${message}x`))).toEqual(FAILURE)
    expect(seen).toEqual([credentials, { ...credentials, password: `${credentials.password}x` }])
  })

  test('plainServer: asks for the message where none came with AUTH [rfc4954 4]', async () => {
    const exchange = good.create()
    expect(await exchange.next(undefined)).toEqual({ type: 'challenge', data: new Uint8Array(0) })
    expect(await exchange.next(encodeUtf8('\0u\0p'))).toEqual({ type: 'success', identity: { authenticationId: 'u' } })
  })

  test.each([
    { name: 'nothing', message: '' },
    { name: 'no NUL', message: 'up' },
    { name: 'one NUL', message: 'u\0p' },
    { name: 'three NULs', message: '\0u\0p\0' },
    { name: 'no user name', message: '\0\0p' },
    { name: 'no password', message: '\0u\0' },
    { name: 'a control in the user name', message: '\0u\r\n\0p' },
    { name: 'a control in the password', message: '\0u\0p\t' },
    { name: 'a control in the authorization identity', message: 'a\n\0u\0p' },
  ])('plainServer: refuses $name, without a look at the password [rfc4616 2]', async ({ message }) => {
    let asked = false
    const offered = plainServer(() => {
      asked = true
      return true
    })
    expect(await offered.create().next(encodeUtf8(message))).toEqual(FAILURE)
    expect(asked).toBe(false)
  })

  test('plainServer: refuses what is not UTF-8 [rfc4616 2]', async () => {
    expect(await good.create().next(Uint8Array.of(0, 0xff, 0, 0x70))).toEqual(FAILURE)
  })

  test('plainServer: prepares what came, so that it fits what is stored [rfc4616 2]', async () => {
    const offered = plainServer(({ username, password }) => username === 'é' && password === 'a b')
    const step = await offered.create().next(encodeUtf8('o\u0308\0e\u0301\0a\u00a0b'))
    expect(step).toEqual({ type: 'success', identity: { authenticationId: 'é', authorizationId: 'ö' } })
  })

  test('plainServer: waits for a check that takes time', async () => {
    expect(
      await plainServer(async () => false)
        .create()
        .next(encodeUtf8('\0u\0p')),
    ).toEqual(FAILURE)
  })

  test('plainServer: passes on what the check throws', async () => {
    const offered = plainServer(() => {
      throw new Error('no database')
    })
    await expect(offered.create().next(encodeUtf8('\0u\0p'))).rejects.toThrow('no database')
  })

  test('plainServer: takes what plainClient sends, and any octets without an error', async () => {
    const text = fc.stringMatching(/^[ -~é]{1,10}$/)
    await fc.assert(
      fc.asyncProperty(text, text, fc.uint8Array(), async (username, password, junk) => {
        const message = (await plainClient({ username, password }).start())!
        const step = await plainServer((one) => one.password === password)
          .create()
          .next(message)
        expect(step).toEqual({ type: 'success', identity: { authenticationId: username } })
        expect((await answer(decodeUtf8(junk))).type).toMatch(/^(?:success|failure)$/)
      }),
    )
  })
})
