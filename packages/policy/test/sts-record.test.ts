import type { Answer } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { formatStsRecord, parseStsRecord, selectStsRecord, stsRecordName, stsUrl } from '../src/index.ts'

const found = (...records: string[]): Answer<'TXT'> => ({
  status: 'found',
  name: '_mta-sts.example.com',
  records,
  ttl: 60,
  authenticated: false,
})

describe('parseStsRecord', () => {
  test.each([
    ['the example', 'v=STSv1; id=20160831085700Z;', '20160831085700Z', [], 'rfc8461 3.1'],
    ['no final delimiter', 'v=STSv1;id=1', '1', [], 'rfc8461 3.1'],
    ['white space at delimiters', 'v=STSv1 ;\t id=1 ; ', '1', [], 'rfc8461 3.1'],
    ['an extension before', 'v=STSv1; x.y_z-1=a:b<c; id=1', '1', [{ name: 'x.y_z-1', value: 'a:b<c' }], 'rfc8461 3.1'],
    ['an id of 32', `v=STSv1; id=${'a'.repeat(32)}`, 'a'.repeat(32), [], 'rfc8461 3.1'],
  ])('takes %s [$4]', (_, text, id, extensions) => {
    expect(parseStsRecord(text)).toEqual({ id, extensions })
  })

  test.each([
    ['nothing', '', 'POLICY_BAD_VERSION', 'rfc8461 3.1'],
    ['another version', 'v=STSv2; id=1', 'POLICY_BAD_VERSION', 'rfc8461 3.1'],
    ['the version in lower case', 'v=stsv1; id=1', 'POLICY_BAD_VERSION', 'rfc8461 3.1'],
    ['white space before it', ' v=STSv1; id=1', 'POLICY_BAD_VERSION', 'rfc8461 3.1'],
    ['no id', 'v=STSv1;', 'POLICY_MISSING_FIELD', 'rfc8461 3.1'],
    ['no field', 'v=STSv1', 'POLICY_MISSING_FIELD', 'rfc8461 3.1'],
    ['ID in upper case', 'v=STSv1; ID=1', 'POLICY_MISSING_FIELD', 'rfc8461 3.1'],
    ['two ids', 'v=STSv1; id=1; id=2', 'POLICY_BAD_FIELD', 'rfc8461 3.1'],
    ['an id of 33', `v=STSv1; id=${'a'.repeat(33)}`, 'POLICY_BAD_FIELD', 'rfc8461 3.1'],
    ['a hyphen in the id', 'v=STSv1; id=2016-08', 'POLICY_BAD_FIELD', 'rfc8461 3.1'],
    ['an empty id', 'v=STSv1; id=', 'POLICY_BAD_RECORD', 'rfc8461 3.1'],
    ['an empty part', 'v=STSv1;; id=1', 'POLICY_BAD_RECORD', 'rfc8461 3.1'],
    ['a part without a name', 'v=STSv1; =1; id=1', 'POLICY_BAD_RECORD', 'rfc8461 3.1'],
    ['a space in an extension', 'v=STSv1; id=1; x=a b', 'POLICY_BAD_FIELD', 'rfc8461 3.1'],
    ['an equals sign in an extension', 'v=STSv1; id=1; x=a=b', 'POLICY_BAD_FIELD', 'rfc8461 3.1'],
    ['a name of 33', `v=STSv1; id=1; ${'x'.repeat(33)}=a`, 'POLICY_BAD_RECORD', 'rfc8461 3.1'],
    ['too long a text', `v=STSv1; id=1; x=${'a'.repeat(65_536)}`, 'POLICY_TOO_LARGE', 'rfc1035 3.3.14'],
  ])('refuses %s [$3]', (_, text, code) => {
    expect(failureOf(() => parseStsRecord(text))).toBe(code)
  })

  test('any text is refused by a code, or read', () => {
    const unit = fc.constantFrom('v', '=', 'STSv1', ';', ' ', '\t', 'id', '1', 'v=STSv1;', '\xff', '\n')
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(failureOf(() => parseStsRecord(text))).toMatch(/^(none|POLICY_[A-Z_]+)$/)
      }),
    )
  })
})

describe('formatStsRecord', () => {
  test('what it writes is read as the same', () => {
    const extension = fc.record({
      name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/).filter((name) => name !== 'id'),
      value: fc.stringMatching(/^[!-:<>-~]{1,9}$/),
    })
    const record = fc.record({ id: fc.stringMatching(/^[A-Za-z0-9]{1,32}$/), extensions: fc.array(extension) })
    fc.assert(
      fc.property(record, (value) => {
        expect(parseStsRecord(formatStsRecord(value))).toEqual(value)
      }),
    )
  })

  test.each([
    ['another field in the id', { id: '1; id=2' }],
    ['another field in a value', { id: '1', extensions: [{ name: 'x', value: 'a;b=c' }] }],
    ['a second id', { id: '1', extensions: [{ name: 'id', value: '2' }] }],
  ])('refuses %s [rfc8461 3.1]', (_, record) => {
    expect(failureOf(() => formatStsRecord(record))).toBe('POLICY_BAD_FIELD')
  })
})

describe('selectStsRecord', () => {
  test('takes the one of its kind [rfc8461 3.1]', () => {
    const selection = selectStsRecord(found('site-verification=1', 'v=STSv1x; id=3', 'v=STSv1; id=1'))
    expect(selection).toEqual({ status: 'found', record: { id: '1', extensions: [] } })
  })

  test('with several, none counts [rfc8461 3.1]', () => {
    expect(selectStsRecord(found('v=STSv1; id=1', 'v=STSv1; id=1'))).toEqual({ status: 'none', reason: 'several' })
  })

  test('tells what is wrong with one [rfc8461 3.1]', () => {
    expect(selectStsRecord(found('v=STSv1; id=?'))).toMatchObject({
      status: 'none',
      reason: 'malformed',
      error: { code: 'POLICY_BAD_FIELD' },
    })
  })

  test('absence is certain, failure is not [rfc8461 5.1]', () => {
    const absent = { status: 'nxdomain', name: 'x', ttl: 0, authenticated: false } as const
    expect(selectStsRecord(absent)).toEqual({ status: 'none', reason: 'absent' })
    expect(selectStsRecord(found('other'))).toEqual({ status: 'none', reason: 'absent' })
    expect(selectStsRecord({ status: 'timeout' })).toEqual({ status: 'failed' })
    expect(selectStsRecord({ status: 'servfail' })).toEqual({ status: 'failed' })
  })
})

test('stsRecordName, stsUrl: a domain that could be misread is refused [rfc8461 3.3]', () => {
  expect(stsRecordName('EXAMPLE.com.')).toBe('_mta-sts.example.com')
  expect(stsUrl('EXAMPLE.com.')).toBe('https://mta-sts.example.com/.well-known/mta-sts.txt')
  for (const domain of ['a/b', 'a@b.example', 'a:8080', '', 'a..b', 'a\0.example', '[127.0.0.1]']) {
    expect(failureOf(() => stsUrl(domain))).toBe('DNS_BAD_NAME')
    expect(failureOf(() => stsRecordName(domain))).toBe('DNS_BAD_NAME')
  }
})
