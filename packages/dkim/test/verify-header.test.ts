import { describe, expect, test } from 'vitest'
import { type VerifyDkimOptions, verifyDkim } from '../src/index.ts'
import { DOMAIN, MESSAGE, octets, SIGNED_AT, SIGNED_MESSAGE, zoneOfExample } from './example.ts'
import { signed, tell, withTags } from './verdicts.ts'

describe('verifyDkim: what the signature says', () => {
  test.each([
    ['a tag twice', withTags('v=1;', 'v=1; v=1;'), 'permerror bad-tag-list', 'rfc6376 3.2'],
    ['a malformed tag', withTags('v=1;', 'v=1; x;'), 'permerror bad-tag-list', 'rfc6376 3.2'],
    ['another version', withTags('v=1', 'v=2'), 'permerror bad-tag', 'rfc6376 6.1.1'],
    ['no version', withTags('v=1;', ''), 'permerror missing-tag', 'rfc6376 6.1.1'],
    ['no selector', withTags('s=test;', ''), 'permerror missing-tag', 'rfc6376 6.1.1'],
    ['a stray character in b=', withTags('b=F45', 'b=F*5'), 'permerror bad-tag', 'rfc6376 3.5'],
    ['a domain of one label', withTags(`d=${DOMAIN}; i=@${DOMAIN}`, 'd=com'), 'permerror bad-domain', 'rfc6376 3.5'],
    ['i= of another domain', withTags(`i=@${DOMAIN}`, 'i=@example.com'), 'permerror bad-identity', 'rfc6376 6.1.1'],
    [
      'From not in h=',
      withTags('date : message-id : from', 'date').replace('h=from', 'h=x'),
      'permerror from-not-signed',
      'rfc6376 6.1.1',
    ],
    ['rsa-sha1', withTags('rsa-sha256', 'rsa-sha1'), 'permerror retired-algorithm', 'rfc8301 3.1'],
    ['an unknown algorithm', withTags('rsa-sha256', 'rsa-sha512'), 'neutral unsupported-algorithm', 'rfc6376 3.3'],
    [
      'an unknown header form',
      withTags('c=relaxed/', 'c=nowsp/'),
      'neutral unsupported-canonicalization',
      'rfc6376 3.5',
    ],
    ['an unknown body form', withTags('/relaxed', '/nofws'), 'neutral unsupported-canonicalization', 'rfc6376 3.5'],
    ['an unknown way to the key', withTags('dns/txt', 'http/key'), 'neutral unsupported-query', 'rfc6376 3.5'],
    ['l= beyond the body', withTags('t=1528637909', 'l=9999'), 'fail body-too-short', 'rfc6376 3.7'],
    ['a value of another length', withTags(/b=F45[\s\S]*/, 'b=AAAA'), 'fail signature-mismatch', 'rfc8017 8.2.2'],
  ])('%s [$3]', async (_, message, expected) => {
    const resolver = zoneOfExample()
    expect(await tell(message, { resolver })).toEqual([expected])
    // What is refused for its form costs no query.
    expect(resolver.queries.length).toBe(expected.startsWith('fail') ? 1 : 0)
  })

  test('NUL in s= asks no zone at all [security]', async () => {
    const resolver = zoneOfExample()
    expect(await tell(withTags('s=test', 's=test.attacker.example\0'), { resolver })).toEqual([
      'permerror bad-tag-list',
    ])
    expect(resolver.queries).toEqual([])
  })

  test('what could not be read has no signature, and what could has', async () => {
    const options = { resolver: zoneOfExample(), now: SIGNED_AT }
    const [unread] = await verifyDkim(octets(withTags('v=1;', '')), options)
    const [read] = await verifyDkim(octets(withTags('rsa-sha256', 'rsa-sha1')), options)
    expect(unread).toEqual({ result: 'permerror', reason: 'missing-tag', testing: false })
    expect(read?.signature).toMatchObject({ domain: DOMAIN, algorithm: 'rsa-sha1' })
  })

  test('c= of one part means a simple body [rfc6376 3.5]', async () => {
    const message = await signed(MESSAGE, { canonicalization: 'relaxed/simple' })
    expect(await tell(message)).toEqual(['pass'])
    expect(message).toContain('c=relaxed/simple')
    expect(await tell(message.replace('relaxed/simple', 'relaxed'))).toEqual(['fail signature-mismatch'])
  })

  test('a second From that is not signed is told, above or below the first [rfc6376 8.15]', async () => {
    const message = await signed(MESSAGE, { oversign: [] })
    expect(await tell(message)).toEqual(['pass'])
    const added = ['\r\nFrom: other@example.net\r\nFrom:', '\r\nfrom: other@example.net\r\nFrom:']
    for (const fields of added) {
      expect(await tell(message.replace('\r\nFrom:', fields))).toEqual(['permerror from-not-signed'])
    }
    const below = message.replace('\r\nTo:', '\r\nFrom: other@example.net\r\nTo:')
    expect(await tell(below)).toEqual(['permerror from-not-signed'])
  })

  test('a message without From is not signed by anyone', async () => {
    expect(await tell(SIGNED_MESSAGE.replace('\r\nFrom:', '\r\nForm:'))).toEqual([
      'permerror from-not-signed',
      'permerror from-not-signed',
    ])
  })

  test('a signature may cover another, and stays apart from its own field [rfc6376 5.4]', async () => {
    const once = await signed(MESSAGE)
    const twice = await signed(once, { fields: ['From', 'DKIM-Signature'], oversign: ['DKIM-Signature'] })
    expect(await tell(twice)).toEqual(['pass', 'pass'])
  })
})

describe('verifyDkim: times', () => {
  const MINUTE = 60_000
  const times = { now: SIGNED_AT, expires: SIGNED_AT + MINUTE }

  test.each<[string, number, Partial<VerifyDkimOptions>, string]>([
    ['before it expires', SIGNED_AT + MINUTE, {}, 'pass'],
    ['within the skew after that', SIGNED_AT + 6 * MINUTE, {}, 'pass'],
    ['after that', SIGNED_AT + 6 * MINUTE + 1, {}, 'policy expired'],
    ['just before it was made', SIGNED_AT - 5 * MINUTE, {}, 'pass'],
    ['long before it was made', SIGNED_AT - 5 * MINUTE - 1, {}, 'policy signed-in-future'],
    ['after it expires, without skew', SIGNED_AT + MINUTE + 1, { clockSkew: 0 }, 'policy expired'],
    ['before it was made, without skew', SIGNED_AT - 1, { clockSkew: 0 }, 'policy signed-in-future'],
    ['at a time that is no number', Number.NaN, {}, 'policy expired'],
  ])('%s [rfc6376 3.5]', async (_, now, options, expected) => {
    expect(await tell(await signed(MESSAGE, times), { now, ...options })).toEqual([expected])
  })

  test('without t= and x= any time is good, but one that is no number', async () => {
    const message = await signed(MESSAGE)
    expect(await tell(message, { now: 0 })).toEqual(['pass'])
    expect(await tell(message, { now: 9e15 })).toEqual(['pass'])
    expect(await tell(message, { now: Number.NaN })).toEqual(['policy expired'])
  })
})
