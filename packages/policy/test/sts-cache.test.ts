import { describe, expect, test } from 'vitest'
import {
  checkStsResponse,
  nextStsStep,
  type StsCacheEntry,
  type StsPolicy,
  type StsStepOptions,
  settleStsFetch,
} from '../src/index.ts'

const HOUR = 3_600_000
const policy: StsPolicy = { mode: 'enforce', mx: ['mx.example.com'], maxAge: 172_800, extensions: [] }
const entry: StsCacheEntry = { id: 'a', policy, fetchedAt: 1000 * HOUR }
const at = (hours: number): StsStepOptions => ({ now: (1000 + hours) * HOUR })
const record = (id: string) => ({ status: 'found', record: { id, extensions: [] } }) as const
const absent = { status: 'none', reason: 'absent' } as const
const unknown = { status: 'failed' } as const
const unreachable = { status: 'failed', reason: 'unreachable', resultType: 'sts-policy-fetch-error' } as const
const failedAt = (id: string, hours: number) => ({ id, at: (1000 + hours) * HOUR })

describe('nextStsStep', () => {
  test.each([
    ['nothing cached, no record', undefined, absent, at(0), { type: 'none', reason: 'no-record', forget: false }],
    ['nothing cached, unknown', undefined, unknown, at(0), { type: 'none', reason: 'record-unknown', forget: false }],
    ['nothing cached, a record', undefined, record('a'), at(0), { type: 'fetch', id: 'a', reason: 'new' }],
    ['the same id', entry, record('a'), at(1), { type: 'use', entry, reason: 'current', refresh: false }],
    ['the same id, a day old', entry, record('a'), at(24), { type: 'use', entry, reason: 'current', refresh: true }],
    ['another id', entry, record('b'), at(1), { type: 'fetch', id: 'b', reason: 'id-changed', fallback: entry }],
    ['the record is gone', entry, absent, at(1), { type: 'use', entry, reason: 'no-record', refresh: false }],
    ['the DNS is down', entry, unknown, at(1), { type: 'use', entry, reason: 'record-unknown', refresh: false }],
    ['the last moment', entry, absent, at(48), { type: 'use', entry, reason: 'no-record', refresh: false }],
    ['expired, same id', entry, record('a'), at(48.1), { type: 'fetch', id: 'a', reason: 'expired' }],
    ['expired, no record', entry, absent, at(48.1), { type: 'none', reason: 'no-record', forget: true }],
    ['from the future', entry, absent, at(-1), { type: 'none', reason: 'no-record', forget: true }],
  ])('%s [rfc8461 5.1]', (_, cached, selection, options, expected) => {
    expect(nextStsStep(cached, selection, options)).toEqual(expected)
  })

  test('a failed fetch holds back others for the same id for five minutes [rfc8461 3.3]', () => {
    const soon = { ...at(0.08), failure: failedAt('b', 0) }
    expect(nextStsStep(undefined, record('b'), soon)).toEqual({ type: 'none', reason: 'held-back', forget: false })
    expect(nextStsStep(entry, record('b'), soon)).toMatchObject({ type: 'use', reason: 'held-back', entry })
    expect(nextStsStep(entry, record('c'), soon)).toMatchObject({ type: 'fetch', id: 'c' })
    expect(nextStsStep(entry, record('b'), { ...soon, ...at(0.09) })).toMatchObject({ type: 'fetch', id: 'b' })
    expect(nextStsStep(entry, record('b'), { ...soon, holdBack: 1 })).toMatchObject({ type: 'use' })
    expect(nextStsStep(entry, record('b'), { ...soon, ...at(1), holdBack: 2 * HOUR })).toMatchObject({ type: 'use' })
  })

  test('a failed refresh is not tried again at once [rfc8461 3.3]', () => {
    const options = { ...at(25), failure: failedAt('a', 25) }
    expect(nextStsStep(entry, record('a'), options)).toMatchObject({ type: 'use', refresh: false })
    expect(nextStsStep(entry, record('a'), { ...at(2), refreshAfter: HOUR })).toMatchObject({ refresh: true })
  })
})

