import { existsSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, connect as netConnect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionInfo } from '@posthorn/smtp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Listener, listen } from '../src/index.ts'
import { Talk } from './talk.ts'

const SERVE = { hostname: 'mx.example', onMessage: () => undefined }

let folder: string
let path: string
const closers: (() => unknown)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-'))
  path = join(folder, 'smtp')
})

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  rmSync(folder, { recursive: true })
})

async function open(mode?: number): Promise<Listener> {
  const listener = await listen({ path, serve: SERVE, ...(mode !== undefined && { mode }) })
  closers.push(() => listener.close())
  return listener
}

test('listen: a Unix socket is served, told of as such, and removed at the end', async () => {
  const infos: ConnectionInfo[] = []
  const listener = await listen({
    path,
    mode: 0o600,
    serve: (info) => {
      infos.push(info)
      return SERVE
    },
  })
  expect(listener.address).toEqual({ address: path, port: 0 })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const talk = new Talk(netConnect({ path }))
  expect(await talk.reply()).toBe('220 mx.example ESMTP')
  expect(infos).toEqual([{ via: 'unix' }])
  await listener.close()
  expect(existsSync(path)).toBe(false)
})

test('listen: a Unix socket that nobody answers on is replaced', async () => {
  // A server that is gone without closing leaves its socket behind.
  const server = createServer().listen(path)
  await new Promise((resolve) => server.once('listening', resolve))
  const copy = join(folder, 'copy')
  linkSync(path, copy)
  await new Promise((resolve) => server.close(resolve))
  linkSync(copy, path)
  await open()
  expect(await new Talk(netConnect({ path })).reply()).toBe('220 mx.example ESMTP')
})

test('listen: a Unix socket that somebody answers on, and a file, are left alone', async () => {
  await open()
  await expect(open()).rejects.toMatchObject({ code: 'NODE_LISTEN_FAILED', cause: { code: 'EADDRINUSE' } })
  expect(await new Talk(netConnect({ path })).reply()).toBe('220 mx.example ESMTP')
  path = join(folder, 'file')
  writeFileSync(path, 'mine')
  await expect(open()).rejects.toMatchObject({ code: 'NODE_LISTEN_FAILED' })
  expect(statSync(path).size).toBe(4)
})

test.each([
  ['nobody serves', {}],
  ['two serve', { serve: SERVE, onConnection: () => undefined }],
  ['TLS at once has no certificate', { serve: SERVE, implicitTls: true }],
  ['a proxy is no address', { serve: SERVE, proxyProtocol: { from: ['10.0.0.1/8'] } }],
])('listen: refuses when %s', async (_, options) => {
  await expect(listen(options)).rejects.toMatchObject({ code: 'NODE_LISTEN_FAILED' })
})

test('listen: a listener is disposed of by closing it', async () => {
  const listener = await open()
  await listener[Symbol.asyncDispose]()
  expect(existsSync(path)).toBe(false)
  await listener.close()
})
