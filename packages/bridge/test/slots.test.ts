import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Slots } from '../src/server/slots.ts'

const outcome = (result: ReturnType<Slots['take']>): string => (result.type === 'full' ? result.of : result.type)

test.each([
  {
    limits: { total: 2 },
    takes: [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
    of: 'total',
  },
  {
    limits: { perSubject: 2 },
    takes: [
      ['a', '1'],
      ['a', '2'],
      ['a', '3'],
    ],
    of: 'subject',
  },
  {
    limits: { perAddress: 2 },
    takes: [
      ['a', '8.8.8.8'],
      ['b', '::ffff:8.8.8.8'],
      ['c', '8.8.8.8'],
    ],
    of: 'address',
  },
  {
    limits: { perAddress: 2 },
    takes: [
      ['a', '2001:db8::1'],
      ['b', '2001:db8::2'],
      ['c', '2001:db8::3'],
    ],
    of: 'address',
  },
])('Slots: the third is one too many of the $of', ({ limits, takes, of }) => {
  const slots = new Slots(limits)
  const results = takes.map(([subject, address]) => slots.take(subject!, address!))
  expect(results.map(outcome)).toEqual(['taken', 'taken', of])
  const [first] = results
  if (first?.type === 'taken') first.release()
  expect(outcome(slots.take(...(takes[2] as [string, string])))).toBe('taken')
})

test('Slots: takes 8 of one subject, 32 of one address and 1,000 in all, unless told otherwise', () => {
  const count = (subject: (at: number) => string, address: (at: number) => string): number => {
    const slots = new Slots()
    for (let at = 0; at < 2000; at++) slots.take(subject(at), address(at))
    return slots.taken
  }
  expect([count(() => 'a', String), count(String, () => '8.8.8.8'), count(String, String)]).toEqual([8, 32, 1000])
})

test('Slots: after it is closed, none is given, and those that are taken are given back', () => {
  const slots = new Slots()
  const first = slots.take('a', '1')
  slots.close()
  expect([slots.isFull, outcome(slots.take('b', '2')), slots.taken]).toEqual([true, 'total', 1])
  if (first.type === 'taken') first.release()
  expect([slots.isFull, slots.taken]).toEqual([true, 0])
})

test('Slots: no order of takes and releases passes a limit or leaves a slot behind', () => {
  const take = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3'))
  fc.assert(
    fc.property(fc.array(fc.oneof(take, fc.nat(9))), (steps) => {
      const slots = new Slots({ total: 5, perSubject: 3, perAddress: 2 })
      const taken: { subject: string; address: string; release: () => void }[] = []
      const old: (() => void)[] = []
      for (const step of steps) {
        if (typeof step === 'number') {
          const [one] = taken.splice(step % Math.max(1, taken.length), 1)
          one?.release()
          if (one) old.push(one.release)
          // What was given back is not given back twice.
          for (const release of old) release()
        } else {
          const [subject, address] = step
          const ofSubject = taken.filter((one) => one.subject === subject).length
          const ofAddress = taken.filter((one) => one.address === address).length
          const result = slots.take(subject, address)
          expect(result.type === 'taken').toBe(taken.length < 5 && ofSubject < 3 && ofAddress < 2)
          if (result.type === 'taken') taken.push({ subject, address, release: result.release })
        }
        expect(slots.taken).toBe(taken.length)
      }
    }),
  )
})
