/** Reading the replies of whole sessions, one reply a chunk: EHLO, a long refusal, and short ones. */
import { readers, repeat } from '../replies.js'

export const title = 'Read the replies of sessions, one reply a chunk'
export const unit = 'replies/s'
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

const SESSIONS = 60_000

export const rows = readers(repeat(SESSION, SESSIONS), SESSIONS * SESSION.length, 1)
