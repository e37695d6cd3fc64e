/** Reading the replies to a pipelined envelope of 50 recipients, all in one chunk. */
import { readers, repeat } from '../replies.js'

export const title = 'Read groups of 50 short replies, a group a chunk'
export const unit = 'replies/s'
export const rounds = 9

const EACH = 50
const GROUPS = 10_000

export const rows = readers(repeat([Buffer.from('250 2.1.5 Ok\r\n'.repeat(EACH))], GROUPS), GROUPS * EACH, EACH)
