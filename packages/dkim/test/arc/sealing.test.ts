import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { sealArc, sealArcHeader } from '../../src/arc.ts'
import { DkimBodyHasher, type DkimSigner, signDkim } from '../../src/index.ts'
import { DOMAIN, MESSAGE, octets, SIGNED_AT, textOf } from '../example.ts'
import { FORMS, keys } from '../verdicts.ts'
import { sealed, setFor, tell, validate } from './chain.ts'

const contentOf = (fields: string | undefined, name: string) =>
  new RegExp(`^${name}: ([\\s\\S]*?)\r\n(?![ \t])`, 'm').exec(fields ?? '')?.[1]?.replaceAll('\r\n', '')

test('sealArc: three fields, the seal first, in short lines [rfc8617 5.1]', async () => {
  const fields = (await setFor(MESSAGE))!
  expect(fields.match(/^[A-Z][\w-]+(?=:)/gm)).toEqual([
    'ARC-Seal',
    'ARC-Message-Signature',
    'ARC-Authentication-Results',
  ])
  expect(fields.split('\r\n').every((line) => line.length <= 78)).toBe(true)
  expect(fields.endsWith('\r\n')).toBe(true)
})

test.each(FORMS)('sealArc: %s', async (canonicalization) => {
  for (const sets of [1, 2, 3]) expect(await tell(await sealed(sets, { canonicalization }))).toBe('pass 0')
})

test('sealArc: lines as long as wanted', async () => {
  const text = await sealed(2, { lineLength: 998 })
  expect(await tell(text)).toBe('pass 0')
  expect(/^ b=[\w+/=]{172};$/m.test(text.replaceAll('\r', ''))).toBe(true)
})

test('sealArc: signs what signDkim does, and DKIM-Signature; never fields of ARC [rfc8617 4.1.2]', async () => {
  const own = textOf(await signDkim(octets(MESSAGE), { domain: DOMAIN, selector: 's', key: keys['ed25519-sha256'] }))
  const names = / h=([^;]*);/.exec(contentOf(await setFor(own + MESSAGE), 'ARC-Message-Signature')!)![1]!
  expect(names.split(/: ?/).slice(0, 3)).toEqual(['dkim-signature', 'from', 'to'])
  for (const field of ['ARC-Seal', 'arc-message-signature', 'ARC-Authentication-Results', 'Authentication-Results']) {
    await expect(setFor(MESSAGE, { fields: ['from', field] })).rejects.toMatchObject({ code: 'ARC_FORBIDDEN_FIELD' })
    await expect(setFor(MESSAGE, { oversign: [field] })).rejects.toMatchObject({ code: 'ARC_FORBIDDEN_FIELD' })
  }
})

test('sealArc: a chain that failed is told once, by a seal of its own set alone [rfc8617 5.1.2]', async () => {
  const broken = (await sealed(2)).replace('Hi.', 'Ho.')
  const told = (await setFor(broken))!
  expect(contentOf(told, 'ARC-Seal')).toContain(' cv=fail; ')
  expect(await setFor(told + broken)).toBeUndefined()
  const { nextInstance, reason } = await validate(told + broken)
  expect([nextInstance, reason]).toEqual([undefined, 'chain-failed'])
  // The sets before are not under the seal.
  const other = broken.replace('i=1; mx.example', 'i=1; my.example')
  expect(contentOf(await setFor(other), 'ARC-Seal')).toBe(contentOf(told, 'ARC-Seal'))
})

test.each([
  { name: 'cannot be read', broken: 'ARC-Seal: i=7; a=b\r\n', instance: 'i=8;' },
  { name: 'lacks fields', broken: 'ARC-Authentication-Results: i=1; mx.example; none\r\n', instance: 'i=2;' },
])('sealArc: goes on from the highest number of a chain that $name [rfc8617 5.1]', async ({ broken, instance }) => {
  expect(contentOf(await setFor(broken + MESSAGE), 'ARC-Seal')).toContain(instance)
})

test('sealArc: nothing is added after 50 sets [rfc8617 4.2.1]', async () => {
  expect(await setFor(`ARC-Authentication-Results: i=50; mx.example; none\r\n${MESSAGE}`)).toBeUndefined()
})

test('sealArc: where nothing may be added the body is not read, and the verdict still has to fit [rfc8617 4.2.1]', async () => {
  const message = `ARC-Authentication-Results: i=50; mx.example; none\r\n${MESSAGE}`
  const options = {
    authenticationResults: 'mx.example; none',
    domain: DOMAIN,
    selector: 's',
    key: keys['ed25519-sha256'],
  }
  let released = false
  async function* source(text: string) {
    try {
      yield octets(text.slice(0, text.indexOf('\r\n\r\n') + 4))
      throw new Error('the body is asked for')
    } finally {
      released = true
    }
  }
  const validation = await validate(message)
  expect(await sealArc(source(message), { ...options, validation })).toBeUndefined()
  expect(released).toBe(true)
  await expect(sealArc(source(MESSAGE), { ...options, validation })).rejects.toMatchObject({ code: 'ARC_BAD_CHAIN' })
})

