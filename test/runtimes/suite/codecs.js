/** Base64 and quoted-printable, by whatever a runtime has of its own for them. */
import {
  Base64Decoder,
  Base64LineEncoder,
  concatBytes,
  decodeBase64,
  decodeBase64Body,
  decodeQuotedPrintableBody,
  encodeBase64,
  encodeBase64Lines,
  encodeBase64Url,
  encodeLatin1,
  encodeQuotedPrintable,
  encodeUtf8,
  MailError,
  QuotedPrintableDecoder,
  QuotedPrintableEncoder,
} from '@posthorn/core'
import { pieces } from './check.js'

const PIECES = ['Zm9v', 'A', '/', '=', '==', '-', '\f', ' ', '\r\n', '\n', '\r', '!', '\xe9', '=41', '=e9', '.', '--']
const LARGE = ['Zm9v'.repeat(20_000), 'Zm9vYmFy\r\n'.repeat(9000)]

/**
 * A digest of what every codec makes of the same few thousand inputs: it must be the same in every
 * runtime.
 */
export function codecDigest() {
  let state = 1
  let sum = 0x811c9dc5
  const random = (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
  const add = (bytes) => {
    for (const octet of bytes) sum = Math.imul(sum ^ octet, 0x01000193)
  }
  const addBody = (bytes, anomalies) => {
    add(bytes)
    add(encodeUtf8(JSON.stringify(anomalies)))
  }
  const texts = Array.from({ length: 3000 }, () =>
    Array.from({ length: random(40) }, () => PIECES[random(random(3) === 0 ? PIECES.length : 4)]).join(''),
  )
  for (const text of [...texts, ...LARGE, `${LARGE[0]}*${LARGE[1]}\f${LARGE[1]}==${LARGE[0]}`]) {
    const bytes = encodeLatin1(text)
    add(encodeUtf8(encodeBase64(bytes) + encodeBase64Url(bytes)))
    add(encodeBase64Lines(bytes))
    add(drive(new Base64LineEncoder(), bytes, 1000))
    add(encodeQuotedPrintable(bytes))
    add(drive(new QuotedPrintableEncoder({ binary: true }), bytes, 1000))
    const [base64, quoted] = [decodeBase64Body(bytes), decodeQuotedPrintableBody(bytes)]
    addBody(base64.bytes, base64.anomalies)
    addBody(quoted.bytes, quoted.anomalies)
    add(drive(new Base64Decoder(), bytes, 1000))
    add(drive(new QuotedPrintableDecoder(), bytes, 1000))
    for (const whitespace of [false, true]) add(strictly(text, whitespace))
  }
  return (sum >>> 0).toString(16)
}

function strictly(text, whitespace) {
  try {
    return decodeBase64(text, { whitespace })
  } catch (error) {
    if (error instanceof MailError) return encodeUtf8(`${error.code} ${error.offset}`)
    throw error
  }
}

// In pieces, as a stream gives them.
function drive(coder, bytes, size) {
  const out = []
  for (const piece of pieces(bytes, size)) out.push(coder.push(piece).slice())
  return concatBytes([...out, coder.finish()])
}
