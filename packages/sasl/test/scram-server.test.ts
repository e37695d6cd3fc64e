import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  deriveScramCredentials,
  type OfferedMechanism,
  type ScramCredentials,
  type ScramServerOptions,
  type ServerMechanism,
  type ServerStep,
  scramClient,
  scramServer,
} from '../src/index.ts'

const FAILURE: ServerStep = { type: 'failure' }
const FIRST = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO'

const count = (length: number, from = 0): Uint8Array => Uint8Array.from({ length }, (_, index) => from + index)

// What RFC 7677 section 3 has, but for the nonce of the server; computed with hashlib and hmac of Python.
const STORED: ScramCredentials = {
  salt: decodeBase64('W22ZaJ0SNY7soEsUEjb6gQ=='),
  iterations: 4096,
  storedKey: decodeBase64('WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY='),
  serverKey: decodeBase64('wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='),
}
const NONCE = 'rOprNGfwEbeRWgbNEkqOAAECAwQFBgcICQoLDA0ODxAR'
const PROOF = '3nZwh66eFopJBU64+VnKix0ymn5pXztJcS//L2F7JSo='
const SERVER_FIRST = `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`
const FINAL = `c=biws,r=${NONCE},p=${PROOF}`

const offer = (options: Partial<ScramServerOptions> = {}): OfferedMechanism =>
  scramServer({ lookup: (username) => (username === 'user' ? STORED : undefined), random: count, ...options })

// Each step as its type, with the text of a challenge behind it.
async function say(exchange: ServerMechanism, response: string): Promise<string> {
  const step = await exchange.next(encodeUtf8(response))
  return step.type === 'challenge' ? `challenge ${decodeUtf8(step.data)}` : step.type
}

async function asked(options?: Partial<ScramServerOptions>, first = FIRST): Promise<ServerMechanism> {
  const exchange = offer(options).create()
  expect(await say(exchange, first)).toMatch(/^challenge r=/)
  return exchange
}

describe('scramServer', () => {
  test('scramServer: the example, with another nonce [rfc7677 3]', async () => {
    const offered = offer()
    expect(offered).toMatchObject({ name: 'SCRAM-SHA-256', plaintext: false })
    const exchange = offered.create()
    expect(await say(exchange, FIRST)).toBe(`challenge ${SERVER_FIRST}`)
    expect(await say(exchange, FINAL)).toBe('challenge v=7tmrOCYcuefy9w1AUzXStMNVtjzpnNmWSOEogDkIKAg=')
    expect(await exchange.next(new Uint8Array(0))).toEqual({ type: 'success', identity: { authenticationId: 'user' } })
  })

  // Computed with hashlib, hmac and unicodedata of Python.
  test('scramServer: names are unescaped, and both identities are told [rfc5802 5.1]', async () => {
    const stored: ScramCredentials = {
      salt: count(16, 16),
      iterations: 5000,
      storedKey: decodeBase64('efVV2JQCHGuC0iL+RcfBKeZKSaVVwbNOiosGvsgIVx0='),
      serverKey: decodeBase64('5IW10vAc7VEuxTZvL9aXLlGxZnCz9g5ClGAkdcOrIHo='),
    }
    const first = 'n,a=the=2C=3Dboss,n=us=3Der=2Cé,r=ZGVmZ2hpamtsbW5vcHFyc3R1'
    const exchange = await asked({ lookup: (username) => (username === 'us=er,é' ? stored : undefined) }, first)
    const nonce = 'ZGVmZ2hpamtsbW5vcHFyc3R1AAECAwQFBgcICQoLDA0ODxAR'
    const final = `c=bixhPXRoZT0yQz0zRGJvc3Ms,r=${nonce},p=9aiuNrtqVFcbMZC3lmWWGILjqjdR4w84Xz/2QL8BJUo=`
    expect(await say(exchange, final)).toBe('challenge v=HxFvvaeI4zTJUS65Txf87l5IbPmHnBFcZwmujqF60jM=')
    expect(await exchange.next(new Uint8Array(0))).toEqual({
      type: 'success',
      identity: { authenticationId: 'us=er,é', authorizationId: 'the,=boss' },
    })
  })

  test('scramServer: asks for the first message where none came with AUTH [rfc4954 4]', async () => {
    const exchange = offer().create()
    expect(await exchange.next(undefined)).toEqual({ type: 'challenge', data: new Uint8Array(0) })
    expect(await say(exchange, FIRST)).toBe(`challenge ${SERVER_FIRST}`)
    expect(await exchange.next(undefined)).toEqual(FAILURE)
  })

  test('scramServer: the nonce has 18 octets of its own, anew for each exchange', async () => {
    let calls = 0
    const random = (length: number): Uint8Array => count(length, ++calls)
    const offered = offer({ random })
    const firsts = [await say(offered.create(), FIRST), await say(offered.create(), FIRST)]
    const nonces = firsts.map((one) => /r=rOprNGfwEbeRWgbNEkqO([^,]+),/.exec(one)![1]!)
    expect(nonces.map((nonce) => decodeBase64(nonce).length)).toEqual([18, 18])
    expect(nonces[0]).not.toBe(nonces[1])
  })
})

