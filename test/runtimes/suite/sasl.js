/** Authentication: the examples of the RFCs, and both ends against each other. */
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@posthorn/core'
import {
  cramMd5Client,
  cramMd5Server,
  deriveScramCredentials,
  oauthBearerClient,
  oauthBearerServer,
  plainClient,
  plainServer,
  prepareOpaqueString,
  scramClient,
  scramServer,
  selectMechanism,
} from '@posthorn/sasl'
import { check, equal, fails, random } from './check.js'

const TIM = { username: 'tim', password: 'tanstaaftanstaaf' }
const BEARER = { username: 'user@example.com', token: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==' }
const CHANNEL = { type: 'tls-exporter', data: new Uint8Array(32).fill(7) }

// RFC 7677 section 3
const SCRAM = {
  nonce: 'rOprNGfwEbeRWgbNEkqO',
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

async function exchange(client, server) {
  let step = await server.next(await client.start())
  while (step.type === 'challenge') step = await server.next(await client.next(step.data))
  return step.type === 'success' ? step.identity.authenticationId : step.type
}

async function scram(hash, password, plus = false) {
  const stored = await deriveScramCredentials('p\u00e9ncil', { salt: random(16), iterations: 4096, hash })
  const offered = scramServer({ lookup: () => stored, random, hash, plus })
  const client = scramClient(
    { username: 'ada', password },
    { random, hash, plus, ...(plus && { channelBinding: CHANNEL }) },
  )
  const context = plus ? { offered: [offered.name], channelBindings: [CHANNEL] } : undefined
  return [offered.name, await exchange(client, offered.create(context)), client.complete]
}

export const sasl = [
  check('sasl: SCRAM-SHA-256 has the example of RFC 7677', async () => {
    const client = scramClient({ username: 'user', password: 'pencil' }, { random: () => decodeBase64(SCRAM.nonce) })
    equal(decodeUtf8(await client.start()), SCRAM.clientFirst)
    equal(decodeUtf8(await client.next(encodeUtf8(SCRAM.serverFirst))), SCRAM.clientFinal)
    equal([(await client.next(encodeUtf8(SCRAM.serverFinal))).length, client.complete], [0, true])
    const stored = await deriveScramCredentials('pencil', {
      salt: decodeBase64('W22ZaJ0SNY7soEsUEjb6gQ=='),
      iterations: 4096,
    })
    equal(encodeBase64(stored.storedKey), 'WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=')
  }),
  check('sasl: SCRAM refuses a server that does not prove itself', async () => {
    const client = scramClient({ username: 'user', password: 'pencil' }, { random: () => decodeBase64(SCRAM.nonce) })
    await client.start()
    await client.next(encodeUtf8(SCRAM.serverFirst))
    await fails('SASL_SERVER_NOT_PROVED', () => client.next(encodeUtf8(SCRAM.serverFinal.replace('=6', '=7'))))
    equal(client.complete, false)
  }),
  check('sasl: SCRAM of both ends with SHA-1, SHA-256 and SHA-512', async () => {
    for (const hash of ['SHA-1', 'SHA-256', 'SHA-512']) {
      equal(await scram(hash, 'pe\u0301ncil'), [`SCRAM-${hash}`, 'ada', true])
      equal(await scram(hash, 'pen'), [`SCRAM-${hash}`, 'failure', false])
    }
  }),
  check('sasl: SCRAM bound to the channel', async () => {
    equal(await scram('SHA-256', 'p\u00e9ncil', true), ['SCRAM-SHA-256-PLUS', 'ada', true])
  }),
  check('sasl: PLAIN has the example of RFC 4616', async () => {
    equal(decodeUtf8(await plainClient(TIM).start()), '\0tim\0tanstaaftanstaaf')
    const offered = plainServer(({ username, password }) => username === TIM.username && password === TIM.password)
    equal(await exchange(plainClient(TIM), offered.create()), 'tim')
    equal(await exchange(plainClient({ ...TIM, password: 'x' }), offered.create()), 'failure')
  }),
  check('sasl: CRAM-MD5 has the example of RFC 2195, where WebCrypto lacks MD5 too', async () => {
    const client = cramMd5Client(TIM)
    await client.start()
    const answer = await client.next(encodeUtf8('<1896.697170952@postoffice.reston.mci.net>'))
    equal(decodeUtf8(answer), 'tim b913a602c7eda7a495b4e6e7334d3890')
    const offered = cramMd5Server({ lookup: () => TIM.password, random, hostname: 'mx.example' })
    equal(await exchange(cramMd5Client(TIM), offered.create()), 'tim')
  }),
  check('sasl: OAUTHBEARER has the example of RFC 7628, and asks for another token once', async () => {
    const client = oauthBearerClient({ ...BEARER, host: 'server.example.com', port: 587 })
    const first = decodeUtf8(await client.start())
    const rest = `host=server.example.com\u0001port=587\u0001auth=Bearer ${BEARER.token}\u0001\u0001`
    equal(first, `n,a=user@example.com,\u0001${rest}`)
    equal(await client.next(encodeUtf8('{"status":"invalid_token"}')), Uint8Array.of(1))
    equal(client.refusal, { status: 'invalid_token' })
    const offered = oauthBearerServer({ check: ({ token }) => token === BEARER.token })
    equal(await exchange(oauthBearerClient(BEARER), offered.create()), BEARER.username)
  }),
  check('sasl: passwords typed in two ways are one', async () => {
    equal(decodeUtf8(prepareOpaqueString('pe\u0301n\u00a0cil')), 'p\u00e9n cil')
    await fails('SASL_BAD_CREDENTIALS', () => prepareOpaqueString('a\u0000b'))
  }),
  check('sasl: the strongest mechanism that serves is chosen', () => {
    const choose = (...offered) => selectMechanism(offered, { credentials: TIM, random })?.name
    equal(choose('PLAIN', 'LOGIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'X'), 'SCRAM-SHA-256')
    equal([choose('LOGIN', 'PLAIN'), choose('GSSAPI')], ['PLAIN', undefined])
  }),
]
