/**
 * Readers of replies. Nodemailer has no separate parser; its connection is driven by its own data handler, with a response
 * action for every reply, and its deferral of the next reply to a later turn of the event loop is left out, in its favour.
 * It gives text; ours gives codes, lines and enhanced status codes, checked. The yardstick finds line endings and makes
 * objects, and checks nothing: what any reader has to do.
 */
import { ReplyParser } from '@posthorn/reply'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

const HYPHEN = 45

function readWithPosthorn(chunks) {
  const parser = new ReplyParser()
  let replies = 0
  for (const chunk of chunks) {
    parser.push(chunk)
    for (let event = parser.next(); event; event = parser.next()) if (event.type === 'reply') replies++
  }
  return replies
}

function readWithNodemailer(chunks, each) {
  const connection = new SMTPConnection({ logger: false })
  const { setImmediate } = globalThis
  let replies = 0
  let later
  const count = () => replies++
  globalThis.setImmediate = (callback) => {
    later = callback
  }
  try {
    for (const chunk of chunks) {
      while (connection._responseActions.length < each) connection._responseActions.push(count)
      connection._onData(chunk)
      while (connection._responseQueue.length > 0 && later) {
        const callback = later
        later = undefined
        callback()
      }
    }
  } finally {
    globalThis.setImmediate = setImmediate
  }
  return replies
}

let kept
function readWithYardstick(chunks) {
  let replies = 0
  let lines = []
  let rest = ''
  for (const chunk of chunks) {
    const text = rest + chunk.latin1Slice(0, chunk.length)
    let start = 0
    for (let lf = text.indexOf('\n'); lf >= 0; lf = text.indexOf('\n', start)) {
      lines.push(text.slice(start + 4, lf - 1))
      if (text.charCodeAt(start + 3) !== HYPHEN) {
        kept = { code: Number(text.slice(start, start + 3)), lines }
        lines = []
        replies++
      }
      start = lf + 1
    }
    rest = start < text.length ? text.slice(start) : ''
  }
  return kept ? replies : 0
}

/**
 * Gives the rows of a case.
 *
 * @param {readonly Buffer[]} chunks What comes in.
 * @param {number} replies How many replies come in all.
 * @param {number} each How many replies a chunk has at most.
 */
export function readers(chunks, replies, each) {
  const row = (name, read) => ({
    name,
    run() {
      const start = performance.now()
      const seen = read(chunks, each)
      const seconds = (performance.now() - start) / 1000
      if (seen !== replies) throw new Error(`${name} read ${seen} replies, not ${replies}`)
      return replies / seconds
    },
  })
  return [row('nodemailer', readWithNodemailer), row('posthorn', readWithPosthorn), row('yardstick', readWithYardstick)]
}

/** Repeats what comes in. */
export function repeat(chunks, times) {
  return Array.from({ length: times }, () => chunks).flat()
}
