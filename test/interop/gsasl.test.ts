import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gsasl } from './lib/gsasl.ts'
import { type Interceptor, intercept } from './lib/interceptor.ts'
import { ASCII_ACCOUNT, HOSTNAME, type OurServer, startOurServer } from './lib/our-server.ts'

// GNU SASL as the client of our server: it says STARTTLS before EHLO, and binds SCRAM to its TLS connection.
let server: OurServer
let middle: Interceptor
let middleCaFile: string

beforeAll(async () => {
  server = await startOurServer()
  middle = await intercept({ port: server.port, hostname: HOSTNAME, ca: server.ca })
  middleCaFile = join(dirname(server.caFile), 'middle.pem')
  writeFileSync(middleCaFile, middle.certificate.ca)
})
afterAll(async () => {
  await middle.stop()
  await server.stop()
})

interface Attempt {
  readonly mechanism?: string
  readonly options?: readonly string[]
  readonly password?: string
}

const target = (password = ASCII_ACCOUNT.password) => ({ hostname: HOSTNAME, account: { ...ASCII_ACCOUNT, password } })
const direct = ({ password, ...attempt }: Attempt = {}) =>
  gsasl({ ...target(password), port: server.port, caFile: server.caFile, ...attempt })
const intercepted = ({ password, ...attempt }: Attempt = {}) =>
  gsasl({ ...target(password), port: middle.port, caFile: middleCaFile, ...attempt })

const SUCCESS = '235 2.7.0 Authentication succeeded'
const FAILURE = '535 5.7.8 Authentication credentials invalid'

describe.each([
  ['TLS1.3', 'NORMAL', { header: 'p=tls-exporter,,', octets: 32 }],
  ['TLS1.2', 'NORMAL:-VERS-TLS1.3', { header: 'p=tls-unique,,', octets: 12 }],
])('serve over %s', (tls, priority, bound) => {
  const options = ['--priority', priority]

  test.each(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1-PLUS'])('AUTH %s, bound to the connection', async (mechanism) => {
    const result = await direct({ mechanism, options })
    expect(result, result.dialogue).toMatchObject({ code: 0, reply: SUCCESS, tls, serverTrusted: true, bound })
    const { commands } = server.conversations.at(-1)!
    expect(commands).toEqual(['STARTTLS', expect.stringMatching(/^EHLO /), `AUTH ${mechanism}`, 'QUIT'])
  })

  test('the mechanism that is bound is chosen by itself', async () => {
    const result = await direct({ options })
    expect(result, result.dialogue).toMatchObject({ code: 0, reply: SUCCESS, bound })
    expect(server.conversations.at(-1)!.commands).toContain('AUTH SCRAM-SHA-256-PLUS')
  })

  test.each(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1-PLUS'])(
    'AUTH %s is refused where somebody ends TLS in the middle, who passes on what is not bound [rfc5802 6]',
    async (mechanism) => {
      const refused = await intercepted({ mechanism, options })
      expect(refused, refused.dialogue).toMatchObject({ code: 1, reply: FAILURE, tls, serverTrusted: false, bound })
      expect(server.conversations.at(-1)!.commands).toContain(`AUTH ${mechanism}`)
      const unbound = { mechanism: mechanism.replace('-PLUS', ''), options: [...options, '--no-cb'] }
      const passed = await intercepted(unbound)
      expect(passed, passed.dialogue).toMatchObject({ code: 0, reply: SUCCESS, bound: { header: 'n,,', octets: 0 } })
    },
  )
})

test.each(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5', 'PLAIN', 'LOGIN'])(
  'serve: AUTH %s, and a wrong password is refused',
  async (mechanism) => {
    const attempt = { mechanism, options: mechanism.endsWith('PLUS') ? [] : ['--no-cb'] }
    const right = await direct(attempt)
    expect(right, right.dialogue).toMatchObject({ code: 0, reply: SUCCESS })
    const wrong = await direct({ ...attempt, password: 'wrong' })
    expect(wrong, wrong.dialogue).toMatchObject({ code: 1, reply: FAILURE, serverTrusted: false })
  },
)
