import { MailError } from '@posthorn/core'
import { type Answer, MemoryZone, type Resolver } from '@posthorn/dns'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sealedData } from '../../src/arc/sealed-data.ts'
import {
  formatArcMessageSignature,
  formatArcSeal,
  parseArcMessageSignature,
  parseArcSeal,
  validateArc,
} from '../../src/arc.ts'
import { DkimKeyCache, readSigned, verifyDkim } from '../../src/index.ts'
import { signedHeader } from '../../src/signed-data.ts'
import { computeValue } from '../../src/signer.ts'
import { DOMAIN, hashBody, MESSAGE, octets, SIGNED_AT, SIGNED_MESSAGE, zoneOfExample } from '../example.ts'
import { FORMS, keys } from '../verdicts.ts'
import { sealed, tell, validate } from './chain.ts'

const three = await sealed(3)
const setOf = (message: string, instance: number) =>
  message.split(/(?<=\r\n)(?![ \t])/).filter((field) => new RegExp(`^ARC-[\\s\\S]*[ ;]i=${instance};`).test(field))

test('validateArc: a message without fields of ARC has no chain, and its body is not read [rfc8617 5.2]', async () => {
  expect(await validate(MESSAGE)).toEqual({ result: 'none', sets: [], nextInstance: 1 })
  async function* source() {
    yield octets('From: a@b.example\r\n\r\n')
    throw new Error('read on')
  }
  const { result } = await validateArc(source(), { resolver: new MemoryZone(), now: 0 })
  expect(result).toBe('none')
})

test.each([1, 2, 3, 4])(
  'validateArc: a chain of %s passes, and tells what its sets say [rfc8617 5.2]',
  async (count) => {
    const { result, reason, sets, oldestPass, unsignedOctets, nextInstance } = await validate(await sealed(count))
    expect([result, reason, oldestPass, unsignedOctets, nextInstance]).toEqual(['pass', undefined, 0, 0, count + 1])
    expect(sets.map(({ instance, seal }) => [instance, seal.chainStatus, seal.domain, seal.selector])).toEqual(
      Array.from({ length: count }, (_, index) => [
        index + 1,
        index === 0 ? 'none' : 'pass',
        DOMAIN,
        index % 2 === 0 ? 'brisbane' : 'test',
      ]),
    )
    expect(sets.map(({ results }) => results.authservId)).toEqual(sets.map(() => 'mx.example'))
  },
)

test.each(FORMS)('validateArc: %s, its body cut anywhere', async (canonicalization) => {
  const message = octets(await sealed(2, { canonicalization }))
  for (const size of [1, 3, 1000]) {
    async function* pieces() {
      for (let at = 0; at < message.length; at += size) yield message.slice(at, at + size)
    }
    const { result } = await validateArc(pieces(), { resolver: zoneOfExample(), now: SIGNED_AT })
    expect(result).toBe('pass')
  }
})

test('validateArc: the set since which the message was not changed [rfc8617 5.2 step 5]', async () => {
  // A list validates what it gets, and seals what it has made of it.
  const before = await validate(await sealed(2))
  const list = await sealed(1, { validation: before }, (await sealed(2)).replace('Is dinner', '[list] Is dinner'))
  expect(await tell(list)).toBe('pass 3')
  expect(await tell(await sealed(1, {}, list))).toBe('pass 3')
})

