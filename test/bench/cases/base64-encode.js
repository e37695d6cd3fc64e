/** Ten megabytes to Base64 in lines of 76 columns. */
import { Base64LineEncoder, encodeBase64Lines } from '@posthorn/core'
import * as libbase64 from 'libbase64'
import * as nodemailer from 'nodemailer/lib/base64'
import { checkSame, random, row, throughChunks } from '../codecs.js'

export const title = 'Encode 10 MB to Base64 in lines of 76 columns'
export const unit = 'MB per CPU second'
export const rounds = 9

const buffer = Buffer.from(random.buffer)
checkSame(encodeBase64Lines(random), nodemailer.wrap(nodemailer.encode(buffer)))

export const rows = [
  row('nodemailer', random.length, () => nodemailer.wrap(nodemailer.encode(buffer))),
  row('libbase64', random.length, () => libbase64.wrap(libbase64.encode(buffer))),
  row('posthorn, whole', random.length, () => encodeBase64Lines(random)),
  row('posthorn, in chunks', random.length, () => throughChunks(new Base64LineEncoder(), random)),
  row('posthorn, in chunks, reused', random.length, () =>
    throughChunks(new Base64LineEncoder({ reuse: true }), random),
  ),
  row('Buffer, without lines', random.length, () => buffer.toString('base64')),
]
