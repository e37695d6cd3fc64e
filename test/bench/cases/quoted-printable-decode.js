/** A megabyte of text from quoted-printable, in the Latin and in the Cyrillic alphabet. */
import { decodeQuotedPrintable, decodeQuotedPrintableBody, encodeQuotedPrintable } from '@posthorn/core'
import * as libqp from 'libqp'
import { checkSame, english, row, russian } from '../codecs.js'

export const title = 'Decode 1 MB of English and of Russian text from quoted-printable, by the megabytes that are read'
export const unit = 'MB per CPU second'
export const rounds = 9

const both = [
  ['English', english],
  ['Russian', russian],
]

export const rows = both.flatMap(([name, plain]) => {
  const encoded = encodeQuotedPrintable(plain)
  const text = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length).toString('latin1')
  checkSame(decodeQuotedPrintable(encoded), libqp.decode(text))
  return [
    row(`libqp, ${name}`, encoded.length, () => libqp.decode(text)),
    row(`posthorn, ${name}, strict`, encoded.length, () => decodeQuotedPrintable(encoded)),
    row(`posthorn, ${name}, a body`, encoded.length, () => decodeQuotedPrintableBody(encoded).bytes),
  ]
})