test('sealArc: refuses the verdict of another chain', async () => {
  const [none, one] = [await validate(MESSAGE), await validate(await sealed(1))]
  const bad = { code: 'ARC_BAD_CHAIN' }
  await expect(setFor(MESSAGE, { validation: one })).rejects.toMatchObject(bad)
  await expect(setFor(await sealed(1), { validation: none })).rejects.toMatchObject(bad)
  await expect(setFor(await sealed(2), { validation: one })).rejects.toMatchObject(bad)
  const torn = (await sealed(1)).replace('cv=none', 'cv=pass')
  await expect(setFor(torn, { validation: one })).rejects.toMatchObject(bad)
})

test.each([
  {
    fields: ['mx.example; spf=pass', 'MX.example 1;\r\n dkim=pass (a; b);'],
    expected: 'mx.example; spf=pass; dkim=pass (a; b)',
  },
  { fields: ['mx.example; none', '(c) "mx.example" (d); dmarc=pass'], expected: 'mx.example; dmarc=pass' },
  {
    fields: ['other.example; spf=pass', 'mx.example.net; spf=pass', 'spf=pass', 'mx.example'],
    expected: 'mx.example; none',
  },
  { fields: [], expected: 'mx.example; none' },
])('sealArc: takes the results of one that evaluated: $expected [rfc8617 4.1.1]', async ({ fields, expected }) => {
  const message = fields.map((field) => `Authentication-Results: ${field}\r\n`).join('') + MESSAGE
  const set = await setFor(message, { authenticationResults: { authservId: 'mx.example' } })
  expect(contentOf(set, 'ARC-Authentication-Results')).toBe(`i=1; ${expected}`)
  expect(await tell(set + message)).toBe('pass 0')
})

test.each(['bücher.example', 'xn--bcher-kva.example'])(
  'sealArc: takes the results of %s in U-labels and in A-labels [rfc8617 4.1.4]',
  async (authservId) => {
    const fields = ['bücher.example; spf=pass', 'xn--bcher-KVA.example; dkim=pass', 'bücherr.example; dmarc=pass']
    const message = fields.map((field) => `Authentication-Results: ${field}\r\n`).join('') + MESSAGE
    const options = { domain: DOMAIN, selector: 'brisbane', key: keys['ed25519-sha256'] }
    const validation = await validate(message)
    const set = await sealArc(encodeUtf8(message), { ...options, validation, authenticationResults: { authservId } })
    expect(contentOf(decodeUtf8(set!), 'ARC-Authentication-Results')).toBe(`i=1; ${authservId}; spf=pass; dkim=pass`)
  },
)

test('sealArc: results may be UTF-8', async () => {
  const set = await setFor(MESSAGE, { authenticationResults: 'mx.example; spf=pass smtp.mailfrom=ä@b.example' })
  const { sets } = await validate(set + MESSAGE)
  expect(sets[0]?.results.results).toBe('mx.example; spf=pass smtp.mailfrom=ä@b.example')
})

test.each(['', 'spf=pass', 'mx.example; a\r\nBcc: b', 'mx.example; \r'])(
  'sealArc: refuses %j as results',
  async (text) => {
    await expect(setFor(MESSAGE, { authenticationResults: text })).rejects.toMatchObject({ code: 'ARC_BAD_RESULTS' })
    const authenticationResults = { authservId: text }
    await expect(setFor(MESSAGE, { authenticationResults })).rejects.toMatchObject({ code: 'ARC_BAD_RESULTS' })
  },
)

test.each([
  { name: 'a selector that is no name', options: { selector: 'a\0b' }, code: 'DKIM_BAD_DOMAIN' },
  { name: 'a key for another algorithm', options: { algorithm: 'rsa-sha256' }, code: 'DKIM_BAD_KEY' },
  { name: 'fields without From', options: { fields: ['to'], oversign: [] }, code: 'DKIM_BAD_FIELD' },
  { name: 'a time that is none', options: { now: Number.NaN }, code: 'DKIM_BAD_TIME' },
] as const)('sealArc: refuses $name', async ({ options, code }) => {
  await expect(setFor(MESSAGE, options)).rejects.toMatchObject({ code })
})

test('sealArc: refuses a bare LF', async () => {
  const validation = await validate(MESSAGE)
  await expect(setFor(MESSAGE.replace('Hi.\r\n', 'Hi.\n'), { validation })).rejects.toMatchObject({
    code: 'DKIM_BAD_MESSAGE',
  })
})

test('sealArc: by one who keeps the key, from a source read once, and by hashes made before', async () => {
  const validation = await validate(MESSAGE)
  const common = { validation, authenticationResults: 'mx.example; none', domain: DOMAIN, now: SIGNED_AT }
  const options = { ...common, selector: 'brisbane', key: keys['ed25519-sha256'] }
  const whole = textOf((await sealArc(octets(MESSAGE), options))!)
  async function* source() {
    for (const character of MESSAGE) yield octets(character)
  }
  expect(textOf((await sealArc(source(), options))!)).toBe(whole)
  const hasher = new DkimBodyHasher()
  const [header, body] = [
    MESSAGE.slice(0, MESSAGE.indexOf('\r\n\r\n') + 2),
    MESSAGE.slice(MESSAGE.indexOf('\r\n\r\n') + 4),
  ]
  hasher.push(octets(body))
  expect(textOf((await sealArcHeader(octets(header), await hasher.end(), options))!)).toBe(whole)
  const signer: DkimSigner = {
    algorithm: 'ed25519-sha256',
    sign: async ({ digest }) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', keys['ed25519-sha256'] as never, digest as never)),
  }
  expect(textOf((await sealArc(octets(MESSAGE), { ...options, key: signer }))!)).toBe(whole)
})