describe('settleStsFetch', () => {
  const fetched = { status: 'fetched', policy: { ...policy, mode: 'none' } } as const

  test('what came takes the place of what was [rfc8461 3.3]', () => {
    const step = nextStsStep(entry, record('b'), at(1))
    if (step.type !== 'fetch') throw new Error(step.type)
    const outcome = settleStsFetch(step, fetched, at(1))
    expect(outcome).toEqual({ entry: { id: 'b', policy: fetched.policy, fetchedAt: at(1).now }, alert: false })
    expect(nextStsStep(outcome.entry, record('b'), at(2))).toMatchObject({ type: 'use', reason: 'current' })
  })

  test('where nothing came the old one stays, and someone hears of it [rfc8461 3.3]', () => {
    const step = { type: 'fetch', id: 'b', reason: 'id-changed', fallback: entry } as const
    const failure = { id: 'b', at: at(1).now }
    expect(settleStsFetch(step, unreachable, at(1))).toEqual({ entry, failure, failed: unreachable, alert: true })
    expect(settleStsFetch(step, unreachable, at(49)).entry).toBeUndefined()
    const none = { ...entry, policy: fetched.policy }
    expect(settleStsFetch({ ...step, fallback: none }, unreachable, at(1)).alert).toBe(false)
  })

  test('a refresh keeps its id [rfc8461 3.3]', () => {
    const step = { type: 'use', entry, reason: 'current', refresh: true } as const
    expect(settleStsFetch(step, { status: 'fetched', policy }, at(30)).entry).toEqual({
      ...entry,
      fetchedAt: at(30).now,
    })
  })

  test('without anything to fall back on there is no policy [rfc8461 3.3]', () => {
    const outcome = settleStsFetch({ type: 'fetch', id: 'b', reason: 'new' }, unreachable, at(1))
    expect(outcome).toEqual({ failure: { id: 'b', at: at(1).now }, failed: unreachable, alert: false })
  })
})

describe('checkStsResponse', () => {
  const body = new TextEncoder().encode('version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 172800\n')
  const good = { status: 200, contentType: 'text/plain', body }

  test.each([
    ['text/plain', {}],
    ['parameters', { contentType: 'Text/Plain; charset=us-ascii' }],
  ])('takes %s [rfc8461 3.2]', (_, change) => {
    expect(checkStsResponse({ ...good, ...change })).toEqual({ status: 'fetched', policy })
  })

  test.each([
    ['a redirect', { status: 301 }, 'redirect', 'sts-policy-fetch-error'],
    ['not found', { status: 404 }, 'status', 'sts-policy-fetch-error'],
    ['no content', { status: 204 }, 'status', 'sts-policy-fetch-error'],
    ['a page', { contentType: 'text/html' }, 'media-type', 'sts-policy-invalid'],
    ['another type that begins alike', { contentType: 'text/plainer' }, 'media-type', 'sts-policy-invalid'],
    ['no type', { contentType: undefined }, 'media-type', 'sts-policy-invalid'],
    ['too much', { body: new Uint8Array(65_537) }, 'too-large', 'sts-policy-invalid'],
    ['no UTF-8', { body: new Uint8Array([...body, 0xff]) }, 'malformed', 'sts-policy-invalid'],
    ['no policy', { body: new Uint8Array(0) }, 'malformed', 'sts-policy-invalid'],
  ])('refuses %s [rfc8461 3.3]', (_, change, reason, resultType) => {
    expect(checkStsResponse({ ...good, ...change })).toMatchObject({ status: 'failed', reason, resultType })
  })

  test('the limit is an option [rfc8461 3.3]', () => {
    expect(checkStsResponse(good, { maxOctets: body.length })).toMatchObject({ status: 'fetched' })
    expect(checkStsResponse(good, { maxOctets: body.length - 1 })).toMatchObject({ reason: 'too-large' })
  })
})
