import { splitMessage } from '@posthorn/mime'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type DkimKey, importDkimKey, parseDkimSignature, type SignDkimOptions, signDkim } from '../src/index.ts'
import { DOMAIN, ED25519_PEM, MESSAGE, octets, RSA_PEM, SIGNED_AT, textOf } from './example.ts'

const ed25519 = await importDkimKey(ED25519_PEM)
const rsa = await importDkimKey(RSA_PEM)
const OVERSIGNED =
  'from to cc subject date reply-to mime-version content-type content-transfer-encoding message-id in-reply-to references'.split(
    ' ',
  )

type Options = Partial<SignDkimOptions>

async function sign(message: string, options: Options = {}): Promise<string> {
  return textOf(await signDkim(octets(message), { domain: DOMAIN, selector: 'brisbane', key: ed25519, ...options }))
}

async function signatureOf(message: string, options: Options = {}) {
  return parseDkimSignature((await sign(message, options)).slice(0, -2))
}

describe('signDkim', () => {
  test('gives one field, folded, that ends with CRLF [rfc6376 5.6]', async () => {
    const field = await sign(MESSAGE, { key: rsa, now: SIGNED_AT })
    const { fields, body } = splitMessage(octets(field))
    expect(fields.map(({ name }) => name)).toEqual(['DKIM-Signature'])
    expect(body.length).toBe(0)
    expect(field.endsWith('\r\n')).toBe(true)
    expect(field.split('\r\n').every((line) => line.length <= 78)).toBe(true)
  })

  test('says what it was told [rfc6376 3.5]', async () => {
    const options = { now: SIGNED_AT + 999, expires: SIGNED_AT + 60_000, identity: `joe@mail.${DOMAIN}` }
    expect(await signatureOf(MESSAGE, options)).toMatchObject({
      algorithm: 'ed25519-sha256',
      canonicalization: 'relaxed/relaxed',
      domain: DOMAIN,
      selector: 'brisbane',
      identity: `joe@mail.${DOMAIN}`,
      bodyHash: '2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=',
      bodyLength: undefined,
      signedAt: SIGNED_AT,
      expiresAt: SIGNED_AT + 60_000,
    })
  })

  test('tells no time, and no identity, that it was not told', async () => {
    const field = await sign(MESSAGE)
    expect(field).not.toMatch(/[;\s](?:t|x|i|l)=/)
  })

  test('signs the same octets alike', async () => {
    expect(await sign(MESSAGE, { key: rsa })).toBe(await sign(MESSAGE, { key: rsa }))
    expect(await sign(MESSAGE)).not.toBe(await sign(MESSAGE.replace('Hi.', 'Ho.')))
  })

  test('signs a message without a body, and one without a final CRLF', async () => {
    expect((await signatureOf('From: a@b.example\r\n')).bodyHash).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
    const [open, ended] = await Promise.all([MESSAGE.slice(0, -2), MESSAGE].map((message) => signatureOf(message)))
    expect(open?.bodyHash).toBe(ended?.bodyHash)
  })
})

describe('signDkim: which fields', () => {
  test('those that are there, and each that none may be added to once more [rfc6376 5.4.2]', async () => {
    const present = ['from', 'to', 'subject', 'date', 'message-id']
    expect((await signatureOf(MESSAGE)).signedFields).toEqual([...present, ...OVERSIGNED])
  })

  test('with nothing to close, those that are there [rfc6376 5.4.1]', async () => {
    const { signedFields } = await signatureOf(MESSAGE, { oversign: [] })
    expect(signedFields).toEqual(['from', 'to', 'subject', 'date', 'message-id'])
  })

  test('each of several, and none that relays change [rfc6376 5.4.1]', async () => {
    const trace = 'Received: from x\r\nReturn-Path: <>\r\nX-Spam: no\r\nList-Id: <a.b>\r\nList-Id: <a.c>\r\n'
    const { signedFields } = await signatureOf(trace + MESSAGE)
    expect(signedFields.slice(0, 4)).toEqual(['list-id', 'list-id', 'from', 'to'])
  })

  test('those that it is told, in lower case', async () => {
    const options = { fields: ['FROM', 'X-Mine', 'X-Absent'], oversign: ['X-Mine', 'To'] }
    const { signedFields } = await signatureOf(`X-Mine: 1\r\n${MESSAGE}`, options)
    expect(signedFields).toEqual(['x-mine', 'from', 'to', 'x-mine', 'to'])
  })

  test('an earlier signature when it is told to', async () => {
    const first = await sign(MESSAGE)
    const { signedFields } = await signatureOf(first + MESSAGE, { fields: ['From', 'DKIM-Signature'], oversign: [] })
    expect(signedFields).toEqual(['dkim-signature', 'from'])
  })
})

