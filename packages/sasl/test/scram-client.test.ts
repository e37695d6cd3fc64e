import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClientMechanism, scramClient } from '../src/index.ts'

const count = (length: number, from = 0): Uint8Array => Uint8Array.from({ length }, (_, index) => from + index)

// RFC 7677 section 3, whose client nonce is Base64 of 15 octets.
const RFC7677 = {
  nonce: 'rOprNGfwEbeRWgbNEkqO',
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

const NONCE = RFC7677.nonce
const SALT = 's=W22ZaJ0SNY7soEsUEjb6gQ=='

const client = (maxIterations?: number): ClientMechanism =>
  scramClient(
    { username: 'user', password: 'pencil' },
    { random: () => decodeBase64(NONCE), ...(maxIterations !== undefined && { maxIterations }) },
  )

async function say(mechanism: ClientMechanism, challenge: string): Promise<string> {
  try {
    return decodeUtf8(await mechanism.next(encodeUtf8(challenge)))
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}

describe('scramClient', () => {
  test('scramClient: the example [rfc7677 3]', async () => {
    const mechanism = client()
    expect(mechanism).toMatchObject({ name: 'SCRAM-SHA-256', complete: false })
    expect(decodeUtf8((await mechanism.start())!)).toBe(RFC7677.clientFirst)
    expect(await say(mechanism, RFC7677.serverFirst)).toBe(RFC7677.clientFinal)
    expect(mechanism.complete).toBe(false)
    expect(await say(mechanism, RFC7677.serverFinal)).toBe('')
    expect(mechanism.complete).toBe(true)
    expect(await say(mechanism, RFC7677.serverFinal)).toBe('SASL_BAD_CHALLENGE')
  })

  // Computed with hashlib, hmac and unicodedata of Python.
  test('scramClient: names are escaped, and the password is prepared [rfc5802 5.1]', async () => {
    const credentials = { username: 'us=er,é', password: 'pa\u00a0ss\u1680e\u0301', authorizationId: 'the,=boss' }
    const mechanism = scramClient(credentials, { random: (length) => count(length, 100) })
    expect(decodeUtf8((await mechanism.start())!)).toBe('n,a=the=2C=3Dboss,n=us=3Der=2Cé,r=ZGVmZ2hpamtsbW5vcHFyc3R1')
    const nonce = 'ZGVmZ2hpamtsbW5vcHFyc3R1AAECAwQFBgcICQoLDA0ODxAR'
    expect(await say(mechanism, `r=${nonce},s=EBESExQVFhcYGRobHB0eHw==,i=5000`)).toBe(
      `c=bixhPXRoZT0yQz0zRGJvc3Ms,r=${nonce},p=9aiuNrtqVFcbMZC3lmWWGILjqjdR4w84Xz/2QL8BJUo=`,
    )
    expect(await say(mechanism, 'v=HxFvvaeI4zTJUS65Txf87l5IbPmHnBFcZwmujqF60jM=')).toBe('')
    expect(mechanism.complete).toBe(true)
  })

  test('scramClient: asks for 18 octets of nonce, anew for each exchange', async () => {
    const asked: number[] = []
    const random = (length: number): Uint8Array => {
      asked.push(length)
      return count(length, asked.length)
    }
    const firsts = await Promise.all(
      [1, 2].map(() => scramClient({ username: 'u', password: 'p' }, { random }).start()),
    )
    expect(asked).toEqual([18, 18])
    expect(decodeUtf8(firsts[0]!)).not.toBe(decodeUtf8(firsts[1]!))
  })

  test.each([
    { name: 'no user name', credentials: { username: '', password: 'p' } },
    { name: 'no password', credentials: { username: 'u', password: '' } },
    { name: 'a control in the user name', credentials: { username: 'u\n', password: 'p' } },
    { name: 'a control in the password', credentials: { username: 'u', password: 'p\n' } },
    {
      name: 'a control in the authorization identity',
      credentials: { username: 'u', password: 'p', authorizationId: '\0' },
    },
  ])('scramClient: refuses $name before anything is sent [rfc8265 4.2]', ({ credentials }) => {
    const begin = (): unknown => scramClient(credentials, { random: count })
    expect(begin).toThrow(expect.objectContaining({ name: 'MailError', code: 'SASL_BAD_CREDENTIALS' }))
  })
})

describe('scramClient: the first message of the server', () => {
  test.each([
    { name: 'an extension', challenge: `r=${NONCE}x,${SALT},i=4096,x=1` },
    { name: 'one character of nonce', challenge: `r=${NONCE}x,${SALT},i=4096` },
    { name: 'the fewest iterations', challenge: `r=${NONCE}x,${SALT},i=4096` },
  ])('scramClient: takes $name [rfc5802 7]', async ({ challenge }) => {
    expect(await say(client(), challenge)).toMatch(/^c=biws,r=rOprNGfwEbeRWgbNEkqOx,p=[A-Za-z0-9+/]{43}=$/)
  })

  test.each([
    { name: 'nothing', challenge: '', code: 'SASL_BAD_CHALLENGE' },
    { name: 'an error', challenge: 'e=unknown-user', code: 'SASL_BAD_CHALLENGE' },
    { name: 'no nonce', challenge: `${SALT},i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'no salt', challenge: `r=${NONCE}x,i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'an empty salt', challenge: `r=${NONCE}x,s=,i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a salt that is not Base64', challenge: `r=${NONCE}x,s=A,i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'no iterations', challenge: `r=${NONCE}x,${SALT}`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'another order', challenge: `${SALT},r=${NONCE}x,i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a mandatory extension first', challenge: `m=x,r=${NONCE}x,${SALT},i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a mandatory extension last', challenge: `r=${NONCE}x,${SALT},i=4096,m=x`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'another nonce', challenge: `r=other,${SALT},i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a nonce that is not extended', challenge: `r=${NONCE},${SALT},i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a nonce that is extended in front', challenge: `r=x${NONCE},${SALT},i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a nonce with a space', challenge: `r=${NONCE} x,${SALT},i=4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: '4,095 iterations', challenge: `r=${NONCE}x,${SALT},i=4095`, code: 'SASL_WEAK_PARAMETERS' },
    { name: 'one iteration', challenge: `r=${NONCE}x,${SALT},i=1`, code: 'SASL_WEAK_PARAMETERS' },
    { name: 'no iteration', challenge: `r=${NONCE}x,${SALT},i=0`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a leading zero', challenge: `r=${NONCE}x,${SALT},i=04096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'a negative number', challenge: `r=${NONCE}x,${SALT},i=-4096`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'more than a million iterations', challenge: `r=${NONCE}x,${SALT},i=1000001`, code: 'SASL_BAD_CHALLENGE' },
    { name: 'eleven digits', challenge: `r=${NONCE}x,${SALT},i=40960000000`, code: 'SASL_BAD_CHALLENGE' },
  ])('scramClient: refuses $name [rfc5802 5.1]', async ({ challenge, code }) => {
    const mechanism = client()
    expect(await say(mechanism, challenge)).toBe(code)
    expect(mechanism.complete).toBe(false)
    // One exchange is one try, even where what comes next is good.
    expect(await say(mechanism, RFC7677.serverFirst)).toBe('SASL_BAD_CHALLENGE')
  })

  test('scramClient: maxIterations bounds the work for a server', async () => {
    const challenge = `r=${NONCE}x,${SALT},i=5000`
    expect(await say(client(4999), challenge)).toBe('SASL_BAD_CHALLENGE')
    expect(await say(client(5000), challenge)).toMatch(/^c=biws,/)
  })

  test('scramClient: any first message gives an answer or a MailError', async () => {
    const piece = fc.constantFrom('r=', NONCE, 'x', ',', 's=', 'AQ==', 'i=', '4096', 'm=', 'e=', '\0', 'é', 'v=')
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12, size: 'max' }), async (pieces) => {
        expect(await say(client(4096), pieces.join(''))).toMatch(
          /^(?:SASL_(?:BAD_CHALLENGE|WEAK_PARAMETERS)|c=biws,.*)$/,
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('scramClient: the last message of the server', () => {
  async function asked(): Promise<ClientMechanism> {
    const mechanism = client()
    await say(mechanism, RFC7677.serverFirst)
    return mechanism
  }

  test.each([
    { name: 'nothing', challenge: '' },
    { name: 'an error', challenge: 'e=invalid-proof' },
    { name: 'an empty signature', challenge: 'v=' },
    { name: 'a signature that is not Base64', challenge: 'v=!' },
    { name: 'a signature of zeros', challenge: `v=${encodeBase64(new Uint8Array(32))}` },
    { name: 'a signature of another length', challenge: 'v=6rri' },
    { name: 'one wrong bit', challenge: RFC7677.serverFinal.replace('=6', '=7') },
    { name: 'the signature behind something else', challenge: `x=1,${RFC7677.serverFinal}` },
    { name: 'the first message again', challenge: RFC7677.serverFirst },
  ])('scramClient: $name proves nothing [rfc5802 5]', async ({ challenge }) => {
    const mechanism = await asked()
    expect(await say(mechanism, challenge)).toBe('SASL_SERVER_NOT_PROVED')
    expect(await say(mechanism, RFC7677.serverFinal)).toBe('SASL_BAD_CHALLENGE')
    expect(mechanism.complete).toBe(false)
  })

  test('scramClient: takes an extension behind the signature [rfc5802 7]', async () => {
    const mechanism = await asked()
    expect(await say(mechanism, `${RFC7677.serverFinal},x=1`)).toBe('')
    expect(mechanism.complete).toBe(true)
  })
})

test('scramClient: no error and no message shows the password', async () => {
  const password = 'Tr0ub4dor&3'
  const shown: string[] = []
  const challenges = ['', RFC7677.serverFirst, 'e=x', `r=${NONCE}x,${SALT},i=1`, `r=${NONCE},${SALT},i=4096`]
  for (const challenge of [...challenges, RFC7677.serverFinal]) {
    const mechanism = scramClient({ username: 'user', password }, { random: () => decodeBase64(NONCE) })
    shown.push(decodeUtf8((await mechanism.start())!))
    for (const next of [challenge, RFC7677.serverFinal]) {
      await mechanism.next(encodeUtf8(next)).then(
        (response) => shown.push(decodeUtf8(response)),
        (error: MailError) => shown.push(String(error), String(error.cause), JSON.stringify(error)),
      )
    }
  }
  const hidden = [password, encodeBase64(encodeUtf8(password)).replace(/=+$/, '')]
  expect(shown.length).toBeGreaterThan(20)
  for (const text of shown) for (const secret of hidden) expect(text).not.toContain(secret)
})
