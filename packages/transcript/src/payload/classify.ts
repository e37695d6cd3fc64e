/** What a piece of text is when nothing is known of its marks: a reply line, a command, or neither. RFC 5321 section 4. */

/** What a text is by itself. */
export type PayloadKind = 'reply' | 'command'

// Codes that servers send; others are taken only where the mark of the line is known to be that of a server
const REPLY =
  /^(?:2(?:11|14|2[01]|35|5[0-3])|3(?:34|50|54)|4(?:03|2\d|3\d|4\d|5\d|7\d)|5(?:0\d|1\d|2\d|3\d|4[0-4]|5\d|7\d))(?:[ -].*)?$/
const ANY_REPLY = /^[2-5]\d\d(?:[ -].*)?$/
// RFC 5321 section 4.1.1, RFC 2033, RFC 3030, RFC 3207, RFC 4954, RFC 4468, RFC 1985, XCLIENT, XFORWARD, Exchange
const COMMANDS: readonly RegExp[] = [
  /^(?:EHLO|HELO|LHLO)(?: +\S+(?: state=\d+)?)?\s*$/i,
  /^(?:MAIL ?FROM|RCPT ?TO) ?:/i,
  /^(?:DATA|RSET|QUIT|STARTTLS|TURN|X-ANONYMOUSTLS)(?: state=\d+)?\s*$/i,
  /^(?:AUTH|X-EXPS)(?: +[A-Z0-9_-]+(?: +\S+)?)?(?: state=\d+)?\s*$/,
  /^auth +[a-z0-9_-]+(?: +\S+)?\s*$/i,
  /^BDAT +\d+(?: +LAST)?(?: state=\d+)?\s*$/i,
  /^BDAT(?: [\w-]{1,20})?\s*$/,
  /^(?:NOOP|HELP)\s*$/i,
  /^(?:NOOP|HELP|VRFY|EXPN|ETRN|ATRN|BURL|XCLIENT|XFORWARD|XEXCH50) +\S.*$/,
  /^(?:vrfy|expn|xclient|xforward) +\S+$/i,
]
// RFC 8446 section 5.1: a handshake record and its version, as octets or as loggers write them
const CLIENT_HELLO = /^(?:\x16\x03[\0-\x04]|\\(?:0?22|026|x16)\\(?:0{0,2}3|x03)\\)/

/** Whether a text is the first octets of TLS. */
export function isClientHello(text: string): boolean {
  return CLIENT_HELLO.test(text)
}

/** Says what a text is; nothing for what could be anything. */
export function classifyPayload(text: string): PayloadKind | undefined {
  const first = text.charCodeAt(0)
  if (first >= 0x32 && first <= 0x35) return REPLY.test(text) ? 'reply' : undefined
  if (first === 0x16 || first === 0x5c) return isClientHello(text) ? 'command' : undefined
  return isVerbStart(first) && COMMANDS.some((pattern) => pattern.test(text)) ? 'command' : undefined
}

/** Whether a text is a reply line with any code. */
export function isReplyLine(text: string): boolean {
  return ANY_REPLY.test(text)
}

function isVerbStart(code: number): boolean {
  return 'ABDEHLMNQRSTVX'.includes(String.fromCharCode(code & 0x5f))
}
