import { decode, encode } from '@dnsquery/dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeAnswer, encodeQuestion, matchAnswer } from '../src/wire.ts'

const question = { name: 'mx.example', type: 'MX' } as const
const TC = 0x0200

function answer(more: { id?: number; flags?: number; name?: string; type?: string } = {}): Uint8Array {
  const { id = 7, flags = 0, name = 'mx.example', type = 'MX' } = more
  return Uint8Array.from(encode({ id, type: 'response', flags, questions: [{ name, type }] } as never))
}

describe('encodeQuestion', () => {
  test('without options: identifier 0 and whole blocks of 128 octets [rfc8484 4.1, rfc8467 4.1]', () => {
    const bytes = encodeQuestion(question)
    expect([bytes.length, decode(bytes).id]).toEqual([128, 0])
  })

  test('id, udpPayloadSize and padded stand in the message [rfc6891 6.1.2]', () => {
    const bytes = encodeQuestion(question, { id: 0xabcd, udpPayloadSize: 1232, padded: false })
    expect(decode(bytes)).toMatchObject({
      id: 0xabcd,
      flag_rd: true,
      flag_ad: true,
      questions: [question],
      additionals: [{ type: 'OPT', udpPayloadSize: 1232, options: [] }],
    })
    expect(bytes.length).toBe(39)
  })
})

describe('matchAnswer [rfc5452 4]', () => {
  test.each([
    ['the answer', {}, 'match'],
    ['in other letters', { name: 'MX.Example' }, 'match'],
    ['cut', { flags: TC }, 'truncated'],
    ['another identifier', { id: 8 }, 'mismatch'],
    ['another name', { name: 'my.example' }, 'mismatch'],
    ['a longer name', { name: 'a.mx.example' }, 'mismatch'],
    ['another type', { type: 'A' }, 'mismatch'],
  ])('%s: %s', (_, more, expected) => {
    expect(matchAnswer(answer(more), question, { id: 7 })).toBe(expected)
  })

  test('a question, and a message that ends in the question, are no answer', () => {
    expect(matchAnswer(encodeQuestion(question, { id: 7 }), question, { id: 7 })).toBe('mismatch')
    const whole = answer()
    for (let length = 0; length < whole.length; length++) {
      expect(matchAnswer(whole.subarray(0, length), question, { id: 7 })).toBe('mismatch')
    }
  })

  test('matchAnswer, decodeAnswer: any octets are judged without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['match', 'truncated', 'mismatch']).toContain(matchAnswer(bytes, question))
        expect(decodeAnswer(bytes, question).status).toBeTypeOf('string')
      }),
    )
  })
})