test.each([
  { name: 'the body', from: 'Hi.', to: 'Ho.', expected: 'fail body-hash-mismatch 3 signature' },
  { name: 'the subject', from: 'Is dinner', to: 'Is lunch', expected: 'fail signature-mismatch 3 signature' },
  { name: 'the results of a set', from: 'i=1; mx', to: 'i=1; my', expected: 'fail signature-mismatch 3 seal' },
  { name: 'an early status', from: 'cv=none', to: 'cv=pass', expected: 'fail bad-chain-status 1 seal' },
  { name: 'the last status', from: 'cv=pass', to: 'cv=none', expected: 'fail bad-chain-status 3 seal' },
  { name: 'a status that says so', from: 'cv=pass', to: 'cv=fail', expected: 'fail chain-failed 3 seal' },
  { name: 'a number', from: 'i=2; mx', to: 'i=4; mx', expected: 'fail missing-field 2 results' },
  { name: 'a number twice', from: 'i=2; mx', to: 'i=1; mx', expected: 'fail duplicate-field 1 results' },
  { name: 'a number that is none', from: 'i=2; mx', to: 'i=0; mx', expected: 'fail bad-instance results' },
  {
    name: 'a seal by SHA-1',
    from: 'ARC-Seal: a=ed25519-sha256',
    to: 'ARC-Seal: a=rsa-sha1',
    expected: 'fail retired-algorithm 3 seal',
  },
  { name: 'a seal with h=', from: 'cv=pass;', to: 'cv=pass; h=from;', expected: 'fail forbidden-tag seal' },
  { name: 'a tag twice', from: 'cv=pass;', to: 'cv=pass; cv=pass;', expected: 'fail bad-tag-list seal' },
])('validateArc: finds out that $name was changed', async ({ from, to, expected }) => {
  expect(await tell(three.replace(from, to))).toBe(expected)
})

test.each([1, 2, 3])(
  'validateArc: a field of set %s is missing, or there twice [rfc8617 5.2 step 3]',
  async (instance) => {
    const fields = setOf(three, instance)
    expect(fields).toHaveLength(3)
    for (const field of fields) {
      expect(await tell(three.replace(field, ''))).toMatch(new RegExp(`^fail missing-field ${instance} `))
      expect(await tell(field + three)).toMatch(new RegExp(`^fail duplicate-field ${instance} `))
    }
  },
)

test('validateArc: over 50 sets are no chain, and nothing is asked [rfc8617 4.2.1]', async () => {
  const resolver: Resolver = { resolve: () => Promise.reject(new Error('asked')) }
  const fields = Array.from({ length: 151 }, () => 'ARC-Seal: i=1\r\n').join('')
  expect(await tell(fields + MESSAGE, { resolver })).toBe('fail too-many-sets')
  expect(await tell(three, { resolver, maxKeys: 1 })).toBe('fail too-many-keys')
})

test('validateArc: a header that cannot be read', async () => {
  expect(await tell('no colon\r\n\r\n')).toBe('fail bad-message')
})

test.each([
  { answer: { status: 'nxdomain', name: '', ttl: 0, authenticated: false }, reason: 'key-nxdomain' },
  { answer: { status: 'servfail' }, reason: 'key-servfail' },
  { answer: { status: 'timeout' }, reason: 'key-timeout' },
  {
    answer: { status: 'found', name: '', ttl: 0, authenticated: false, records: ['v=DKIM1; p='] },
    reason: 'key-revoked',
  },
] as { answer: Answer<'TXT'>; reason: string }[])(
  'validateArc: fails for good by $reason [rfc8617 5.2.1]',
  async ({ answer, reason }) => {
    const resolver = { resolve: async () => answer } as unknown as Resolver
    expect(await tell(three, { resolver })).toBe(`fail ${reason} 3 signature`)
  },
)

test('validateArc: limits of keys and clocks are those of DKIM', async () => {
  expect(await tell(three, { minRsaBits: 2048 })).toBe('fail key-too-short 2 seal')
  expect(await tell(three, { now: 0 })).toBe('fail signed-in-future 3 signature')
  expect(await tell(three, { now: SIGNED_AT - 1000, clockSkew: 0 })).toBe('fail signed-in-future 3 signature')
  const keyCache = new DkimKeyCache()
  expect([await tell(three, { keyCache }), keyCache.size]).toEqual(['pass 0', 2])
})

