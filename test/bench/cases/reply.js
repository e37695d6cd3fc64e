/**
 * Reading replies: octets of whole sessions, one reply a chunk, to values. Nodemailer has no separate parser; its
 * connection is driven by its own data handler, with a response action for every reply, and its deferral of the next
 * reply to a later turn of the event loop is left out, in its favour. It gives text; ours gives codes and lines, checked.
 */
import { ReplyParser } from '@posthorn/reply'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

export const title = 'Parse SMTP replies'
export const unit = 'MB/s'
export const rounds = 9

const SESSION = [
  '220 mx.example ESMTP ready\r\n',
  '250-mx.example greets client.example\r\n250-PIPELINING\r\n250-SIZE 36700160\r\n250-ETRN\r\n250-STARTTLS\r\n' +
    '250-AUTH PLAIN LOGIN SCRAM-SHA-256\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n' +
    '250 CHUNKING\r\n',
  '235 2.7.0 Authentication successful\r\n',
  '250 2.1.0 Ok\r\n',
  '250 2.1.5 Ok\r\n',
  '550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n' +
    "550-5.1.1 double-checking the recipient's email address for typos or\r\n" +
    '550-5.1.1 unnecessary spaces. For more information, go to\r\n' +
    '550 5.1.1  https://support.example/mail/answer/6596 d2e1a72fcca58-7a2f3c5b6a1si123456b3a.42 - smtp\r\n',
  '451 4.7.1 Greylisting in action, please come back later\r\n',
  '354 End data with <CR><LF>.<CR><LF>\r\n',
  '250 2.0.0 Ok: queued as 4XyZ1k2lMnz9s8P\r\n',
  '221 2.0.0 Bye\r\n',
].map((text) => Buffer.from(text))

const SESSIONS = 8000
const OCTETS = SESSIONS * SESSION.reduce((sum, { length }) => sum + length, 0)

function speedOf(readAll) {
  const start = performance.now()
  const replies = readAll()
  const seconds = (performance.now() - start) / 1000
  if (replies !== SESSIONS * SESSION.length) throw new Error(`Read ${replies} replies`)
  return OCTETS / 1e6 / seconds
}

function readWithPosthorn() {
  const parser = new ReplyParser()
  let replies = 0
  for (let session = 0; session < SESSIONS; session++) {
    for (const chunk of SESSION) {
      parser.push(chunk)
      for (let event = parser.next(); event; event = parser.next()) if (event.type === 'reply') replies++
    }
  }
  return replies
}

function readWithNodemailer() {
  const connection = new SMTPConnection({ logger: false })
  const { setImmediate } = globalThis
  let replies = 0
  const count = () => replies++
  globalThis.setImmediate = () => {}
  try {
    for (let session = 0; session < SESSIONS; session++) {
      for (const chunk of SESSION) {
        connection._responseActions.push(count)
        connection._onData(chunk)
      }
    }
  } finally {
    globalThis.setImmediate = setImmediate
  }
  return replies
}

export const rows = [
  { name: 'nodemailer', run: () => speedOf(readWithNodemailer) },
  { name: 'posthorn', run: () => speedOf(readWithPosthorn) },
]
