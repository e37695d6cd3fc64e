/** Reading ten megabytes of queued replies in chunks of 64 KB, cut anywhere. */
import { readers } from '../replies.js'

export const title = 'Read 10 MB of short replies in chunks of 64 KB'
export const unit = 'replies/s'
export const rounds = 9

const REPLY = '250 2.1.5 Ok, recipient accepted\r\n'
const REPLIES = 300_000
const CHUNK = 65_536

const stream = Buffer.from(REPLY.repeat(REPLIES))
const chunks = []
for (let start = 0; start < stream.length; start += CHUNK) chunks.push(stream.subarray(start, start + CHUNK))

export const rows = readers(chunks, REPLIES, Math.ceil(CHUNK / REPLY.length) + 1)
