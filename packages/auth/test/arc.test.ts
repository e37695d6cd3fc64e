import { encodeUtf8 } from '@posthorn/core'
import { generateDkimKey } from '@posthorn/dkim'
import { sealArc } from '@posthorn/dkim/arc'
import { MemoryZone } from '@posthorn/dns'
import { expect, test } from 'vitest'
import { authenticate, formatAuthenticationResults, parseAuthenticationResults } from '../src/index.ts'

const NOW = Date.UTC(2026, 0, 1)
const { privateKey, record } = await generateDkimKey({ algorithm: 'rsa-sha256' })
const zoneOf = () =>
  new MemoryZone().add('k._domainkey.list.example', 'TXT', record).add('_dmarc.a.example', 'TXT', 'v=DMARC1; p=reject')
const TEXT = 'From: Joe <joe@a.example>\r\nSubject: s\r\n\r\nHello\r\n'

// A message that a list passes on: neither SPF nor DKIM is left of its author.
async function sealed(text = TEXT): Promise<string> {
  const fields = await sealArc(encodeUtf8(TEXT), {
    validation: { result: 'none', sets: [], nextInstance: 1 },
    authenticationResults: 'list.example; spf=pass smtp.mailfrom=joe@a.example; dmarc=pass header.from=a.example',
    domain: 'list.example',
    selector: 'k',
    key: privateKey,
    now: NOW,
  })
  return new TextDecoder().decode(fields) + text
}

const found = (text: string, resolver = zoneOf(), more = {}) =>
  authenticate(encodeUtf8(text), {
    clientAddress: '192.0.2.7',
    helo: 'list.example',
    reversePath: 'bounce@list.example',
    resolver,
    now: NOW,
    authservId: 'mx.example',
    ...more,
  })

test('authenticate: a chain that is whole is told, and alters nothing [rfc8617 7.2.1]', async () => {
  const resolver = zoneOf()
  const one = await found(await sealed(), resolver)
  expect([one.arc.result, one.arc.oldestPass, one.dmarc.result, one.dmarc.policy?.applied]).toEqual([
    'pass',
    0,
    'fail',
    'reject',
  ])
  const plain = await found(TEXT)
  expect(plain.dmarc).toEqual(one.dmarc)
  const { results } = one.authenticationResults!
  expect(results.find(({ method }) => method === 'arc')).toEqual({
    method: 'arc',
    result: 'pass',
    properties: [
      { ptype: 'smtp', property: 'remote-ip', value: '192.0.2.7' },
      { ptype: 'header', property: 'oldest-pass', value: '0' },
    ],
  })
  const field = formatAuthenticationResults(one.authenticationResults!)
  expect(parseAuthenticationResults(field.slice(23))).toEqual(one.authenticationResults)
  expect(one.queries.filter(({ by }) => by === 'arc').map(({ name }) => name)).toEqual(['k._domainkey.list.example'])
})

test('authenticate: a message without a chain has none, and no result for it [rfc8617 5.2]', async () => {
  const one = await found(TEXT)
  expect(one.arc).toEqual({ result: 'none', sets: [], nextInstance: 1 })
  expect(one.authenticationResults?.results.some(({ method }) => method === 'arc')).toBe(false)
})

test('authenticate: a chain that broke is told with its reason [rfc8617 5.2]', async () => {
  const one = await found((await sealed()).replace('Hello', 'Hullo'))
  expect([one.arc.result, one.arc.reason]).toEqual(['fail', 'body-hash-mismatch'])
  expect(formatAuthenticationResults(one.authenticationResults!)).toContain(
    ' arc=fail reason=body-hash-mismatch smtp.remote-ip=192.0.2.7',
  )
})

test('authenticate: a chain takes no more questions than its share, and it is said [rfc8617 9.4]', async () => {
  const one = await found(await sealed(), zoneOf(), { maxQueries: 9 })
  expect([one.arc.result, one.arc.reason, one.dmarc.result]).toEqual(['fail', 'key-servfail', 'fail'])
  expect(one.notes).toContainEqual({ mechanism: 'arc', code: 'query-limit' })
  expect(formatAuthenticationResults(one.authenticationResults!)).toContain(' arc=fail reason=query-limit')
})

test('authenticate: a header that cannot be read has no chain that holds [rfc5322 2.2]', async () => {
  const one = await found(`no field\r\n${TEXT}`)
  expect(one.arc).toEqual({ result: 'fail', reason: 'bad-message', sets: [] })
})
