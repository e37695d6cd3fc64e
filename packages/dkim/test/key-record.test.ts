import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type DkimRecord, formatDkimRecord, parseDkimRecord } from '../src/index.ts'
import { ED25519_PUBLIC, ED25519_RECORD } from './example.ts'

const EMPTY: DkimRecord = { keyType: 'rsa', publicKey: 'AAAA', hashes: [], services: [], flags: [], notes: '' }

describe('parseDkimRecord', () => {
  test.each<[string, string, Partial<DkimRecord>, string]>([
    ['the example', ED25519_RECORD, { keyType: 'ed25519', publicKey: ED25519_PUBLIC }, 'rfc8463 A.2'],
    ['p= alone', 'p=AAAA', {}, 'rfc6376 3.6.1'],
    ['a revoked key', 'v=DKIM1; p=', { publicKey: '' }, 'rfc6376 3.6.1'],
    ['a key in parts', 'p=AA\tAA AA ==', { publicKey: 'AAAAAA==' }, 'rfc6376 3.6.1'],
    ['a type that is not known', 'k=dsa; p=AAAA', { keyType: 'dsa' }, 'rfc6376 3.6.1'],
    ['hashes', 'h=sha1 : sha256; p=AAAA', { hashes: ['sha1', 'sha256'] }, 'rfc6376 3.6.1'],
    ['services', 's=email:*; p=AAAA', { services: ['email', '*'] }, 'rfc6376 3.6.1'],
    ['flags', 't=y:s:x-other; p=AAAA', { flags: ['y', 's', 'x-other'] }, 'rfc6376 3.6.1'],
    ['notes', 'n=for=20the  test; p=AAAA', { notes: 'for=20the test' }, 'rfc6376 3.6.1'],
    ['notes that are not quoted', 'n=für\xa1; p=AAAA', { notes: 'für\xa1' }, 'tolerated'],
    ['v= with white space', ' v = DKIM1 ;p=AAAA', {}, 'rfc6376 3.6.1'],
    ['a final semicolon', 'v=DKIM1; p=AAAA;', {}, 'rfc6376 3.2'],
    ['g= of old, and tags that are not known', 'v=DKIM1; g=*; zz=1; p=AAAA', {}, 'rfc6376 3.6.1'],
    ['the tags in any order', 'v=DKIM1; p=AAAA; t=s; h=sha256', { flags: ['s'], hashes: ['sha256'] }, 'rfc6376 3.6.1'],
  ])('takes %s [$3]', (_, text, expected) => {
    expect(parseDkimRecord(text)).toEqual({ ...EMPTY, ...expected })
  })

  test.each([
    ['no p=', 'v=DKIM1; k=rsa', 'DKIM_MISSING_TAG', 'rfc6376 3.6.1'],
    ['another version', 'v=DKIM2; p=AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['the version in lower case', 'v=dkim1; p=AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['the version not first', 'p=AAAA; v=DKIM1', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['an SPF record', 'v=spf1 -all', 'DKIM_BAD_TAG', 'rfc7208 4.5'],
    ['a text of another kind', 'site-verification=abc', 'DKIM_BAD_TAG_LIST', 'rfc6376 3.2'],
    ['nothing', '', 'DKIM_BAD_TAG_LIST', 'rfc6376 3.2'],
    ['quotes that were pasted', '"v=DKIM1; p=AAAA"', 'DKIM_BAD_TAG_LIST', 'rfc6376 3.2'],
    ['escapes that were pasted', 'v=DKIM1\\; k=rsa\\; p=AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.2'],
    ['p= twice', 'p=AAAA; p=BBBB', 'DKIM_BAD_TAG_LIST', 'rfc6376 3.2'],
    ['a key that is no Base64', 'p=AA*A', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['a cut key', 'p=AAAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['a key with its PEM lines', 'p=-----BEGIN PUBLIC KEY-----AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['an empty k=', 'k=; p=AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['an empty h=', 'h=; p=AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['an empty flag', 't=y:; p=AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
    ['commas in a list', 's=email,web; p=AAAA', 'DKIM_BAD_TAG', 'rfc6376 3.6.1'],
  ])('refuses %s [$3]', async (_, text, code) => {
    expect(await rejectionOf(() => parseDkimRecord(text))).toBe(code)
  })

  test('any text is refused by a code, or read', async () => {
    const text = fc.string({
      unit: fc.constantFrom('v', '=', 'DKIM1', ';', ' ', 'p', 'k', 'h', 's', 't', 'n', ':', '*', 'AAAA', '\xff'),
    })
    await fc.assert(
      fc.asyncProperty(text, async (record) => {
        const codes = [undefined, 'DKIM_BAD_TAG', 'DKIM_BAD_TAG_LIST', 'DKIM_MISSING_TAG']
        expect(codes).toContain(await rejectionOf(() => parseDkimRecord(record)))
      }),
    )
  })
})

describe('formatDkimRecord', () => {
  test('writes what is there, the key last', () => {
    const record = { ...EMPTY, hashes: ['sha256'], services: ['email'], flags: ['y', 's'], notes: 'a=20b' }
    expect(formatDkimRecord(record)).toBe('v=DKIM1; k=rsa; h=sha256; s=email; t=y:s; n=a=20b; p=AAAA')
    expect(formatDkimRecord({ keyType: 'ed25519', publicKey: '' })).toBe('v=DKIM1; k=ed25519; p=')
  })

  test('what it writes is read as the same', () => {
    const word = fc.stringMatching(/^[A-Za-z][a-z0-9-]{0,5}$/)
    const words = fc.array(fc.oneof(word, fc.constant('*')), { maxLength: 3 })
    const record = fc.record({
      keyType: word,
      publicKey: fc.stringMatching(/^(?:[A-Za-z0-9+/]{4}){0,9}$/),
      hashes: words,
      services: words,
      flags: words,
      notes: fc.stringMatching(/^(?:[!-:<-~]+(?: [!-:<-~]+)?)?$/),
    })
    fc.assert(
      fc.property(record, (value) => {
        expect(parseDkimRecord(formatDkimRecord(value))).toEqual(value)
      }),
    )
  })

  test.each<[string, Partial<DkimRecord>, string]>([
    ['another tag in a note', { notes: 'x; t=y' }, 'DKIM_BAD_TAG'],
    ['another tag in a list', { hashes: ['sha256; t=y'] }, 'DKIM_BAD_TAG'],
    ['another tag in the type', { keyType: 'rsa; t=y' }, 'DKIM_BAD_TAG'],
    ['a line end in a note', { notes: 'x\r\ny' }, 'DKIM_BAD_TAG_LIST'],
    ['an empty type', { keyType: '' }, 'DKIM_BAD_TAG'],
    ['an empty word', { flags: [''] }, 'DKIM_BAD_TAG'],
    ['a key that is no Base64', { publicKey: 'AAA' }, 'DKIM_BAD_TAG'],
  ])('refuses %s', async (_, change, code) => {
    expect(await rejectionOf(() => formatDkimRecord({ ...EMPTY, ...change }))).toBe(code)
  })
})