describe('signDkim: refusals', () => {
  const KEYLESS = { type: 'private', extractable: false, usages: ['sign'] }
  const rsaKey = (more: object): DkimKey => ({ ...KEYLESS, algorithm: { name: 'RSASSA-PKCS1-v1_5', ...more } })

  test.each<[string, Options, string, string]>([
    ['a domain of one label', { domain: 'com' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['a domain with a tag after it', { domain: 'a.example; x=y' }, 'DKIM_BAD_DOMAIN', 'security'],
    ['a domain with a line end', { domain: 'a.example\r\nX: y' }, 'DKIM_BAD_DOMAIN', 'security'],
    ['an empty selector', { selector: '' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['a selector with a line end', { selector: 'a\r\n b' }, 'DKIM_BAD_DOMAIN', 'security'],
    ['an identity of another domain', { identity: 'joe@other.example' }, 'DKIM_BAD_IDENTITY', 'rfc6376 3.5'],
    ['an identity of the domain above', { identity: 'joe@example.com' }, 'DKIM_BAD_IDENTITY', 'rfc6376 3.5'],
    ['an identity with a semicolon', { identity: `a;b@${DOMAIN}` }, 'DKIM_BAD_IDENTITY', 'rfc6376 2.11'],
    ['an identity with a line end', { identity: `a\r\nb@${DOMAIN}` }, 'DKIM_BAD_IDENTITY', 'security'],
    ['an identity without @', { identity: DOMAIN }, 'DKIM_BAD_IDENTITY', 'rfc6376 3.5'],
    ['a field name with a colon', { fields: ['From', 'a:b'] }, 'DKIM_BAD_FIELD', 'rfc6376 3.5'],
    ['a field name with a semicolon', { oversign: ['a;b'] }, 'DKIM_BAD_FIELD', 'security'],
    ['a field name with a line end', { fields: ['From', 'a\r\n'] }, 'DKIM_BAD_FIELD', 'security'],
    ['not to sign From', { fields: ['To'], oversign: [] }, 'DKIM_BAD_FIELD', 'rfc6376 5.4'],
    ['to expire before it is made', { now: 5000, expires: 4000 }, 'DKIM_BAD_TIME', 'rfc6376 3.5'],
    ['to expire in the second in which it is made', { now: 5000, expires: 5999 }, 'DKIM_BAD_TIME', 'rfc6376 3.5'],
    ['a time before 1970', { now: -1 }, 'DKIM_BAD_TIME', 'rfc6376 3.5'],
    ['a time that is no number', { now: Number.NaN }, 'DKIM_BAD_TIME', 'rfc6376 3.5'],
    ['a time of 13 digits', { expires: 1e15 }, 'DKIM_BAD_TIME', 'rfc6376 3.5'],
    ['a key of another algorithm', { algorithm: 'rsa-sha256' }, 'DKIM_BAD_KEY', 'rfc6376 3.3'],
    [
      'a public key',
      { key: { ...ed25519, type: 'public', algorithm: ed25519.algorithm } },
      'DKIM_BAD_KEY',
      'rfc6376 3.3',
    ],
    ['a key for SHA-1', { key: rsaKey({ hash: { name: 'SHA-1' } }) }, 'DKIM_BAD_KEY', 'rfc8301 3.1'],
    ['a key for RSA-PSS', { key: { ...KEYLESS, algorithm: { name: 'RSA-PSS' } } }, 'DKIM_BAD_KEY', 'rfc6376 3.3'],
    [
      'a key of 1,023 bits',
      { key: rsaKey({ hash: { name: 'SHA-256' }, modulusLength: 1023 }) },
      'DKIM_WEAK_KEY',
      'rfc8301 3.2',
    ],
  ])('%s [$3]', async (_, options, code) => {
    expect(await rejectionOf(() => sign(MESSAGE, options))).toBe(code)
  })

  test.each([
    ['a bare LF in the header', MESSAGE.replace('\r\nTo', '\nTo'), 'DKIM_BAD_MESSAGE', 'rfc6376 5.3'],
    ['a bare LF in the body', `${MESSAGE}a\nb\r\n`, 'DKIM_BAD_MESSAGE', 'rfc6376 5.3'],
    ['a bare CR', `${MESSAGE}a\rb\r\n`, 'DKIM_BAD_MESSAGE', 'rfc6376 5.3'],
    ['a CR at the end', `${MESSAGE}\r`, 'DKIM_BAD_MESSAGE', 'rfc6376 5.3'],
    ['a LF at the start', `\n${MESSAGE}`, 'DKIM_BAD_MESSAGE', 'rfc6376 5.3'],
    ['no From', MESSAGE.replace('From', 'Form'), 'DKIM_BAD_MESSAGE', 'rfc6376 5.4'],
    ['two From fields', `FROM: x@y.example\r\n${MESSAGE}`, 'DKIM_BAD_MESSAGE', 'rfc5322 3.6'],
    ['nothing', '', 'DKIM_BAD_MESSAGE', 'rfc6376 5.4'],
    ['a line that is no field', `no field\r\n${MESSAGE}`, 'MIME_BAD_FIELD', 'rfc5322 2.2'],
  ])('%s [$3]', async (_, message, code) => {
    expect(await rejectionOf(() => sign(message))).toBe(code)
  })
})

describe('signDkim: where the runtime cannot sign', () => {
  afterEach(() => void vi.restoreAllMocks())

  test('says so', async () => {
    vi.spyOn(crypto.subtle, 'sign').mockRejectedValue(Object.assign(new Error('no'), { name: 'NotSupportedError' }))
    expect(await rejectionOf(() => sign(MESSAGE, { key: rsa }))).toBe('DKIM_UNSUPPORTED_ALGORITHM')
  })
})