test('validateArc: each key is asked for once, a selector of NULs never', async () => {
  const asked: string[] = []
  const zone = zoneOfExample()
  const resolver = {
    resolve: (name: string, type: 'TXT') => {
      asked.push(name)
      return zone.resolve(name, type)
    },
  } as unknown as Resolver
  expect(await tell(three, { resolver })).toBe('pass 0')
  expect(asked.sort()).toEqual([`brisbane._domainkey.${DOMAIN}`, `test._domainkey.${DOMAIN}`])
  expect(await tell(three.replace('s=brisbane', 's=a\0b'), { resolver })).toMatch(/^fail /)
  expect(asked).toHaveLength(2)
})

test('validateArc: shares one reading of the message with DKIM', async () => {
  const text = await sealed(2, {}, SIGNED_MESSAGE)
  let chunks = 0
  async function* source() {
    for (const chunk of text.match(/[\s\S]{1,100}/g)!) {
      chunks++
      yield octets(chunk)
    }
  }
  const message = await readSigned(source())
  const options = { resolver: zoneOfExample(), now: SIGNED_AT }
  const [signatures, chain] = await Promise.all([verifyDkim(message, options), validateArc(message, options)])
  expect([...signatures.map(({ result }) => result), chain.result]).toEqual(['pass', 'pass', 'pass'])
  expect(chunks).toBe(Math.ceil(text.length / 100))
})

/** One set whose signature is of the first octets of the body alone, which sealArc does not make. */
async function sealedWithLength(bodyLength: number): Promise<string> {
  const key = keys['rsa-sha256']
  const fields = splitMessage(octets(MESSAGE)).fields
  const { hash } = await hashBody(octets(MESSAGE.slice(MESSAGE.indexOf('\r\n\r\n') + 4)), 'relaxed', bodyLength)
  const whole = await sealed(1, { key, selector: 'test' })
  const [seal, signature, results] = setOf(whole, 1).map((field) => field.trimEnd())
  const unsigned = { ...parseArcMessageSignature(signature!), bodyHash: hash, bodyLength, value: 'AAAA' }
  const covered = signedHeader(fields, unsigned.signedFields, octets(formatArcMessageSignature(unsigned)), 'relaxed')
  const signed = formatArcMessageSignature({ ...unsigned, value: await computeValue(key, 'rsa-sha256', covered) })
  const set = { results: octets(results!), signature: octets(signed), seal: octets(seal!) }
  const value = await computeValue(key, 'rsa-sha256', sealedData([set])(0))
  return [formatArcSeal({ ...parseArcSeal(seal!), value }), signed, results, MESSAGE].join('\r\n')
}

test('validateArc: l= leaves out the end of the body, and it is told', async () => {
  const text = await sealedWithLength(4)
  const { result, unsignedOctets } = await validate(`${text}more\r\n`)
  const canonical = `${MESSAGE.slice(MESSAGE.indexOf('Hi.'))}more\r\n`.replace('  ', ' ')
  expect([result, unsignedOctets]).toEqual(['pass', canonical.length - 4])
  expect(await tell(text.replace('Hi.', 'Ho.'))).toBe('fail body-hash-mismatch 1 signature')
})

test('validateArc: the signal ends the wait', async () => {
  const signal = AbortSignal.abort(new Error('gone'))
  await expect(validate(three, { signal })).rejects.toThrow('gone')
})

test('validateArc: arbitrary fields throw nothing', async () => {
  const fields = three.slice(0, three.indexOf('From:'))
  await fc.assert(
    fc.asyncProperty(fc.nat(fields.length), fc.string({ maxLength: 5 }), fc.nat(20), async (at, text, cut) => {
      const { result } = await validate(three.slice(0, at) + text + three.slice(at + cut)).catch((error) => {
        throw error instanceof MailError ? new Error(error.code) : error
      })
      expect(['none', 'pass', 'fail']).toContain(result)
    }),
    { numRuns: 100 },
  )
})
