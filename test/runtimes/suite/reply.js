/** Replies of a server: read at every split, written, and explained. */
import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { classifyReply, describeReply, encodeReply, parseEnhancedStatus, ReplyParser } from '@posthorn/reply'
import { check, equal, fails, pieces } from './check.js'

const WIRE =
  '220 mx.example\r\n250-mx.example\r\n250-SIZE 1000\r\n250 PIPELINING\r\n550-5.1.1 No\r\n550 5.1.1 such user\r\n'
const REPLIES = [
  { code: 220, lines: ['mx.example'] },
  { code: 250, lines: ['mx.example', 'SIZE 1000', 'PIPELINING'] },
  { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No', 'such user'] },
]

function read(text, size, options) {
  const parser = new ReplyParser(options)
  const found = []
  for (const piece of pieces(encodeUtf8(text), size)) {
    parser.push(piece)
    for (let event = parser.next(); event; event = parser.next()) found.push(event.reply ?? event.error.code)
  }
  return found
}

export const reply = [
  check('reply: the same replies at every split', () => {
    for (const size of [1, 2, 3, 7, 1000]) equal(read(WIRE, size), REPLIES, `by ${size}`)
  }),
  check('reply: what is written is what was read', () => {
    equal(REPLIES.map((one) => decodeUtf8(encodeReply(one))).join(''), WIRE)
  }),
  check('reply: a deviation ends the conversation, or is named where it is tolerated', () => {
    equal(read('250-a\r\n550 b\r\n250 c\r\n', 1), ['REPLY_CODE_MISMATCH'])
    equal(read('250 ok\n', 1), ['REPLY_BARE_LF'])
    equal(read('250 gr\u00fc\u00dfe\n', 1, { tolerate: 'all' }), [
      { code: 250, lines: ['grüße'], anomalies: ['bare-lf', 'eight-bit'] },
    ])
  }),
  check('reply: limits hold', () => {
    equal(read(`250 ${'a'.repeat(5000)}\r\n`, 512), ['REPLY_LINE_TOO_LONG'])
    equal(read('250-a\r\n'.repeat(200), 512), ['REPLY_TOO_MANY_LINES'])
  }),
  check('reply: a refusal in plain words, with what to do', async () => {
    equal(describeReply(REPLIES[2]), 'refused for good: the mailbox does not exist')
    equal(classifyReply({ code: 452, enhanced: { class: 4, subject: 5, detail: 3 }, lines: ['Too many'] }), {
      class: 4,
      category: 'too-many-recipients',
      retry: 'now-in-another-transaction',
      actor: 'client',
    })
    await fails('REPLY_BAD_STATUS', () => parseEnhancedStatus('5.01.1'))
  }),
]
