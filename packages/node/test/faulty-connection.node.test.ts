import { decodeLatin1, encodeLatin1 } from '@posthorn/core'
import { type Connection, memoryPair } from '@posthorn/smtp'
import { expect, test } from 'vitest'
import type { SinkBehaviour } from '../src/sink/behaviour.ts'
import { FaultyConnection } from '../src/sink/faulty-connection.ts'
import { Misbehaviour } from '../src/sink/misbehaviour.ts'

/** A connection whose pauses last no time, and what they would have been in milliseconds. */
function open(behaviour: SinkBehaviour): { near: Connection; faulty: FaultyConnection; pauses: number[] } {
  const [near, far] = memoryPair()
  const pauses: number[] = []
  const startTimer = (milliseconds: number, callback: () => void): (() => void) => {
    pauses.push(milliseconds)
    queueMicrotask(callback)
    return () => undefined
  }
  const faulty = new FaultyConnection(far, {
    misbehaviour: new Misbehaviour(behaviour),
    record: () => undefined,
    startTimer,
  })
  return { near, faulty, pauses }
}

test('FaultyConnection: each reply of a group is held back', async () => {
  const { near, faulty, pauses } = open({ replyDelay: 500 })
  await faulty.write(encodeLatin1('250-a\r\n250 b\r\n250 c\r\n'))
  expect(pauses).toEqual([500, 500])
  expect(decodeLatin1((await near.read())!)).toBe('250-a\r\n250 b\r\n')
  expect(decodeLatin1((await near.read())!)).toBe('250 c\r\n')
})

test('FaultyConnection: octets drip out and in, so many a second', async () => {
  const { near, faulty, pauses } = open({ octetsPerSecond: 40 })
  await faulty.write(encodeLatin1('250 ok\r\n'))
  expect(pauses).toEqual([100, 100])
  expect(decodeLatin1((await near.read())!)).toBe('250 ')
  await near.write(new Uint8Array(20))
  expect(await faulty.read()).toHaveLength(20)
  expect(pauses).toEqual([100, 100, 500])
})

test('FaultyConnection: whoever aborts it waits for no pause', async () => {
  const [, far] = memoryPair()
  const faulty = new FaultyConnection(far, {
    misbehaviour: new Misbehaviour({ replyDelay: 1 }),
    record: () => undefined,
    startTimer: () => () => undefined,
  })
  const writing = faulty.write(encodeLatin1('250 ok\r\n'))
  faulty.abort(new Error('enough'))
  await expect(writing).rejects.toThrow('closed')
})
