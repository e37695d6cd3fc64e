import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import {
  type ClientMechanism,
  oauthBearerClient,
  oauthBearerServer,
  type TokenClaim,
  type TokenCredentials,
  type TokenServerOptions,
  xoauth2Client,
  xoauth2Server,
} from '../src/index.ts'

const CREDENTIALS = { username: 'user@example.com', token: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==' }
const FORMS = [
  { name: 'OAUTHBEARER', client: oauthBearerClient, server: oauthBearerServer, dummy: '\u0001' },
  { name: 'XOAUTH2', client: xoauth2Client, server: xoauth2Server, dummy: '' },
]

test('oauthBearerClient: the example [rfc7628 4.1]', async () => {
  const message = await oauthBearerClient({ ...CREDENTIALS, host: 'server.example.com', port: 587 }).start()
  expect(encodeBase64(message!)).toBe(
    'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB',
  )
})

test('oauthBearerClient: the example over IMAP [rfc7628 4.1]', async () => {
  const message = await oauthBearerClient({ ...CREDENTIALS, host: 'server.example.com', port: 143 }).start()
  expect(encodeBase64(message!)).toBe(
    'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB',
  )
})

test('oauthBearerServer: the example of a client that asks what token it needs [rfc7628 4.3]', async () => {
  const openidConfiguration = 'https://example.com/.well-known/openid-config'
  const check = (): boolean => {
    throw new Error('asked')
  }
  const exchange = oauthBearerServer({ check, refusal: { scope: 'example_scope', openidConfiguration } }).create()
  const first = 'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9AQE='
  const step = await exchange.next(decodeBase64(first))
  expect(step.type === 'challenge' && encodeBase64(step.data)).toBe(
    'eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWcifQ==',
  )
  expect(await exchange.next(decodeBase64('AQ=='))).toEqual({ type: 'failure' })
})

test('oauthBearerClient: the error of the SMTP example [rfc7628 4.4]', async () => {
  const client = oauthBearerClient(CREDENTIALS)
  await client.start()
  const said =
    'eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NoZW1lcyI6ImJlYXJlciBtYWMiLCJzY29wZSI6Imh0dHBzOi8vbWFpbC5leGFtcGxlLmNvbS8ifQ=='
  expect(encodeBase64(await client.next(decodeBase64(said)))).toBe('AQ==')
  expect(client.refusal).toEqual({
    status: 'invalid_token',
    schemes: 'bearer mac',
    scope: 'https://mail.example.com/',
  })
})

test('xoauth2Client: the example of its protocol', async () => {
  const token = 'ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg'
  expect(encodeBase64((await xoauth2Client({ username: 'someuser@example.com', token }).start())!)).toBe(
    'dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==',
  )
})

async function run(
  client: ClientMechanism,
  options: TokenServerOptions,
  server: typeof oauthBearerServer,
): Promise<string> {
  const exchange = server(options).create()
  let step = await exchange.next(await client.start())
  while (step.type === 'challenge') step = await exchange.next(await client.next(step.data))
  return step.type
}

describe.each(FORMS)('$name', ({ name, client, server, dummy }) => {
  test('a good token', async () => {
    const claims: TokenClaim[] = []
    const check = (claim: TokenClaim): boolean => claims.push(claim) > 0
    expect(await run(client(CREDENTIALS), { check }, server)).toBe('success')
    expect(claims).toEqual([CREDENTIALS])
    expect(client(CREDENTIALS).name).toBe(name)
  })

  test('a refused token: the server says why, the client answers with what the mechanism asks for [rfc7628 3.2.3]', async () => {
    const exchange = server({
      check: () => false,
      refusal: { scope: 'mail', openidConfiguration: 'https://x.example/' },
    }).create()
    const one = client(CREDENTIALS)
    const step = await exchange.next(await one.start())
    expect(step).toMatchObject({ type: 'challenge' })
    expect(JSON.parse(step.type === 'challenge' ? decodeUtf8(step.data) : '')).toEqual({
      status: 'invalid_token',
      scope: 'mail',
      'openid-configuration': 'https://x.example/',
    })
    const answer = await one.next(step.type === 'challenge' ? step.data : encodeUtf8(''))
    expect(decodeUtf8(answer)).toBe(dummy)
    expect(one.refusal).toEqual({ status: 'invalid_token', scope: 'mail', openidConfiguration: 'https://x.example/' })
    expect(await exchange.next(answer)).toEqual({ type: 'failure' })
    expect(await exchange.next(await client(CREDENTIALS).start())).toEqual({ type: 'failure' })
    expect(await rejectionOf(() => one.next(encodeUtf8('{}')))).toBe('SASL_BAD_CHALLENGE')
  })

  test('a source is asked once more, and no oftener', async () => {
    const asked: boolean[] = []
    const token: TokenCredentials['token'] = async ({ refresh }) => {
      asked.push(refresh)
      return refresh ? 'fresh' : 'stale'
    }
    const first = client({ username: 'u', token })
    expect(decodeUtf8((await first.start())!)).toContain('Bearer stale')
    const second = first.renew!()
    expect(decodeUtf8((await second.start())!)).toContain('Bearer fresh')
    expect(first.renew!()).toBe(second)
    expect(second.renew).toBeUndefined()
    expect(client(CREDENTIALS).renew).toBeUndefined()
    expect(asked).toEqual([false, true])
  })

  test.each(['', 'a b', 'a\u0001host=evil', 'a\r\nb', 'é'])(
    'the token %j is refused before it is sent [rfc6749 a]',
    async (token) => {
      expect(await rejectionOf(() => client({ username: 'u', token }).start())).toBe('SASL_BAD_CREDENTIALS')
      const error = await client({ username: 'u', token: `s3cret${token}\u0001` })
        .start()
        .catch((cause: unknown) => cause)
      expect(JSON.stringify([error, String(error)])).not.toContain('s3cret')
    },
  )

  test('a user name with a control is refused', () => {
    expect(failureOf(() => client({ username: 'u\u0001auth=x', token: 't' }))).toBe('SASL_BAD_CREDENTIALS')
  })

  test.each(['not json', '"text"', 'null', '{"status":401}', `{"status":"${'x'.repeat(5000)}"}`, '\u00ff'])(
    'what a server says that is no error in JSON is bounded and harmless: %j',
    async (said) => {
      const one = client(CREDENTIALS)
      await one.start()
      expect(decodeUtf8(await one.next(encodeUtf8(said)))).toBe(dummy)
      expect(one.refusal).toEqual({ status: said.includes('401') ? '401' : 'unknown' })
    },
  )

  test.each([
    '',
    'x',
    '\u0001',
    'n,a=user,\u0001auth=Bearer x\u0001auth=Bearer y\u0001\u0001',
    'n,a=user,\u0001port=0587\u0001auth=Bearer x\u0001\u0001',
    'n,a=user,\u0001host=a\r\nb\u0001auth=Bearer x\u0001\u0001',
    'n,a=user,\u0001host=\u0000\u0001auth=Bearer x\u0001\u0001',
    'n,a=us=er,\u0001auth=Bearer x\u0001\u0001',
    'p=tls-exporter,a=user,\u0001auth=Bearer x\u0001\u0001',
    'user=us\ner\u0001auth=Bearer x\u0001\u0001',
    'user=\u0001auth=Bearer x\u0001\u0001',
    'n,,\u0001auth=Bearer x\u0001\u0001',
  ])('the server refuses %j without asking', async (message) => {
    const check = (): boolean => {
      throw new Error('asked')
    }
    expect(await server({ check }).create().next(encodeUtf8(message))).toEqual({ type: 'failure' })
  })

  test.each(['', 'Basic x', 'Bearer', 'Bearer ', 'Bearer a b', 'Bearerx'])(
    'the server says what token it needs where %j is sent for one, without asking [rfc7628 4.3]',
    async (sent) => {
      const check = (): boolean => {
        throw new Error('asked')
      }
      const start = name === 'XOAUTH2' ? 'user=u' : 'n,a=u,'
      const step = await server({ check })
        .create()
        .next(encodeUtf8(`${start}\u0001auth=${sent}\u0001\u0001`))
      expect(step.type === 'challenge' && decodeUtf8(step.data)).toBe('{"status":"invalid_token"}')
    },
  )

  test('what a server says of a token does not show it, nor a control', async () => {
    const one = client(CREDENTIALS)
    await one.start()
    const said = { status: `bad ${CREDENTIALS.token}`, scope: 'a\u001b[31m', schemes: 'bearer' }
    await one.next(encodeUtf8(JSON.stringify(said)))
    expect(one.refusal).toEqual({ status: 'unknown', schemes: 'bearer' })
  })

  test('a source that gives no text is refused before it is sent', async () => {
    const token = (() => undefined) as unknown as () => string
    expect(await rejectionOf(() => client({ username: 'u', token }).start())).toBe('SASL_BAD_CREDENTIALS')
  })

  test('no initial response: the server asks for one', async () => {
    const exchange = server({ check: () => true }).create()
    expect(await exchange.next(undefined)).toEqual({ type: 'challenge', data: new Uint8Array(0) })
    expect((await exchange.next(await client(CREDENTIALS).start())).type).toBe('success')
  })
})

test('oauthBearerServer: tells the host and the port that the client gave, names unescaped [rfc7628 3.1]', async () => {
  const claims: TokenClaim[] = []
  const check = (claim: TokenClaim): boolean => claims.push(claim) > 0
  const credentials = { username: 'a,b=c', token: 't', host: 'mx.example', port: 587 }
  expect(await run(oauthBearerClient(credentials), { check }, oauthBearerServer)).toBe('success')
  expect(claims).toEqual([credentials])
})

test.each([
  { host: '' },
  { host: 'mx\u0001auth=Bearer x' },
  { host: 'mx.example\r\n' },
  { port: 0 },
  { port: 1.5 },
  { port: Number.NaN },
  { port: 100_000 },
])('oauthBearerClient: refuses %j [rfc7628 3.1]', (endpoint) => {
  expect(failureOf(() => oauthBearerClient({ ...CREDENTIALS, ...endpoint }))).toBe('SASL_BAD_CREDENTIALS')
})

test('oauthBearerServer: takes keys that it does not know, and any letter case of the scheme [rfc7628 3.1]', async () => {
  const message = 'y,a=u,\u0001qs=a=b\r\n c\u0001auth=BeArEr t\u0001\u0001'
  const step = await oauthBearerServer({ check: ({ token }) => token === 't' })
    .create()
    .next(encodeUtf8(message))
  expect(step).toEqual({ type: 'success', identity: { authenticationId: 'u' } })
})
