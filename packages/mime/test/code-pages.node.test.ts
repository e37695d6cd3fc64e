import { expect, test } from 'vitest'
import { askPython, hasPython } from '../../../test/python.ts'
import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from '../../core/src/index.ts'
import { codePageDecoder } from '../src/text/code-pages.ts'

if (!hasPython) console.warn('python3 is absent: code pages are not compared with its codecs')

const PAGES = [437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 865]
const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet)

test.skipIf(!hasPython)('codePageDecoder: every octet of every page as the codecs of Python have it', () => {
  const names = PAGES.map((page) => `cp${page}`)
  const theirs = askPython(names.map(encodeUtf8), 'bytes(range(256)).decode(raw.decode(), "replace").encode("utf8")')
  for (const [index, name] of names.entries()) {
    expect(codePageDecoder(name)?.(octets, false), name).toBe(decodeUtf8(encodeLatin1(theirs[index]!)))
  }
})

test('codePageDecoder: US-ASCII is as it is', () => {
  const ascii = octets.subarray(0, 128)
  for (const page of PAGES) expect(codePageDecoder(`ibm${page}`)?.(ascii, false)).toBe(decodeLatin1(ascii))
})
