import { decodeBase64, encodeBase64 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generateDkimKey, lintDkimRecord } from '../src/index.ts'
import { KEY_RULES } from '../src/key-lint-rules.ts'
import { ED25519_PUBLIC, element, RSA_PUBLIC } from './example.ts'

const codes = (text: string) => lintDkimRecord(text).map(({ code }) => code)
const ED25519 = `v=DKIM1; k=ed25519; p=${ED25519_PUBLIC}`
const inDer = encodeBase64(
  element(48, element(48, [6, 3, 43, 101, 112]), element(3, [0], decodeBase64(ED25519_PUBLIC))),
)
const rsaOf = (octets: number) =>
  encodeBase64(element(48, element(2, [0, 200, ...new Array<number>(octets - 1).fill(7)]), element(2, [1, 0, 1])))

const TABLE: readonly [string, string, readonly string[]][] = [
  ['nothing wrong', ED25519, []],
  ['a list of services with mail', 'v=DKIM1; k=ed25519; s=email; h=sha256; n=note; p='.concat(ED25519_PUBLIC), []],
  ['too long a text', `v=DKIM1; n=${'x'.repeat(65_535)}; p=`, ['too-long']],
  ['quotes', `"${ED25519}"`, ['quoted']],
  ['escapes', ED25519.replaceAll(';', '\\;'), ['escaped-semicolon']],
  ['a part that is no tag', ED25519.replace('k=', 'x; k='), ['bad-tag']],
  ['a control', ED25519.replace('k=', 'n=\u0001; k='), ['bad-tag']],
  ['an empty part', ED25519.replace('k=', '; k='), ['bad-tag']],
  ['a tag twice', `${ED25519}; k=ed25519`, ['repeated-tag']],
  ['a removed tag', `${ED25519}; g=*`, ['retired-tag']],
  ['a tag in upper case', `${ED25519}; N=note`, ['tag-case']],
  ['an unknown tag', `${ED25519}; x=1`, ['unknown-tag']],
  ['no version', ED25519.slice(9), ['no-version']],
  ['another version', ED25519.replace('DKIM1', 'DKIM2'), ['bad-version']],
  ['a version in lower case', ED25519.replace('DKIM1', 'dkim1'), ['bad-version']],
  ['a version behind another tag', `k=ed25519; v=DKIM1; p=${ED25519_PUBLIC}`, ['version-not-first']],
  ['hashes that are none', `${ED25519}; h=a/b`, ['bad-list']],
  ['hashes without sha256', `${ED25519}; h=sha1`, ['not-sha256']],
  ['hashes with sha1', `${ED25519}; h=sha1:sha256`, ['sha1']],
  ['services that are none', `${ED25519}; s=`, ['bad-list']],
  ['services without mail', `${ED25519}; s=tlsrpt`, ['not-for-mail']],
  ['another service too', `${ED25519}; s=email:tlsrpt`, ['unknown-service']],
  ['flags that are none', `${ED25519}; t=y,s`, ['bad-flag']],
  ['flags', `${ED25519}; t=s:y:x`, ['testing', 'strict-identity', 'unknown-flag']],
  ['no key', 'v=DKIM1; k=rsa', ['no-key']],
  ['an empty key', 'v=DKIM1; p=', ['revoked']],
  ['another type of key', 'v=DKIM1; k=dsa; p=AAAA', ['key-type-unknown']],
  ['no Base64', 'v=DKIM1; p=AA*A', ['bad-base64']],
  ['no padding', 'v=DKIM1; p=AA', ['bad-base64']],
  ['Ed25519 in DER', `v=DKIM1; k=ed25519; p=${inDer}`, ['ed25519-in-der']],
  ['Ed25519 of 31 octets', `v=DKIM1; k=ed25519; p=${encodeBase64(new Uint8Array(31))}`, ['ed25519-length']],
  ['Ed25519 of low order', `v=DKIM1; k=ed25519; p=${encodeBase64(new Uint8Array(32))}`, ['key-malformed']],
  ['what is no key', 'v=DKIM1; p=AAAA', ['key-malformed']],
  ['Ed25519 as RSA', `v=DKIM1; p=${ED25519_PUBLIC}`, ['key-malformed']],
  ['1,016 bits', `v=DKIM1; p=${rsaOf(127)}`, ['key-weak']],
  ['1,024 bits', `v=DKIM1; p=${RSA_PUBLIC}`, ['key-short']],
  ['2,048 bits', `v=DKIM1; p=${rsaOf(256)}`, []],
  ['4,096 bits', `v=DKIM1; p=${rsaOf(512)}`, []],
  ['8,192 bits', `v=DKIM1; p=${rsaOf(1024)}`, ['key-very-long']],
]

test.each(TABLE)('lintDkimRecord: %s [rfc6376 3.6.1]', (_, text, expected) => {
  expect(codes(text)).toEqual(expected)
})

test('lintDkimRecord: the table has every rule', () => {
  const tried = new Set(TABLE.flatMap(([, , expected]) => expected))
  expect(Object.keys(KEY_RULES).filter((code) => !tried.has(code))).toEqual([])
})

describe('lintDkimRecord: what to publish', () => {
  test.each([
    ['"v=DKIM1; k=ed25519; " "p=', 'v=DKIM1; k=ed25519; p='],
    ['v=DKIM1\\; p=', 'v=DKIM1; p='],
    [`v=DKIM1; k=ed25519; p=${inDer}`, ED25519],
    [`V=DKIM1; k=ed25519; p=${ED25519_PUBLIC}`, `v=DKIM1; ${ED25519}`],
    [`${ED25519}; h=sha1:sha256`, `${ED25519}; h=sha256`],
    [`v=dkim1${ED25519.slice(7)}`, ED25519],
  ])('%s', (text, expected) => {
    const all = lintDkimRecord(text).filter(({ publish }) => publish !== undefined)
    const published = all.reduceRight(
      (whole, { start, end, publish }) => whole.slice(0, start) + publish + whole.slice(end),
      text,
    )
    expect(published).toBe(expected)
  })
})

test('lintDkimRecord: has nothing against a key that is made here', async () => {
  for (const algorithm of ['rsa-sha256', 'ed25519-sha256'] as const) {
    expect(codes((await generateDkimKey({ algorithm })).record)).toEqual([])
  }
})

test('lintDkimRecord: any text has findings within it, and throws nothing', () => {
  const unit = fc.constantFrom('v', 'p', 'k', '=', ';', ' ', 'DKIM1', 'ed25519', 'AA==', '"', '\\', ':', 't', 'y', '\0')
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      for (const { start, end } of lintDkimRecord(text)) {
        expect(start >= 0 && start <= end && end <= text.length).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})
