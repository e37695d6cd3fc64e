/**
 * What each basic reply code means, in few words: RFC 5321 section 4.2.3, RFC 4954 section 6, RFC 3207 section 4,
 * RFC 7504, and the codes of other extensions.
 */

/**
 * The meaning of each reply code in use.
 *
 * @internal
 */
export const REPLY_CODES: Readonly<Record<number, string>> = {
  211: 'status of the system, or help',
  214: 'help',
  220: 'the service is ready',
  221: 'the server closes the connection',
  235: 'authentication succeeded',
  250: 'done',
  251: 'the recipient is elsewhere; the server forwards the message',
  252: 'the server cannot verify the address, but takes mail for it',
  253: 'messages are waiting and their sending begins',
  334: 'the server waits for the next step of the authentication',
  353: 'replies for each recipient follow',
  354: 'the server waits for the message; a lone dot ends it',
  421: 'the service goes away and closes the connection',
  432: 'a new password is needed',
  450: 'the mailbox is not available now',
  451: 'the server had an error of its own',
  452: 'the server lacks storage now, or the transaction has too many recipients',
  453: 'no messages are waiting',
  454: 'TLS or authentication is not available now',
  455: 'the server cannot take the parameters now',
  458: 'the server cannot queue messages for that node',
  459: 'that node is not allowed',
  500: 'the command is not known, or is too long',
  501: 'the command has a wrong argument',
  502: 'the command is not offered here',
  503: 'the command is out of turn',
  504: 'the parameter is not offered here',
  521: 'the host takes no mail',
  523: 'encryption is needed first',
  525: 'the account is disabled',
  530: 'authentication or TLS is needed first',
  534: 'the authentication mechanism is too weak',
  535: 'the credentials are wrong',
  538: 'encryption is needed for this mechanism',
  550: 'the mailbox is not available, or policy refuses the message',
  551: 'the recipient is elsewhere; the server does not forward',
  552: 'the message is too large, or the mailbox is full',
  553: 'the address is not allowed',
  554: 'the transaction failed',
  555: 'the server does not know a parameter',
  556: 'the domain takes no mail',
}

/**
 * What the two codes that many commands share mean in answer to each, by the verb and the code.
 *
 * @internal
 */
export const ANSWERS: Readonly<Record<string, string>> = {
  'EHLO 250': 'the server says what it offers',
  'HELO 250': 'the server has greeted the client',
  'STARTTLS 220': 'the TLS handshake can begin',
  'MAIL 250': 'the sender is accepted',
  'RCPT 250': 'the recipient is accepted',
  'message 250': 'the server is responsible for the message now',
  'RSET 250': 'the transaction is dropped',
  'NOOP 250': 'the server is there',
}
