/**
 * The words of what is looked for in a session.
 *
 * One line a finding: `id severity actor retry documents what | why | step | step`. `-` is for no retry, and for no document;
 * documents are separated by commas; `{0}` and so on stand for the values of the finding.
 */

import type { ReplyActor } from '@posthorn/reply'
import type { Finding, FindingSeverity } from './finding.ts'

/** The words of one finding. */
export interface FindingText {
  readonly id: string
  readonly severity: FindingSeverity
  readonly actor: ReplyActor
  readonly retry?: NonNullable<Finding['retry']>
  readonly documents: readonly string[]
  readonly what: string
  readonly why: string
  readonly remedy: readonly string[]
}

const TEXTS = `
no-connection error sender-admin later rfc5321#section-4.5.4.1 The server could not be reached | Nothing listens at that address and port, no route leads there, or the name does not resolve | Check the name and the port | See whether a firewall or the provider blocks it; many block port 25 | Try again later if another network reaches it
no-greeting error sender-admin later rfc5321#section-4.3.1,rfc5321#section-4.5.3.2.1 The connection was made, and the server never greeted | The server is overloaded, holds strangers back, waits for TLS, or something in between swallows what it says | Wait five minutes for a greeting before giving up | If the port is one for TLS from the start, turn that on | Connect from another network, to see whether a firewall is in the way
plain-on-tls-port error sender after-fix rfc8314#section-3.3 The client waited for a greeting on a port where TLS comes first | On port 465 the server says nothing before TLS is up, so that a client in the clear waits until it gives up | Turn on TLS from the start (implicit TLS) for this port | Or use port 587 with STARTTLS
tls-on-plain-port error sender after-fix rfc8314#section-3.3,rfc3207#section-4 The client began TLS on a port where the server speaks in the clear first | Ports 25 and 587 begin in the clear, and go over to TLS by STARTTLS | Use STARTTLS on this port | Or use port 465 with TLS from the start
altered-in-transit warning sender-admin after-fix rfc3207#section-6 Something between the two ends overwrites what they say | Firewalls that inspect SMTP put asterisks into greetings and the letter X in the place of STARTTLS, and so take TLS and login away | Turn off the inspection of SMTP (fixup, inspect esmtp, antivirus mail shield) on the firewall or the machine | Or use port 465, where nobody can look in
early-talker warning client after-fix rfc5321#section-4.3.1 The client spoke before the server greeted | Servers take this for a mark of spam, and many then refuse or slow the session down | Wait for the whole greeting before the first command
tls-failed error sender-admin after-fix rfc3207#section-4.1,rfc8446 TLS did not come up | The two ends have no version or cipher in common, or the client does not accept the certificate | Read the words of the failure in the log | See that the name that is connected to stands in the certificate, and that it has not expired | Allow TLS 1.2 and 1.3 on both ends
no-hello-after-tls error client after-fix rfc3207#section-4.2 The client did not send EHLO again after STARTTLS | With TLS both ends forget what was said before, so that the server waits for a new EHLO | Send EHLO after the handshake, and use what is offered then
hello-name warning sender-admin after-fix rfc5321#section-2.3.5,rfc5321#section-4.1.1.1 The name in EHLO or HELO is not a full host name | Receivers want a name with a domain that resolves, or an address in brackets; localhost, a bare name or a file name look like a machine that sends spam | Set the host name that the client says to its full name in DNS | In curl it is the path of the URL
hello-fallback warning receiver-admin - rfc5321#section-3.2 EHLO was refused, and the client went on with HELO | With HELO there are no extensions: no TLS, no login, no SIZE, no 8BITMIME | See why EHLO is refused: an old server, a filter in between, or the name that was said
auth-before-tls error sender after-fix rfc4954#section-4,rfc8314#section-3 The client did not turn on TLS, without which the server takes no login | Servers offer AUTH only behind STARTTLS, so that no password goes over the wire in the clear | Turn on STARTTLS in the client, or TLS from the start on port 465 | Then log in
tls-required error sender after-fix rfc3207#section-4,rfc8314#section-4.1 The server asks for TLS, and the client did not use it | What the server refuses in the clear it takes after STARTTLS | Turn on STARTTLS in the client | If STARTTLS is not offered here, something in between may take it away, or port 465 is the one to use
tls-not-offered error receiver-admin after-fix rfc3207#section-4.1,rfc8314#section-3.3 The client wants TLS, and the server did not offer it | The port may be one for TLS from the start, TLS may be off at the server, or something in between takes STARTTLS away | Try port 465 with TLS from the start | Turn on STARTTLS at the server | Connect from another network, to see whether a firewall is in the way
auth-not-tried error sender after-fix rfc4954#section-6,rfc6409#section-4.3 The server wants a login, and the client never tried one | No password was wrong: none was sent | Set user name and password in the client | If the message is for a mailbox of this very server, its MX host takes it without a login
not-offered warning client after-fix rfc5321#section-2.2.2 The client used what the server did not offer: {0} | A server need not understand an extension that it does not list in its reply to EHLO | Use an extension only where the reply to the last EHLO lists it
too-big error sender after-fix rfc1870#section-6 The message is larger than the {0} octets that the server takes | Attachments grow by a third when they are encoded | Send a link in the place of the attachment, or less
bare-line-feed warning client after-fix rfc5321#section-2.3.8 Lines of the message end in LF alone | By SMTP a line ends in CRLF; servers refuse others, since they let messages be smuggled in | Write CRLF at the end of each line, also in attachments
dot-stuffing warning client after-fix rfc5321#section-4.5.2 The client did not double a dot at the start of a line | The server takes one dot away, and a line of one dot ends the message, so that the rest of it is read as commands | Put another dot before each line of the message that begins with one
accepted-on-retry info nobody - rfc6647 What was put off was accepted at a later attempt | The server wanted the client to come back, as greylisting does, or had a passing fault | Nothing: the queue did what it should
lost-after-dot error sender may-duplicate rfc1047,rfc5321#section-4.5.3.2.6 The connection was lost between the end of the message and the reply | The server may have the message or not; to send it again may deliver it twice | Look in the log of the receiver, or ask the recipient, before sending it again | Wait ten minutes for the reply to the final dot
connection-lost error sender-admin later rfc5321#section-3.8 The connection ended before the server had answered | Nothing that was still open has been taken | Try again | If it repeats at the same place, look for a firewall, a virus scanner or a path MTU that cuts in
server-closed warning nobody later rfc5321#section-3.8 The server ended the session by 421 | What came after it was not read; what was accepted before it stays accepted | Open another connection, later, for the rest
credentials-visible error sender - rfc4954#section-4 IN THIS LOG STAND PASSWORDS OR TOKENS THAT ANYBODY CAN USE: {0} | AUTH PLAIN and LOGIN are encoded, not encrypted: whoever has seen this log can log in | Change the password or revoke the token now | Show others only a log from which it is removed
credentials-guessable warning sender - rfc2195,rfc5802#section-9 The log shows answers to a challenge, from which the password can be guessed: {0} | They do not hold the password, and who has them can try passwords on them as fast as a computer goes | Change the password if it is short or a word | Show others only a log from which they are removed
partial-delivery warning sender never rfc5321#section-3.3 The message went to {0} of {1} recipients | A server takes or refuses each recipient by itself, and the message goes to those that it took | Do not send it again to those who have it | Act on each refusal by itself
starttls-unused warning sender-admin - rfc7435,rfc3207 STARTTLS was offered, and the message went in the clear | Everybody on the way can read it and change it | Turn on STARTTLS for outgoing mail
vrfy-only warning sender - rfc5321#section-3.5.1 No mail was sent: curl asked VRFY | Without a file to upload curl sends VRFY or HELP and no message | Give curl the message with --upload-file, and --mail-from and --mail-rcpt
silence warning sender-admin - rfc5321#section-4.5.3.2 The {0} was silent for {1} seconds | Servers hold strangers back on purpose, look names up in a DNS that does not answer, or scan the message | See at which step it happens | Before the greeting and at RCPT, check reverse DNS and the resolver; after the message, the scanner
codes-missing info receiver-admin - rfc5321#section-4.2.1 Lines of the reply to EHLO stand without 250 | Either the tool left the codes out of the log, or the server breaks the form of replies, and strict clients miss what it offers | Look at the wire; if they are missing there, mend the server
auth-line-legacy info nobody - rfc4954#section-3 The server offers AUTH= beside AUTH | It is there for clients of the last century, and does no harm | Nothing
class-mismatch info receiver-admin - rfc2034#section-4,rfc5321#section-4.2.1 The basic and the enhanced code of a reply are of different classes | The first digit of the basic code says whether to try again; queues that expire and gateways write the other | Go by the basic code
envelope-differs info sender-admin - rfc9989#section-4.4,rfc7208#section-2.4 From names another domain than the envelope sender | SPF then proves nothing for DMARC, and the log shows no signature of the domain in From | Sign with DKIM for the domain in From, or use an envelope sender of that domain
queued-not-delivered info nobody - rfc5321#section-4.2.5,rfc3461 The server has taken the message, which is not yet delivery | It may still go to the spam folder, wait in a queue, or come back as a bounce | If it does not arrive, ask the receiver with the time and the words of this reply
slow-phase info sender-admin - rfc5321#section-4.5.3.2 Most of the time went to the part {0}: {1} of {2} seconds | - | -
provider info nobody - - {0} answers | Its replies are read as it uses them | -
quoted-reply info nobody - rfc3461 A reply quotes that of another server | The message passed more than one host; the innermost reply is the one that is explained | Ask whoever runs the server that said it, not the one that passes it on
said-locally info nobody - rfc3464 No other server said this | The words are those of the sender's own mail server | Look in its log and at its configuration
consequence info nobody - rfc5321#section-4.1.4,rfc2920#section-3.1 Refusals that only follow from an earlier one: {0} | After it the server had nothing to go on | Mend the first one
`

