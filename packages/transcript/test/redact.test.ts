import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTranscript, redact } from '../src/index.ts'
import { FRAMED_SAMPLES } from './framed-samples.ts'
import { LOGGERS, SECRETS, write } from './loggers.ts'
import { SAMPLES } from './samples.ts'

const TEXTS = [
  ...Object.values(LOGGERS).map((logger) => write(logger)),
  ...[...SAMPLES, ...FRAMED_SAMPLES].map(({ text }) => text),
]

describe.each(Object.keys(LOGGERS))('redact: a log of %s', (name) => {
  const log = write(LOGGERS[name]!)

  test('has no secret, and the rest as it was', () => {
    const { text, secrets } = redact(log)
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
    expect(secrets).toEqual(parseTranscript(log).secrets)
    const changed = [...text].filter((character, at) => character !== log[at])
    expect(changed.length).toBe(SECRETS[0]!.length)
    expect(changed.every((character) => character === '*')).toBe(true)
  })

  test('has no echo of one either, in clear or in Base64', () => {
    const { text } = redact(`${log}\ndebug: sent ${SECRETS[0]}, which is ${SECRETS[1]}\n`)
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
    expect(text).toContain('debug: sent ')
  })
})

test('redact: each line stays as long as it is, whatever the text is', () => {
  const piece = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 100 }))
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) => {
      const log = pieces.join('\n')
      const lengths = (text: string): number[] => text.split('\n').map((line) => line.length)
      expect(lengths(redact(log).text)).toEqual(lengths(log))
    }),
    { numRuns: 50 },
  )
})

test('redact: what is beyond the limits has not been looked at, and is masked', () => {
  const log = 'C: EHLO a.example\nS: 250 a.example\nC: AUTH PLAIN AGFubgBzZWNyZXQx\n'
  expect(redact(log, { maxLines: 2 }).text).toBe(
    'C: EHLO a.example\nS: 250 a.example\n** **** ***** ****************\n',
  )
  expect(redact(log, { maxLength: 20 }).text.startsWith('C: EHLO a.example\nS:')).toBe(true)
  expect(redact(log, { maxLength: 20 }).text).not.toMatch(/250|AUTH/)
})

test('redact: what a tool has hidden already is no secret', () => {
  const log = 'C: AUTH PLAIN ****\nS: 235 ok'
  expect(redact(log)).toEqual({ text: log, secrets: [] })
})

test.each([
  ['LOGIN', 'C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5u\nS: 334 UGFzc3dvcmQ6\nC: cGVwcGVyN2tldHRsZQ==\nS: 235 ok\n'],
  ['XOAUTH2', 'C: AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgcGVwcGVyN2tldHRsZQEB\nS: 235 ok\n'],
])('redact: an echo of what was sent by %s [rfc4954 4]', (_, log) => {
  const { text } = redact(`${log}the tool says pepper7kettle once more`)
  expect(text).not.toContain('pepper7kettle')
  expect(text).toContain('the tool says ')
})

test.each([
  'Jan  2 03:04:05 mx postfix/smtp[9]: maps_find: smtp_sasl_password_maps: texthash:/etc/p(0,lock): mx:587 = ann@a.example:pepper7kettle',
  "Jan  2 03:04:05 mx postfix/smtp[9]: smtp_sasl_passwd_lookup: host `mx' user `ann' pass `pepper7kettle'",
  'Jan  2 03:04:05 mx postfix/smtp[9]: xsasl_cyrus_client_get_passwd: pepper7kettle',
  'Jan  2 03:04:05 mx postfix/smtp[9]: xsasl_cyrus_client_next: uncoded client response pepper7kettle',
])('redact: a password in the debug lines of a server: %s', (line) => {
  const log = `Jan  2 03:04:05 mx postfix/smtp[9]: < mx[192.0.2.1]:587: 220 mx\n${line}\n`
  expect(redact(log).text).not.toContain('pepper7kettle')
  expect(JSON.stringify(parseTranscript(log).sessions)).not.toContain('pepper7kettle')
})
