import { expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { MemoryZone, RecordingResolver, type RecordType, ReplayingResolver } from '../src/index.ts'

const zone = () =>
  new MemoryZone({ authenticated: true })
    .add('a.example', 'A', '192.0.2.1')
    .add('a.example', 'AAAA', '2001:db8::1')
    .add('a.example', 'MX', { preference: 10, exchange: 'mx.a.example' })
    .add('a.example', 'MX', { preference: 0, exchange: '.' })
    .add('a.example', 'TXT', 'v=spf1  -all \xff')
    .add('a.example', 'TXT', '')
    .add('b.example', 'CNAME', 'a.example')
    .add('c.example', 'PTR', 'a.example')
    .add('_25._tcp.a.example', 'TLSA', { usage: 3, selector: 1, matchingType: 1, data: Uint8Array.of(0, 255) })
    .fail('slow.example', 'timeout')

test('ReplayingResolver: gives what RecordingResolver noted, through JSON', async () => {
  const recorder = new RecordingResolver(zone())
  const questions: [string, RecordType][] = [
    ['A.Example.', 'A'],
    ['a.example', 'AAAA'],
    ['a.example', 'MX'],
    ['a.example', 'TXT'],
    ['b.example', 'CNAME'],
    ['b.example', 'A'],
    ['c.example', 'PTR'],
    ['_25._tcp.a.example', 'TLSA'],
    ['slow.example', 'A'],
    ['none.example', 'A'],
    ['c.example', 'A'],
  ]
  const answers = []
  for (const [name, type] of questions) answers.push(await recorder.resolve(name, type))
  const replay = new ReplayingResolver(JSON.parse(JSON.stringify(recorder.questions)))
  const again = []
  for (const [name, type] of questions) again.push(await replay.resolve(name, type))
  expect(again).toEqual(answers)
  expect(recorder.questions[0]?.name).toBe('a.example')
})

test('ReplayingResolver: answers in their order, then the last; others were not asked', async () => {
  const question = { name: 'A.example', type: 'A' } as const
  const replay = new ReplayingResolver([
    { ...question, answer: { status: 'timeout' } },
    { ...question, answer: { status: 'servfail' } },
  ])
  const statuses = []
  for (let count = 0; count < 3; count++) statuses.push((await replay.resolve('a.example', 'A')).status)
  expect(statuses).toEqual(['timeout', 'servfail', 'servfail'])
  expect(await rejectionOf(() => replay.resolve('a.example', 'MX'))).toBe('DNS_NOT_RECORDED')
  expect(await rejectionOf(() => replay.resolve('a b', 'MX'))).toBe('DNS_BAD_NAME')
})
