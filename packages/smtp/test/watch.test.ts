import { expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { memoryPair, SmtpClient } from '../src/index.ts'
import { until } from './clock.ts'
import { play, type Step } from './drive.ts'

const OPENING: readonly Step[] = ['220 mx.example\r\n', /EHLO .*\r\n/, '250 mx.example\r\n']

async function watched(script: readonly Step[] = []) {
  const [near, far] = memoryPair()
  play(far, [...OPENING, ...script]).catch(() => undefined)
  const client = new SmtpClient(near, { tls: 'none' })
  await client.open()
  let ends = 0
  client.watch(() => {
    ends++
  })
  return { client, far, ends: () => ends }
}

const STRAY: readonly (readonly [string, readonly Step[]])[] = [
  ['closes', []],
  ['says 421 [rfc5321 3.8]', ['421 mx.exam', 'ple timed out\r\n']],
  ['says what was not asked', ['250 ok\r\n']],
]

test.each(STRAY)('SmtpClient.watch: a server that %s is noticed once, without a call', async (_, script) => {
  const { client, ends } = await watched(script)
  await until(() => ends() === 1)
  expect(client.usable).toBe(false)
  expect(await rejectionOf(() => client.noop())).toBe('SMTP_OUT_OF_TURN')
  expect(ends()).toBe(1)
})

test('SmtpClient.watch: so is a connection that breaks', async () => {
  const { client, far, ends } = await watched([/NOOP\r\n/])
  far.abort()
  await until(() => ends() === 1)
  expect(client.usable).toBe(false)
})

test('SmtpClient.watch: the next call ends it, and has the reply', async () => {
  const { client, ends } = await watched([/NOOP\r\n/, '250 alive\r\n', /NOOP\r\n/, '421 bye\r\n'])
  expect((await client.noop()).code).toBe(250)
  expect((await client.noop()).code).toBe(421)
  expect(client.usable).toBe(false)
  expect(ends()).toBe(0)
})

test('SmtpClient.watch: a session that has ended is told of at once', async () => {
  const { client } = await watched()
  await client.quit()
  let ends = 0
  client.watch(() => {
    ends++
  })
  expect(ends).toBe(1)
})