describe('scramServer: the first message of the client', () => {
  test.each([
    { name: 'a client that could bind the channel', first: `y,,n=user,r=a` },
    { name: 'an extension', first: 'n,,n=user,r=a,x=1' },
    { name: 'a nonce with marks', first: 'n,,n=user,r=%!~-' },
    { name: 'a nonce in Base64', first: 'n,,n=user,r=a+b/c=' },
  ])('scramServer: takes $name [rfc5802 7]', async ({ first }) => {
    expect(await say(offer().create(), first)).toMatch(/^challenge r=/)
  })

  test.each([
    { name: 'nothing', first: '' },
    { name: 'no header', first: 'n=user,r=a' },
    { name: 'something before the header', first: 'xn,,n=user,r=a' },
    { name: 'a demand to bind the channel', first: 'p=tls-exporter,,n=user,r=a' },
    { name: 'a flag that is none', first: 'x,,n=user,r=a' },
    { name: 'an empty authorization identity', first: 'n,a=,n=user,r=a' },
    { name: 'no user name', first: 'n,,n=,r=a' },
    { name: 'no nonce', first: 'n,,n=user' },
    { name: 'an empty nonce', first: 'n,,n=user,r=' },
    { name: 'a nonce with a space', first: 'n,,n=user,r=a b' },
    { name: 'a mandatory extension first', first: 'n,,m=x,n=user,r=a' },
    { name: 'a mandatory extension last', first: 'n,,n=user,r=a,m=x' },
    { name: 'an equals sign that is no escape', first: 'n,,n=us=er,r=a' },
    { name: 'an equals sign at the end of a name', first: 'n,,n=user=,r=a' },
    { name: 'an escape in lower case', first: 'n,,n=us=2cer,r=a' },
    { name: 'such an equals sign in the authorization identity', first: 'n,a=b=c,n=user,r=a' },
    { name: 'a control in the user name', first: 'n,,n=us\0er,r=a' },
    { name: 'a line break at the end', first: 'n,,n=user,r=a\n' },
  ])('scramServer: refuses $name, without a look for the user [rfc5802 5.1]', async ({ first }) => {
    let looked = false
    const lookup = (): undefined => {
      looked = true
    }
    expect(await say(offer({ lookup }).create(), first)).toBe('failure')
    expect(looked).toBe(false)
  })

  test('scramServer: refuses what is not UTF-8 [rfc5802 5.1]', async () => {
    const first = Uint8Array.from([...encodeUtf8('n,,n='), 0xff, ...encodeUtf8(',r=a')])
    expect(await offer().create().next(first)).toEqual(FAILURE)
  })

  test('scramServer: looks for the prepared name [rfc5802 5.1]', async () => {
    const names: string[] = []
    const lookup = (username: string): undefined => {
      names.push(username)
    }
    for (const name of ['e\u0301', 'a\u00a0b', '=3D2C', '=2C=3D']) {
      await say(offer({ lookup }).create(), `n,,n=${name},r=a`)
    }
    expect(names).toEqual(['é', 'a b', '=2C', ',='])
  })

  test('scramServer: passes on what the lookup throws', async () => {
    const lookup = (): never => {
      throw new Error('no database')
    }
    await expect(offer({ lookup }).create().next(encodeUtf8(FIRST))).rejects.toThrow('no database')
  })
})

