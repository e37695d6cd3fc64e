import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, HOSTNAME, type OurServer, REFUSED, startOurServer } from './lib/our-server.ts'
import { type Finished, run } from './lib/process.ts'

// swaks as the client of our server.
let server: OurServer
let seen: number

beforeAll(async () => {
  server = await startOurServer()
})
afterAll(() => server.stop())
beforeEach(() => {
  seen = server.messages.length
})

function swaks(...args: string[]): Promise<Finished> {
  const target = [
    '--server',
    `${HOSTNAME}:${server.port}`,
    '--from',
    'ada@posthorn.example',
    '--helo',
    'client.example',
  ]
  return run('/usr/bin/swaks', [...target, ...args])
}

const TLS = (): string[] => ['--tls', '--tls-verify', '--tls-ca-path', server.caFile]
const AUTH = ['--auth', 'PLAIN', '--auth-user', ACCOUNT.username]
const TO = ['--to', 'bob@posthorn.example']

describe('serve', () => {
  test.each([
    ['in lock step', [], []],
    ['in groups', ['--pipeline'], ['PIPELINING']],
  ])('a message in the clear, %s', async (_, options, used) => {
    const { code, stdout } = await swaks(...TO, ...options, '--body', 'Hello\n.\n..\nend')
    expect(code, stdout).toBe(0)
    const { text, conversation } = server.messages.at(-1)!
    expect(text).toContain('Hello\r\n.\r\n..\r\nend\r\n')
    expect(usedIn(conversation)).toEqual(used)
  })

  test('STARTTLS with a verified certificate, and AUTH PLAIN', async () => {
    const { code, stdout } = await swaks(...TO, ...TLS(), ...AUTH, '--auth-password', ACCOUNT.password)
    expect(code, stdout).toBe(0)
    const { user, conversation } = server.messages.at(-1)!
    expect(user).toBe(ACCOUNT.username)
    expect(usedIn(conversation)).toEqual(['AUTH PLAIN', 'STARTTLS'])
  })

  test('AUTH with a wrong password is refused, and no message taken', async () => {
    const { code, stdout } = await swaks(...TO, ...TLS(), ...AUTH, '--auth-password', 'wrong')
    expect(code).toBe(28)
    expect(stdout).toContain('535 5.7.8')
    expect(server.messages).toHaveLength(seen)
  })

  test('AUTH is not offered before TLS', async () => {
    const { code } = await swaks(...TO, ...AUTH, '--auth-password', ACCOUNT.password)
    expect(code).not.toBe(0)
    expect(server.messages).toHaveLength(seen)
  })

  test('one of two recipients is refused, the other gets the message', async () => {
    const { stdout } = await swaks('--to', `bob@posthorn.example,${REFUSED}`)
    expect(stdout).toContain('550 5.1.1')
    expect(server.messages).toHaveLength(seen + 1)
  })

  test('all recipients refused in a pipelined group: DATA gets 554 and nothing is taken [rfc2920 3.2]', async () => {
    const { code, stdout } = await swaks('--to', REFUSED, '--pipeline')
    expect(code).not.toBe(0)
    expect(stdout).toContain('550 5.1.1')
    expect(server.messages).toHaveLength(seen)
  })
})
