import { describe, expect, test } from 'vitest'
import { type BimiResponse, type BimiResponseOptions, checkBimiResponse, hashIndicator } from '../src/bimi.ts'

const url = 'https://example.com/logo.svg'
const body = new TextEncoder().encode('<svg/>')
const good = { url, status: 200, contentType: 'image/svg+xml', body }

async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Response(new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('gzip')))
  return new Uint8Array(await stream.arrayBuffer())
}

async function check(response: Partial<BimiResponse>, options: Partial<BimiResponseOptions> = {}): Promise<string> {
  const result = await checkBimiResponse({ ...good, ...response }, { kind: 'indicator', ...options })
  if (result.status === 'fetched') return `fetched ${new TextDecoder().decode(result.body).slice(0, 9)}`
  if (result.status === 'redirected') return `redirected ${result.url}`
  return [result.status, result.reason, result.problem].filter(Boolean).join(' ')
}

describe('checkBimiResponse', () => {
  test.each<[string, Partial<BimiResponse>, Partial<BimiResponseOptions>, string]>([
    ['an SVG', {}, {}, 'fetched <svg/>'],
    ['a parameter', { contentType: ' IMAGE/SVG+XML ;charset=utf-8' }, {}, 'fetched <svg/>'],
    ['evidence', { contentType: 'application/x-pem-file' }, { kind: 'evidence' }, 'fetched <svg/>'],
    ['evidence as text', { contentType: 'text/plain' }, { kind: 'evidence' }, 'fetched <svg/>'],
    ['the limit', { body: new Uint8Array(32_768) }, {}, `fetched ${'\0'.repeat(9)}`],
    ['over the limit', { body: new Uint8Array(32_769) }, {}, 'failed too-large'],
    ['another limit', { body: new Uint8Array(9) }, { maxOctets: 8 }, 'failed too-large'],
    ['evidence over its limit', { body: new Uint8Array(131_073) }, { kind: 'evidence' }, 'failed too-large'],
    ['HTML', { contentType: 'text/html' }, {}, 'failed media-type'],
    ['a longer name', { contentType: 'image/svg+xmlx' }, {}, 'failed media-type'],
    ['PNG', { contentType: 'image/png' }, {}, 'failed media-type'],
    ['no media type', { contentType: undefined }, {}, 'failed media-type'],
    ['an SVG as evidence', {}, { kind: 'evidence' }, 'failed media-type'],
    ['not found', { status: 404 }, {}, 'failed status'],
    ['no content', { status: 204 }, {}, 'failed status'],
    ['http', { url: 'http://example.com/' }, {}, 'failed url not-https'],
    ['an address', { url: 'https://169.254.169.254/' }, {}, 'failed url address'],
    ['a redirect', { status: 302, location: '/b.svg' }, {}, 'redirected https://example.com/b.svg'],
    ['a third', { status: 308, location: '/b' }, { redirects: 2 }, 'redirected https://example.com/b'],
    ['a fourth', { status: 308, location: '/b' }, { redirects: 3 }, 'failed redirect'],
    ['none allowed', { status: 301, location: '/b' }, { maxRedirects: 0 }, 'failed redirect'],
    ['to nowhere', { status: 302 }, {}, 'failed redirect'],
    ['to no address', { status: 302, location: 'https://[' }, {}, 'failed redirect'],
    ['to http', { status: 302, location: 'http://example.com/b' }, {}, 'failed redirect not-https'],
    ['to a file', { status: 302, location: 'file:///etc/passwd' }, {}, 'failed redirect not-https'],
    ['to another host', { status: 302, location: 'https://example.net/b' }, {}, 'failed redirect other-host'],
    [
      'to another host, allowed',
      { status: 302, location: '//example.net/b' },
      { otherHosts: true },
      'redirected https://example.net/b',
    ],
    [
      'to a private host, allowed',
      { status: 302, location: '//10.1/b' },
      { otherHosts: true },
      'failed redirect address',
    ],
    ['to another port', { status: 302, location: 'https://example.com:22/' }, {}, 'failed redirect port'],
    ['gzip that is none', { body: new Uint8Array([0x1f, 0x8b, 8, 0, 0]) }, {}, 'failed malformed'],
  ])('%s [bimi-14 indicator-discovery]', async (_, response, options, expected) => {
    expect(await check(response, options)).toBe(expected)
  })

  test('decompresses, and hashes what came out [rfc6170 5.2]', async () => {
    const response = { ...good, body: await gzip(body) }
    const result = await checkBimiResponse(response, { kind: 'indicator' })
    expect(result).toEqual({ status: 'fetched', body, sha256: await hashIndicator(body) })
    expect(await hashIndicator(body)).toBe('d4dc56669143034f31aa309635d4113d9ad76a02b1739da22c965ed2049be9e6')
  })

  test('a small file that grows is given up [rfc6170 5.2]', async () => {
    const bomb = await gzip(new Uint8Array(20_000_000))
    expect(bomb.length).toBeLessThan(32_768)
    expect(await check({ body: bomb })).toBe('failed too-large')
    expect(await check({ body: await gzip(new Uint8Array(32_768)) })).toMatch(/^fetched/)
  })

  test('evidence stays as it is [bimi-14 indicator-discovery]', async () => {
    const packed = await gzip(body)
    const result = await checkBimiResponse({ ...good, contentType: 'text/plain', body: packed }, { kind: 'evidence' })
    expect(result).toMatchObject({ status: 'fetched', body: packed })
  })
})