describe('scramServer: the last message of the client', () => {
  test.each([
    { name: 'nothing', final: '' },
    { name: 'no proof', final: `c=biws,r=${NONCE}` },
    { name: 'an empty proof', final: `c=biws,r=${NONCE},p=` },
    { name: 'a proof that is not Base64', final: `c=biws,r=${NONCE},p=!` },
    { name: 'a proof of zeros', final: `c=biws,r=${NONCE},p=${encodeBase64(new Uint8Array(32))}` },
    { name: 'a short proof', final: `c=biws,r=${NONCE},p=3nZw` },
    { name: 'one wrong bit', final: FINAL.replace('p=3', 'p=2') },
    { name: 'another nonce', final: FINAL.replace('r=rO', 'r=rP') },
    { name: 'the nonce of the client alone', final: FINAL.replace(NONCE, 'rOprNGfwEbeRWgbNEkqO') },
    { name: 'another header', final: FINAL.replace('biws', 'eSws') },
    { name: 'no header', final: FINAL.replace('c=biws,', '') },
    { name: 'another order', final: `r=${NONCE},c=biws,p=${PROOF}` },
    { name: 'an extension that was not proved', final: FINAL.replace(',p=', ',x=1,p=') },
    { name: 'a mandatory extension', final: FINAL.replace(',p=', ',m=1,p=') },
    { name: 'something before the header', final: `x=1,${FINAL}` },
    { name: 'something behind the proof', final: `${FINAL},x=1` },
    { name: 'two proofs', final: `${FINAL},p=${PROOF}` },
    { name: 'the first message again', final: FIRST },
  ])('scramServer: refuses $name, and leaves no second try [rfc5802 5]', async ({ final }) => {
    const exchange = await asked()
    expect(await say(exchange, final)).toBe('failure')
    expect(await say(exchange, FINAL)).toBe('failure')
    expect(await say(exchange, '')).toBe('failure')
  })

  test('scramServer: takes an extension that was proved [rfc5802 7]', async () => {
    expect(await say(await asked(), await proved(`c=biws,r=${NONCE},x=1`))).toMatch(/^challenge v=/)
  })

  test.each([
    { name: 'another nonce', withoutProof: `c=biws,r=${NONCE}x` },
    { name: 'the nonce of the client alone', withoutProof: 'c=biws,r=rOprNGfwEbeRWgbNEkqO' },
    { name: 'the header of a client that can bind the channel', withoutProof: `c=eSws,r=${NONCE}` },
    { name: 'the header of another user', withoutProof: `c=bixhPWJvc3Ms,r=${NONCE}` },
    { name: 'a mandatory extension', withoutProof: `c=biws,r=${NONCE},m=1` },
  ])('scramServer: refuses $name with a good proof [rfc5802 5.1]', async ({ withoutProof }) => {
    expect(await say(await asked(), await proved(withoutProof))).toBe('failure')
  })

  test('scramServer: success needs an empty response to the signature [rfc4954 4]', async () => {
    const exchange = await asked()
    expect(await say(exchange, FINAL)).toMatch(/^challenge v=/)
    expect(await say(exchange, 'x')).toBe('failure')
    expect(await say(exchange, '')).toBe('failure')
  })

  test('scramServer: after success it is over', async () => {
    const exchange = await asked()
    await say(exchange, FINAL)
    expect(await say(exchange, '')).toBe('success')
    expect(await say(exchange, '')).toBe('failure')
  })

  test('scramServer: the header of a client that could bind the channel is checked as it was sent', async () => {
    const exchange = await asked({}, 'y,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    expect(await say(exchange, FINAL)).toBe('failure')
  })
})

async function sign(key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key.slice(), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data.slice()))
}

// A last message whose proof is right, whatever else it says.
async function proved(withoutProof: string): Promise<string> {
  const message = `n=user,r=rOprNGfwEbeRWgbNEkqO,${SERVER_FIRST},${withoutProof}`
  const [clientKey, signature] = await Promise.all([clientKeyOf('pencil'), sign(STORED.storedKey, encodeUtf8(message))])
  return `${withoutProof},p=${encodeBase64(clientKey.map((octet, index) => octet ^ signature[index]!))}`
}

async function clientKeyOf(password: string): Promise<Uint8Array> {
  const { salt, iterations } = STORED
  const key = await crypto.subtle.importKey('raw', encodeUtf8(password), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: salt.slice(), iterations }
  const salted = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256))
  return sign(salted, encodeUtf8('Client Key'))
}