/** The words by the name of the finding. */
export const FINDING_TEXTS: ReadonlyMap<string, FindingText> = /* @__PURE__ */ new Map(
  TEXTS.split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const text = readText(line)
      return [text.id, text]
    }),
)

function readText(line: string): FindingText {
  const [id = '', severity, actor, retry, documents = '', ...rest] = line.split(' ')
  const [what = '', why = '', ...remedy] = rest.join(' ').split(' | ')
  return {
    id,
    severity: severity as FindingSeverity,
    actor: actor as ReplyActor,
    ...(retry !== '-' && { retry: retry as NonNullable<Finding['retry']> }),
    documents: documents === '-' ? [] : documents.split(','),
    what,
    why: why === '-' ? '' : why,
    remedy: remedy.filter((step) => step !== '-'),
  }
}

const SUBJECTS: Readonly<Record<string, string>> = {
  greeting: 'the connection',
  EHLO: 'the greeting of the client',
  HELO: 'the greeting of the client',
  LHLO: 'the greeting of the client',
  AUTH: 'the login',
  MAIL: 'the sender',
  DATA: 'the message',
  BDAT: 'the message',
  message: 'the message',
  OTHER: 'what is no command',
}

/** Says what was refused. */
export function refusalText(answers: string | undefined, codes: string, isTemporary: boolean, times: number): string {
  const verb = isTemporary ? 'put off' : 'refused'
  if (answers === undefined)
    return codes === '' ? 'The mail could not be delivered' : `The server ${verb} to go on: ${codes}`
  const recipients = times === 1 ? 'a recipient' : `${times} recipients`
  const subject =
    answers === 'RCPT' ? recipients : answers === 'delivery' ? `the mail to ${recipients}` : SUBJECTS[answers]
  return `The server ${verb} ${subject ?? answers}: ${codes}`
}
