import { decodeBase64, encodeBase64 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { deriveScramCredentials } from '../src/index.ts'
import { decodeValue, xor } from '../src/scram.ts'

// The keys were computed with hashlib and hmac of Python from the values of RFC 7677 section 3.
test('deriveScramCredentials: the keys of the example [rfc7677 3]', async () => {
  const salt = decodeBase64('W22ZaJ0SNY7soEsUEjb6gQ==')
  const { storedKey, serverKey, ...rest } = await deriveScramCredentials('pencil', { salt, iterations: 4096 })
  expect(rest).toEqual({ salt, iterations: 4096, hash: 'SHA-256' })
  expect(encodeBase64(storedKey)).toBe('WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=')
  expect(encodeBase64(serverKey)).toBe('wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=')
})

test('deriveScramCredentials: prepares the password [rfc8265 4.2]', async () => {
  const options = { salt: new Uint8Array(16), iterations: 4096 }
  const [typed, prepared] = await Promise.all(
    ['a\u00a0e\u0301', 'a é'].map((one) => deriveScramCredentials(one, options)),
  )
  expect(typed).toEqual(prepared)
})

test.each([
  { name: 'a salt of 15 octets', password: 'p', length: 15, iterations: 4096, code: 'SASL_WEAK_PARAMETERS' },
  { name: '4,095 iterations', password: 'p', length: 16, iterations: 4095, code: 'SASL_WEAK_PARAMETERS' },
  { name: 'no number of iterations', password: 'p', length: 16, iterations: Number.NaN, code: 'SASL_WEAK_PARAMETERS' },
  { name: 'no password', password: '', length: 16, iterations: 4096, code: 'SASL_BAD_CREDENTIALS' },
  { name: 'a control in the password', password: 'p\n', length: 16, iterations: 4096, code: 'SASL_BAD_CREDENTIALS' },
])('deriveScramCredentials: refuses $name [rfc7677 4]', async ({ password, length, iterations, code }) => {
  expect(await rejectionOf(() => deriveScramCredentials(password, { salt: new Uint8Array(length), iterations }))).toBe(
    code,
  )
})

test('decodeValue: gives nothing for what is not Base64', () => {
  expect(decodeValue('AQ==')).toEqual(Uint8Array.of(1))
  expect(decodeValue('A')).toBeUndefined()
})

test('xor: of equal octets is zero, and undoes itself', () => {
  const [a, b] = [Uint8Array.of(1, 255, 0), Uint8Array.of(3, 15, 7)]
  expect(xor(a, a)).toEqual(new Uint8Array(3))
  expect(xor(xor(a, b), b)).toEqual(a)
})
