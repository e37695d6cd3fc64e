import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askPython, hasPython } from '../../../test/python.ts'
import { decodeBase64Body, decodeLatin1, encodeBase64, encodeBase64Lines, encodeBase64Url } from '../src/index.ts'
import { octets } from './slow.ts'

if (!hasPython) console.warn('python3 is absent: Base64 is not compared with its modules base64 and email')

const plain = fc.uint8Array({ maxLength: 300, size: 'max' })
const piece = fc.constantFrom(...'AZaz09+/', 'Zm9v', 'YmFy', '\r\n', ' ', '\t', '!', '\0', '\xe9')
const ending = fc.constantFrom('', '==', '=', '\r\n')
const body = fc
  .tuple(fc.array(piece, { maxLength: 40, size: 'max' }), ending)
  .map(([pieces, end]) => octets(pieces.join('') + end))

test.skipIf(!hasPython)('encodeBase64: as the module base64 of Python does [rfc4648 4]', () => {
  const inputs = fc.sample(plain, 300)
  expect(inputs.map(encodeBase64)).toEqual(askPython(inputs, 'base64.b64encode(raw)'))
  expect(inputs.map(encodeBase64Url)).toEqual(askPython(inputs, 'base64.urlsafe_b64encode(raw).rstrip(b"=")'))
  const lines = 'base64.encodebytes(raw).replace(b"\\n", b"\\r\\n").removesuffix(b"\\r\\n")'
  expect(inputs.map((bytes) => decodeLatin1(encodeBase64Lines(bytes)))).toEqual(askPython(inputs, lines))
})

test.skipIf(!hasPython)(
  'decodeBase64Body: as the module email of Python, where it is not ambiguous [rfc2045 6.8]',
  () => {
    const bodies = fc.sample(body, 2000).filter((bytes) => {
      const { anomalies } = decodeBase64Body(bytes)
      return anomalies.every(({ code, ambiguous }) => !ambiguous && code !== 'BASE64_STRAY_PADDING')
    })
    expect(bodies.length).toBeGreaterThan(500)
    const theirs = askPython(bodies, 'body(b"base64", raw)')
    bodies.forEach((bytes, at) => {
      expect(decodeLatin1(decodeBase64Body(bytes).bytes), decodeLatin1(bytes)).toBe(theirs[at])
    })
  },
)

test('decodeBase64Body: as Buffer, where it is not ambiguous [rfc2045 6.8]', () => {
  for (const bytes of fc.sample(body, 2000)) {
    const { bytes: ours, anomalies } = decodeBase64Body(bytes)
    if (anomalies.some(({ code, ambiguous }) => code !== 'BASE64_CUT_GROUP' && ambiguous)) continue
    if (anomalies.some(({ code }) => code === 'BASE64_STRAY_PADDING')) continue
    expect(decodeLatin1(ours)).toBe(Buffer.from(decodeLatin1(bytes), 'base64').toString('latin1'))
  }
})
