/** Base64 in lines of 76 columns to ten megabytes. Posthorn looks at every octet, and tells what is wrong with any. */
import { Base64Decoder, decodeBase64, decodeBase64Body, encodeBase64Lines } from '@posthorn/core'
import * as libbase64 from 'libbase64'
import { checkSame, random, row, throughChunks } from '../codecs.js'

export const title = 'Decode 10 MB from Base64 in lines of 76 columns, by the megabytes that are read'
export const unit = 'MB per CPU second'
export const rounds = 9

const lines = encodeBase64Lines(random)
const text = Buffer.from(lines.buffer).toString('latin1')
checkSame(decodeBase64Body(lines).bytes, libbase64.decode(text))

export const rows = [
  row('libbase64', lines.length, () => libbase64.decode(text)),
  row('posthorn, a string', lines.length, () => decodeBase64(text, { whitespace: true })),
  row('posthorn, whole', lines.length, () => decodeBase64Body(lines).bytes),
  row('posthorn, in chunks', lines.length, () => throughChunks(new Base64Decoder(), lines)),
]