describe('scramServer: a user that does not exist', () => {
  const shape = /^challenge r=rOprNGfwEbeRWgbNEkqO[A-Za-z0-9+/]{24},s=[A-Za-z0-9+/]{22}==,i=4096$/

  test('scramServer: is asked and refused as one with a wrong password [rfc5802 9]', async () => {
    const steps: string[][] = []
    for (const first of [FIRST, FIRST.replace('user', 'nobody')]) {
      const exchange = offer().create()
      const challenge = await say(exchange, first)
      expect(challenge).toMatch(shape)
      const wrong = `c=biws,r=${NONCE},p=${encodeBase64(count(32))}`
      steps.push([challenge.replace(/s=[^,]+/, ''), await say(exchange, wrong), await say(exchange, wrong)])
    }
    expect(steps[0]).toEqual(steps[1])
  })

  test('scramServer: has one salt, which is of its name', async () => {
    const offered = offer()
    const saltOf = async (name: string): Promise<string> =>
      /s=([^,]+)/.exec(await say(offered.create(), `n,,n=${name},r=a`))![1]!
    expect(await saltOf('nobody')).toBe(await saltOf('nobody'))
    expect(await saltOf('nobody')).not.toBe(await saltOf('noone'))
  })

  test('scramServer: has another salt when the secret is another', async () => {
    const first = FIRST.replace('user', 'nobody')
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map((from) => say(offer({ decoy: { secret: count(32, from) } }).create(), first)),
    )
    expect(one).toBe(same)
    expect(one).not.toBe(other)
  })

  test('scramServer: is shown the iterations and the salt that the others have', async () => {
    const offered = offer({ decoy: { iterations: 10_000, saltLength: 24 } })
    const challenge = await say(offered.create(), FIRST.replace('user', 'nobody'))
    expect(challenge).toMatch(/^challenge r=[^,]+,s=[A-Za-z0-9+/]{32},i=10000$/)
  })

  test('scramServer: cannot be had with the keys of the decoy', async () => {
    const exchange = await asked({ decoy: { secret: count(32) } }, FIRST.replace('user', 'nobody'))
    // The stored key of a decoy is zero; a proof that is its signature has the client key zero.
    const salt = encodeBase64((await sign(count(32), encodeUtf8('nobody'))).slice(0, 16))
    const message = `n=nobody,r=rOprNGfwEbeRWgbNEkqO,r=${NONCE},s=${salt},i=4096,c=biws,r=${NONCE}`
    const proof = encodeBase64(await sign(new Uint8Array(32), encodeUtf8(message)))
    expect(await say(exchange, `c=biws,r=${NONCE},p=${proof}`)).toBe('failure')
  })
})

test('scramServer: takes what scramClient sends, whatever the names and passwords are', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '=', '2C', 'é', '\u00a0', '😀', 'e\u0301'), minLength: 1 })
  await fc.assert(
    fc.asyncProperty(text, text, fc.option(text), fc.boolean(), async (username, password, behalf, right) => {
      const stored = await deriveScramCredentials(right ? password : `${password}x`, {
        salt: count(16),
        iterations: 4096,
      })
      const exchange = offer({ lookup: () => stored }).create()
      const credentials = { username, password, ...(behalf && { authorizationId: behalf }) }
      const client = scramClient(credentials, { random: (length) => count(length, 7) })
      const first = await exchange.next(await client.start())
      const second = await exchange.next(await client.next(dataOf(first)))
      expect(second.type).toBe(right ? 'challenge' : 'failure')
      if (!right) return
      const third = await exchange.next(await client.next(dataOf(second)))
      const prepare = (name: string): string => name.replace(/\u00a0/g, ' ').normalize('NFC')
      const identity = {
        authenticationId: prepare(username),
        ...(behalf && { authorizationId: prepare(behalf) }),
      }
      expect(third).toEqual({ type: 'success', identity })
      expect(client.complete).toBe(true)
    }),
    { numRuns: 60 },
  )
})

function dataOf(step: ServerStep): Uint8Array {
  if (step.type !== 'challenge') throw new Error(`The step is ${step.type}`)
  return step.data
}

test('scramServer: any octets give a step, and never success', async () => {
  const piece = fc.constantFrom(
    'n,',
    ',',
    'n=',
    'user',
    'r=',
    NONCE,
    'a=',
    'c=biws',
    'p=',
    PROOF,
    'm=',
    '\0',
    '=2C',
    '=',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece), { maxLength: 3 }), fc.uint8Array(), async (messages, junk) => {
      const exchange = offer().create()
      for (const pieces of messages) expect(await say(exchange, pieces.join(''))).toMatch(/^(?:failure|challenge r=)/)
      expect(await exchange.next(junk)).toEqual(FAILURE)
    }),
    { numRuns: 500 },
  )
})
