import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { asciiPeople, envelopeOf, hasForeign, isSameMailbox, readPeople } from '../src/compose/people.ts'

const FROM = 'a@x.example'

describe('readPeople', () => {
  test('readPeople: text, values, and arrays of both', () => {
    const people = readPeople({
      from: 'Ada <a@x.example>',
      to: [{ name: 'B', address: 'b@x.example' }, 'c@x.example'],
      cc: [],
    })
    expect(people.from.map(({ name, address }) => [name, address])).toEqual([['Ada', 'a@x.example']])
    expect(people.to.map(({ name, address }) => [name, address])).toEqual([
      ['B', 'b@x.example'],
      ['', 'c@x.example'],
    ])
    expect(people.cc).toEqual([])
  })

  test('readPeople: needs an author, and a sender beside several [rfc5322 3.6.2]', () => {
    expect(failureOf(() => readPeople({ from: [] }))).toBe('MIME_BAD_MESSAGE')
    expect(failureOf(() => readPeople({ from: [FROM, 'b@x.example'] }))).toBe('MIME_BAD_MESSAGE')
    expect(failureOf(() => readPeople({ from: [FROM, 'b@x.example'], sender: 'c@x.example' }))).toBe('none')
  })

  test.each(['sender', 'replyTo', 'to', 'cc', 'bcc'])('readPeople: refuses what is no address in %s', (field) => {
    expect(failureOf(() => readPeople({ from: FROM, [field]: 'b@x.example, c@x.example' }))).toBe('MIME_BAD_ADDRESS')
  })
})

describe('envelopeOf', () => {
  test('envelopeOf: the first author, and everybody once, in order [rfc5321 3.3]', () => {
    const people = readPeople({
      from: FROM,
      to: ['B <b@x.example>', 'c@x.example'],
      cc: ['b@X.EXAMPLE', 'd@x.example'],
      bcc: ['c@x.example', 'e@x.example'],
    })
    expect(envelopeOf(people)).toEqual({
      reversePath: 'a@x.example',
      forwardPaths: ['b@x.example', 'c@x.example', 'd@x.example', 'e@x.example'],
    })
  })

  test('envelopeOf: the sender before the author [rfc5322 3.6.2]', () => {
    expect(envelopeOf(readPeople({ from: FROM, sender: 's@x.example' })).reversePath).toBe('s@x.example')
  })

  test('envelopeOf: letter case counts in a local part, quotes do not [rfc5321 2.4]', () => {
    const people = readPeople({
      from: FROM,
      to: ['b@x.example', 'B@x.example', '"b"@x.example', '"b\\ c"@x.example', '"b c"@x.example'],
    })
    expect(envelopeOf(people).forwardPaths).toEqual(['b@x.example', 'B@x.example', '"b c"@x.example'])
  })

  test.each([
    ['"a@evil.example"@x.example', 'x.example'],
    ['"a@evil.example> "@x.example', 'x.example'],
    ['"\\"@evil.example"@x.example', 'x.example'],
  ])('envelopeOf: %s goes to the domain that the header names [security]', (text, domain) => {
    const people = readPeople({ from: FROM, to: `N <${text}>` })
    expect(people.to[0]?.domain).toBe(domain)
    expect(envelopeOf(people).forwardPaths).toEqual([text])
  })

  test('envelopeOf: nobody is nobody', () => {
    expect(envelopeOf(readPeople({ from: FROM })).forwardPaths).toEqual([])
  })
})

test('isSameMailbox: names do not count', () => {
  const [a, b, c] = readPeople({ from: FROM, to: ['A <a@x.example>', 'a@X.example', 'A@x.example'] }).to
  expect(isSameMailbox(a!, b!)).toBe(true)
  expect(isSameMailbox(a!, c!)).toBe(false)
})

test.each(['from', 'sender', 'replyTo', 'to', 'cc', 'bcc'])('hasForeign: looks at %s too [rfc6531 3.3]', (field) => {
  expect(hasForeign(readPeople({ from: FROM, [field]: 'é@x.example' }))).toBe(true)
  expect(hasForeign(readPeople({ from: FROM, [field]: 'é <a@x.example>' }))).toBe(false)
})

test.each(['from', 'sender', 'replyTo', 'to', 'cc', 'bcc'] as const)(
  'asciiPeople: maps %s too [rfc5891 5]',
  (field) => {
    const people = asciiPeople(readPeople({ from: FROM, [field]: 'é <a@bücher.example>' }))
    expect(people[field].map(({ address }) => address)).toEqual(['a@xn--bcher-kva.example'])
    expect(failureOf(() => asciiPeople(readPeople({ from: FROM, [field]: 'é@x.example' })))).toBe('MIME_NEEDS_SMTPUTF8')
  },
)
