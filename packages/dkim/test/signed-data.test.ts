import { decodeBase64, encodeBase64 } from '@posthorn/core'
import { splitMessage } from '@posthorn/mime'
import { describe, expect, test } from 'vitest'
import { CRYPTO_ALGORITHMS, type DkimAlgorithm, signingInput } from '../src/algorithm.ts'
import { importDkimKey, parseDkimSignature } from '../src/index.ts'
import { signedHeader } from '../src/signed-data.ts'
import { ED25519_PEM, ED25519_SIGNATURE, MESSAGE, octets, RSA_PEM, RSA_SIGNATURE, textOf } from './example.ts'

const fieldsOf = (header: string) => splitMessage(octets(`${header}\r\n\r\n`)).fields

describe('signedHeader', () => {
  const signed = (header: string, names: readonly string[]) =>
    textOf(signedHeader(fieldsOf(header), names, octets('DKIM-Signature: b=xx'), 'relaxed'))

  test.each([
    ['in the order of the names', 'A: 1\r\nB: 2', ['b', 'a'], 'b:2\r\na:1\r\n', 'rfc6376 5.4.2'],
    ['names in any case', 'from: 1', ['FROM'], 'from:1\r\n', 'rfc6376 5.4'],
    ['of several from the last to the first', 'A: 1\r\nA: 2\r\nA: 3', ['a', 'a'], 'a:3\r\na:2\r\n', 'rfc6376 5.4.2'],
    ['an absent one is nothing', 'A: 1', ['x', 'a', 'x'], 'a:1\r\n', 'rfc6376 5.4'],
    ['one more than there are is nothing', 'A: 1', ['a', 'a'], 'a:1\r\n', 'rfc6376 5.4.2'],
    ['names of the prototype', 'constructor: 1', ['constructor', 'toString'], 'constructor:1\r\n', 'security'],
  ])('%s [$4]', (_, header, names, expected) => {
    expect(signed(header, names)).toBe(`${expected}dkim-signature:b=`)
  })

  test('simple: fields stay as they are [rfc6376 3.4.1]', () => {
    const own = octets('DKIM-Signature:  b = x ; c=d')
    const header = signedHeader(fieldsOf('FROM:  a\r\n\tb '), ['from'], own, 'simple')
    expect(textOf(header)).toBe('FROM:  a\r\n\tb \r\nDKIM-Signature:  b =; c=d')
  })

  test.each([
    ['at the end', 'v=1; bh=QQ==; b=AA==', 'v=1; bh=QQ==; b='],
    ['first', 'b=AA;v=1', 'b=;v=1'],
    ['folded', 'v=1; b=\r\n AA\r\n\tBB ;c=d', 'v=1; b=;c=d'],
    ['with white space around the name', 'v=1;\r\n\tb\t=\r\n AA', 'v=1;\r\n\tb\t='],
    ['beside a field name that looks like it', 'h=from:b=x:to; b=AA', 'h=from:b=x:to; b='],
    ['with a final semicolon', 'b=AA;', 'b=;'],
  ])('takes out the value %s [rfc6376 3.7]', (_, field, expected) => {
    expect(textOf(signedHeader([], [], octets(`DKIM-Signature: ${field}`), 'simple'))).toBe(
      `DKIM-Signature: ${expected}`,
    )
  })
})

// Both algorithms always give the same octets for the same text, so the example's own must come out.
test.each<[DkimAlgorithm, string, string]>([
  ['ed25519-sha256', ED25519_PEM, ED25519_SIGNATURE],
  ['rsa-sha256', RSA_PEM, RSA_SIGNATURE],
])('signingInput: %s gives the signature of the example [rfc8463 A.3]', async (algorithm, pem, field) => {
  const { signedFields, value } = parseDkimSignature(field)
  const data = signedHeader(splitMessage(octets(MESSAGE)).fields, signedFields, octets(field), 'relaxed')
  const key = await importDkimKey(pem)
  const input = await signingInput(algorithm, data)
  const signature = await crypto.subtle.sign(CRYPTO_ALGORITHMS[algorithm], key as never, input as never)
  expect(encodeBase64(new Uint8Array(signature))).toBe(value)
  expect(decodeBase64(value).length).toBe(algorithm === 'rsa-sha256' ? 128 : 64)
})
