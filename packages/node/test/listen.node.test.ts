import { MailError } from '@posthorn/core'
import { expect, test } from 'vitest'
import { connect, listen } from '../src/index.ts'

test('listen: takes a free port on loopback by default', async () => {
  const listener = await listen({ onConnection: (connection) => connection.close() })
  expect(listener.address.address).toBe('127.0.0.1')
  expect(listener.address.port).toBeGreaterThan(0)
  await listener.close()
})

test('listen: an address that is taken rejects with NODE_LISTEN_FAILED', async () => {
  const first = await listen({ onConnection: (connection) => connection.close() })
  const second = listen({ port: first.address.port, onConnection: (connection) => connection.close() })
  await expect(second).rejects.toMatchObject({ code: 'NODE_LISTEN_FAILED', cause: { code: 'EADDRINUSE' } })
  await first.close()
})

test('listen: close ends the clients that are served, and no more are taken', async () => {
  const listener = await listen({
    onConnection: async (connection) => {
      while (await connection.read());
    },
  })
  const { port } = listener.address
  const connection = await connect({ host: '127.0.0.1', port })
  const reading = connection.read().catch((error: unknown) => error)
  await listener.close()
  expect([undefined, 'NODE_CLOSED']).toContain((await reading) instanceof MailError ? 'NODE_CLOSED' : await reading)
  await expect(connect({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'NODE_CONNECT_FAILED' })
  connection.abort()
})

test('listen: a handler that rejects is heard of, its client is cut off, and others are served', async () => {
  const errors: unknown[] = []
  const listener = await listen({
    onConnection: async () => {
      throw new Error('no')
    },
    onError: (error) => errors.push(error),
  })
  for (let client = 0; client < 2; client++) {
    const connection = await connect({ host: '127.0.0.1', port: listener.address.port })
    await connection.read().catch(() => undefined)
    connection.abort()
  }
  expect(errors).toEqual([new Error('no'), new Error('no')])
  await listener.close()
})
