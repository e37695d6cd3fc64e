import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askPython, hasPython } from '../../../test/python.ts'
import { decodeLatin1, decodeQuotedPrintableBody, encodeQuotedPrintable } from '../src/index.ts'
import { octets } from './slow.ts'

if (!hasPython) console.warn('python3 is absent: quoted-printable is not compared with its modules quopri and email')

const piece = fc.constantFrom(
  'a',
  'b c',
  ' ',
  '\t',
  '\r\n',
  '\n',
  '=',
  '.',
  '--',
  'From ',
  '\xe9',
  '\0',
  'x'.repeat(50),
)
const text = fc.array(piece, { maxLength: 40, size: 'max' }).map((pieces) => octets(pieces.join('')))

test.skipIf(!hasPython).each([false, true])(
  'encodeQuotedPrintable: the module quopri of Python reads it, binary %s [rfc2045 6.7]',
  (binary) => {
    const inputs = fc.sample(text, 500)
    const encoded = inputs.map((bytes) => encodeQuotedPrintable(bytes, { binary }))
    expect(askPython(encoded, 'quopri.decodestring(raw)')).toEqual(inputs.map(decodeLatin1))
    expect(askPython(encoded, 'body(b"quoted-printable", raw)')).toEqual(inputs.map(decodeLatin1))
  },
)

test.skipIf(!hasPython)('decodeQuotedPrintableBody: as Python, where it is not ambiguous [rfc2045 6.7]', () => {
  const escaped = fc.constantFrom('=41', '=e9', '=C3', '=\r\n', '=\n')
  const bodies = fc
    .sample(fc.array(fc.oneof(piece, escaped), { maxLength: 12, size: 'max' }), 3000)
    .map((pieces) => octets(pieces.join('')))
    .filter((bytes) => decodeQuotedPrintableBody(bytes).anomalies.every(({ ambiguous }) => !ambiguous))
  expect(bodies.length).toBeGreaterThan(500)
  const theirs = askPython(bodies, 'quopri.decodestring(raw)')
  bodies.forEach((bytes, at) => {
    expect(decodeLatin1(decodeQuotedPrintableBody(bytes).bytes), decodeLatin1(bytes)).toBe(theirs[at])
  })
})
