/** A megabyte of text to quoted-printable, in the Latin and in the Cyrillic alphabet. */
import { encodeQuotedPrintable, quotedPrintableLength } from '@posthorn/core'
import * as libqp from 'libqp'
import * as nodemailer from 'nodemailer/lib/qp'
import { english, row, russian } from '../codecs.js'

export const title = 'Encode 1 MB of English and of Russian text to quoted-printable'
export const unit = 'MB per CPU second'
export const rounds = 9

const both = [
  ['English', english],
  ['Russian', russian],
]

export const rows = both.flatMap(([name, text]) => [
  row(`nodemailer, ${name}`, text.length, () => nodemailer.wrap(nodemailer.encode(text))),
  row(`libqp, ${name}`, text.length, () => libqp.wrap(libqp.encode(text))),
  row(`posthorn, ${name}`, text.length, () => encodeQuotedPrintable(text)),
  row(`posthorn, ${name}, its length alone`, text.length, () => ({ length: quotedPrintableLength(text) })),
])
