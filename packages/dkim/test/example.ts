/** The keys and the message of RFC 8463 appendix A, signed twice, and what the tests of signing and verifying share. */

import { concatBytes, decodeLatin1 } from '@posthorn/core'
import { MemoryZone } from '@posthorn/dns'
import { type BodyHash, BodyHasher } from '../src/body-hash.ts'
import type { Canonicalization } from '../src/index.ts'

export const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
export const textOf = decodeLatin1
export const join = (...chunks: Uint8Array[]): Uint8Array => concatBytes(chunks)

/** One element of DER with its length in its shortest form. */
export function element(tag: number, ...contents: (Uint8Array | readonly number[])[]): Uint8Array {
  const content = join(...contents.map((one) => Uint8Array.from(one)))
  const { length } = content
  const head = length < 128 ? [length] : length < 256 ? [129, length] : [130, length >> 8, length & 255]
  return join(Uint8Array.from([tag, ...head]), content)
}

/** RFC 8463 appendix A.1: the Ed25519 key, as PKCS #8. */
export const ED25519_PEM = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`

/** RFC 8463 appendix A.1: the RSA key, as PKCS #1. */
export const RSA_PEM = `-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
-----END RSA PRIVATE KEY-----
`

/** RFC 8463 appendix A.2: the keys as published. */
export const ED25519_PUBLIC = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
export const RSA_PUBLIC =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91' +
  'y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB'
export const DOMAIN = 'football.example.com'
export const ED25519_RECORD = `v=DKIM1; k=ed25519; p=${ED25519_PUBLIC}`
export const RSA_RECORD = `v=DKIM1; k=rsa; p=${RSA_PUBLIC}`

/** RFC 8463 appendix A.3: the two signatures. */
export const ED25519_SIGNATURE = [
  'DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;',
  ' d=football.example.com; i=@football.example.com;',
  ' q=dns/txt; s=brisbane; t=1528637909; h=from : to :',
  ' subject : date : message-id : from : subject : date;',
  ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
  ' b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus',
  ' Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
].join('\r\n')
export const RSA_SIGNATURE = [
  'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;',
  ' d=football.example.com; i=@football.example.com;',
  ' q=dns/txt; s=test; t=1528637909; h=from : to : subject :',
  ' date : message-id : from : subject : date;',
  ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
  ' b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3',
  ' DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz',
  ' dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=',
].join('\r\n')
export const SIGNED_AT = 1_528_637_909_000

/** RFC 8463 appendix A.3: the message without its signatures. */
export const MESSAGE = [
  'From: Joe SixPack <joe@football.example.com>',
  'To: Suzie Q <suzie@shopping.example.net>',
  'Subject: Is dinner ready?',
  'Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)',
  'Message-ID: <20030712040037.46341.5F8J@football.example.com>',
  '',
  'Hi.',
  '',
  'We lost the game.  Are you hungry yet?',
  '',
  'Joe.',
  '',
].join('\r\n')

/** RFC 8463 appendix A.3: the whole message. */
export const SIGNED_MESSAGE = `${ED25519_SIGNATURE}\r\n${RSA_SIGNATURE}\r\n${MESSAGE}`

/** A zone with both keys. */
export function zoneOfExample(): MemoryZone {
  return new MemoryZone()
    .add(`brisbane._domainkey.${DOMAIN}`, 'TXT', ED25519_RECORD)
    .add(`test._domainkey.${DOMAIN}`, 'TXT', RSA_RECORD)
}

/** The hash of a body that is there at once. */
export async function hashBody(
  body: Uint8Array,
  canonicalization: Canonicalization,
  limit?: number,
): Promise<BodyHash> {
  const hasher = new BodyHasher([{ canonicalization, limit }])
  hasher.push(body)
  hasher.end()
  return (await hasher.hashOf({ canonicalization, limit }))!
}
