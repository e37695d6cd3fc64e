import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GsaslResult, gsasl } from './lib/gsasl.ts'
import { type Interceptor, intercept } from './lib/interceptor.ts'
import { ASCII_ACCOUNT, HOSTNAME, type OurServer, startOurServer } from './lib/our-server.ts'

// GNU SASL as the client of our server: it says STARTTLS before EHLO, and binds SCRAM to its TLS connection.
let server: OurServer
beforeAll(async () => {
  server = await startOurServer()
})
afterAll(() => server.stop())

interface Attempt {
  readonly mechanism?: string
  readonly options?: readonly string[]
  readonly password?: string
  readonly port?: number
  readonly caFile?: string
}

const attempt = ({ password = ASCII_ACCOUNT.password, ...rest }: Attempt): Promise<GsaslResult> =>
  gsasl({
    hostname: HOSTNAME,
    port: server.port,
    caFile: server.caFile,
    account: { ...ASCII_ACCOUNT, password },
    ...rest,
  })

const SUCCESS = '235 2.7.0 Authentication succeeded'
const FAILURE = '535 5.7.8 Authentication credentials invalid'

const PLUS = ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1-PLUS']

describe.each([
  ['TLSv1.3' as const, 'NORMAL', { header: 'p=tls-exporter,,', octets: 32 }],
  ['TLSv1.2' as const, 'NORMAL:-VERS-TLS1.3', { header: 'p=tls-unique,,', octets: 12 }],
])('serve over %s', (version, priority, bound) => {
  const tls = version.replace('v', '')
  const options = ['--priority', priority]

  test.each(PLUS)('AUTH %s, bound to the connection', async (mechanism) => {
    const result = await attempt({ mechanism, options })
    expect(result, result.dialogue).toMatchObject({ code: 0, reply: SUCCESS, tls, serverTrusted: true, bound })
    const { commands } = server.conversations.at(-1)!
    expect(commands).toEqual(['STARTTLS', expect.stringMatching(/^EHLO /), `AUTH ${mechanism}`, 'QUIT'])
  })

  test('the mechanism that is bound is chosen by itself', async () => {
    const result = await attempt({ options })
    expect(result, result.dialogue).toMatchObject({ code: 0, reply: SUCCESS, bound })
    expect(server.conversations.at(-1)!.commands).toContain('AUTH SCRAM-SHA-256-PLUS')
  })

  describe('with somebody who ends TLS in the middle, and whom the client trusts [rfc5802 6]', () => {
    let middle: Interceptor
    let intercepted: { readonly port: number; readonly caFile: string }
    beforeAll(async () => {
      middle = await intercept({ port: server.port, hostname: HOSTNAME, ca: server.ca, version })
      intercepted = { port: middle.port, caFile: join(dirname(server.caFile), `${version}.pem`) }
      writeFileSync(intercepted.caFile, middle.certificate.ca)
    })
    afterAll(() => middle.stop())

    test.each(PLUS)('AUTH %s is refused for what it is bound to', async (mechanism) => {
      const refused = await attempt({ ...intercepted, mechanism, options })
      expect(refused, refused.dialogue).toMatchObject({ code: 1, reply: FAILURE, tls, serverTrusted: false, bound })
      expect(server.conversations.at(-1)!.commands).toContain(`AUTH ${mechanism}`)
      const unbound = { mechanism: mechanism.replace('-PLUS', ''), options: [...options, '--no-cb'] }
      const passed = await attempt({ ...intercepted, ...unbound })
      expect(passed, passed.dialogue).toMatchObject({ code: 0, reply: SUCCESS, bound: { header: 'n,,', octets: 0 } })
    })
  })
})

test.each(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5', 'PLAIN', 'LOGIN'])(
  'serve: AUTH %s, and a wrong password is refused',
  async (mechanism) => {
    const given = { mechanism, options: mechanism.endsWith('PLUS') ? [] : ['--no-cb'] }
    const right = await attempt(given)
    expect(right, right.dialogue).toMatchObject({ code: 0, reply: SUCCESS })
    const wrong = await attempt({ ...given, password: 'wrong' })
    expect(wrong, wrong.dialogue).toMatchObject({ code: 1, reply: FAILURE, serverTrusted: false })
  },
)
