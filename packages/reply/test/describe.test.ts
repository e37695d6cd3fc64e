import { describe, expect, test } from 'vitest'
import { ANSWERS, REPLY_CODES } from '../src/code-registry.ts'
import { describeReply, parseEnhancedStatus } from '../src/index.ts'
import { STATUS_CODES } from '../src/status-registry.ts'

const codes = Object.entries(REPLY_CODES).map(([code, meaning]) => ({ code: Number(code), meaning }))
const statuses = Object.entries(STATUS_CODES).map(([status, meaning]) => ({ status, meaning }))
const CLASSES = { 2: 'done', 3: 'go on', 4: 'not now; try again later', 5: 'refused for good' } as const

// How many details each subject has in the registry, from X.0 on.
const DETAILS = { 0: 1, 1: 11, 2: 5, 3: 7, 4: 8, 5: 7, 6: 11, 7: 31 }

describe('describeReply', () => {
  test.each(codes)('describeReply: the code $code [rfc5321 4.2.3]', ({ code, meaning }) => {
    const kind = Math.floor(code / 100) as 2 | 3 | 4 | 5
    expect(describeReply({ code, lines: [] })).toBe(kind < 4 ? meaning : `${CLASSES[kind]}: ${meaning}`)
  })

  test.each(statuses.filter(({ status }) => status !== '0.0'))(
    'describeReply: the status code $status [rfc5248 2.4]',
    ({ status, meaning }) => {
      for (const [code, kind] of [
        [499, 4],
        [554, 5],
      ] as const) {
        const reply = { code, enhanced: parseEnhancedStatus(`${kind}.${status}`), lines: [] }
        expect(describeReply(reply)).toBe(`${CLASSES[kind]}: ${meaning}`)
      }
    },
  )

  test.each([
    {
      name: 'a status code that says nothing more',
      code: 450,
      status: '4.0.0',
      text: 'not now; try again later: the mailbox is not available now',
    },
    {
      name: 'a status code of a vendor',
      code: 550,
      status: '5.7.705',
      text: 'refused for good: the mailbox is not available, or policy refuses the message',
    },
    { name: 'success, which its code describes', code: 250, status: '2.1.5', text: 'done' },
    { name: 'a code of success that is not known', code: 299, text: 'done' },
    { name: 'a code of 3xx that is not known', code: 399, text: 'go on' },
    { name: 'a code of 4xx that is not known', code: 499, text: 'not now; try again later' },
    { name: 'a code of 5xx that is not known', code: 599, text: 'refused for good' },
    { name: 'both not known', code: 599, status: '5.99.99', text: 'refused for good' },
  ])('describeReply: $name [rfc5321 4.2.1]', ({ code, status, text }) => {
    const enhanced = status === undefined ? {} : { enhanced: parseEnhancedStatus(status) }
    expect(describeReply({ code, lines: [], ...enhanced })).toBe(text)
  })
})

test.each([
  { code: 550, status: '5.1.1', text: /mailbox does not exist/ },
  { code: 556, status: '5.1.10', text: /null MX/ },
  { code: 452, status: '4.2.2', text: /full/ },
  { code: 552, status: '5.3.4', text: /larger than the mail system/ },
  { code: 452, status: '4.5.3', text: /too many recipients/ },
  { code: 550, status: '5.6.7', text: /not US-ASCII/ },
  { code: 535, status: '5.7.8', text: /credentials/ },
  { code: 550, status: '5.7.23', text: /SPF fails/ },
  { code: 550, status: '5.7.25', text: /no matching name/ },
  { code: 550, status: '5.7.27', text: /sender.*null MX/ },
  { code: 550, status: '5.7.29', text: /ARC/ },
  { code: 550, status: '5.7.30', text: /REQUIRETLS/ },
  { code: 421, text: /closes the connection/ },
  { code: 432, text: /password/ },
  { code: 503, text: /out of turn/ },
  { code: 521, text: /host takes no mail/ },
  { code: 556, text: /domain takes no mail/ },
])('describeReply: $code $status says $text [rfc5248 2.4]', ({ code, status, text }) => {
  const enhanced = status === undefined ? {} : { enhanced: parseEnhancedStatus(status) }
  expect(describeReply({ code, lines: [], ...enhanced })).toMatch(text)
})

const answers = Object.entries(ANSWERS).map(([key, meaning]) => {
  const [verb = '', code] = key.split(' ')
  return { verb, code: Number(code), meaning }
})

describe('describeReply: what a reply answers', () => {
  test.each(answers)('describeReply: $code to $verb [rfc5321 4.3.2]', ({ verb, code, meaning }) => {
    expect(describeReply({ code, lines: [] }, { answers: verb })).toBe(meaning)
    expect(describeReply({ code, lines: [] })).toBe(REPLY_CODES[code])
    expect(describeReply({ code: 550, lines: [] }, { answers: verb })).toBe(describeReply({ code: 550, lines: [] }))
  })

  test.each(['VRFY', 'no command', 'toString', '__proto__'])('describeReply: %s changes nothing', (verb) => {
    expect(describeReply({ code: 250, lines: [] }, { answers: verb })).toBe('done')
  })
})

test('STATUS_CODES: has every detail that the registry has, without a gap [rfc5248 2.4]', () => {
  const expected = Object.entries(DETAILS).flatMap(([subject, count]) =>
    Array.from({ length: count }, (_, detail) => `${subject}.${detail}`),
  )
  expect(Object.keys(STATUS_CODES)).toEqual(expected)
})

test('REPLY_CODES, STATUS_CODES and ANSWERS: short phrases that fit behind a colon', () => {
  for (const { meaning } of [...codes, ...statuses, ...answers])
    expect(meaning).toMatch(/^(?:[a-z]|TLS |SPF )[^.]{2,80}[^.\s]$/)
})

test('REPLY_CODES: codes that the grammar allows [rfc5321 4.2]', () => {
  for (const { code } of codes) expect(String(code)).toMatch(/^[2-5][0-5]\d$/)
})

test.each([
  ['EHLO', 250, 'the server says what it offers'],
  ['STARTTLS', 220, 'the TLS handshake can begin'],
  ['RCPT', 250, 'the recipient is accepted'],
  ['RCPT', 251, 'the recipient is elsewhere; the server forwards the message'],
  ['message', 250, 'the server is responsible for the message now'],
  ['RCPT', 550, 'refused for good: the mailbox is not available, or policy refuses the message'],
  ['VRFY', 250, 'done'],
  ['constructor', 250, 'done'],
])('describeReply: in answer to %s, %i is "%s" [rfc5321 4.3.2]', (answers, code, expected) => {
  expect(describeReply({ code, lines: ['text'] }, { answers })).toBe(expected)
})
