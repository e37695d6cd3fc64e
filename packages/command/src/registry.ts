/**
 * The registry of SMTP service extensions as data: what a server says in its EHLO reply, which verbs and parameters it
 * takes then, and by how much a command line may grow. Encoder, parser, capabilities, and the table in the documentation
 * come from here. IANA, "SMTP Service Extensions"; the last rows are in use without being registered.
 */

import type { MailParameters, RcptParameters } from './parameter.ts'
import * as value from './parameter-value.ts'

/** An extension of SMTP. */
export interface Extension {
  /** What the EHLO reply says. */
  readonly keyword: string
  /** What it is for. */
  readonly purpose: string
  /** Where it is defined. */
  readonly spec: string
  /** The verbs that it adds. */
  readonly verbs?: readonly string[]
  /** By how many octets the line of a command may be longer, by verb. */
  readonly added?: Readonly<Partial<Record<'MAIL' | 'RCPT', number>>>
}

/** The extensions, registered ones first. */
export const EXTENSIONS: readonly Extension[] = [
  { keyword: '8BITMIME', purpose: '8-bit bodies', spec: 'rfc6152', added: { MAIL: 17 } },
  { keyword: 'ATRN', purpose: 'turned connection after AUTH', spec: 'rfc2645', verbs: ['ATRN'] },
  { keyword: 'AUTH', purpose: 'authentication', spec: 'rfc4954', verbs: ['AUTH'], added: { MAIL: 500 } },
  { keyword: 'BINARYMIME', purpose: 'binary bodies, by BDAT alone', spec: 'rfc3030', added: { MAIL: 16 } },
  { keyword: 'BURL', purpose: 'message by IMAP URL', spec: 'rfc4468', verbs: ['BURL'] },
  { keyword: 'CHECKPOINT', purpose: 'restart of a broken transaction', spec: 'rfc1845', added: { MAIL: 88 } },
  { keyword: 'CHUNKING', purpose: 'message in counted chunks', spec: 'rfc3030', verbs: ['BDAT'] },
  { keyword: 'CONNEG', purpose: 'content that a recipient can take', spec: 'rfc4141', added: { RCPT: 7 } },
  { keyword: 'CONPERM', purpose: 'permission to convert content', spec: 'rfc4141', added: { MAIL: 8 } },
  { keyword: 'DELIVERBY', purpose: 'deadline of delivery', spec: 'rfc2852', added: { MAIL: 17 } },
  // RFC 3461 gives no figure; these are what its parameters add at their longest.
  { keyword: 'DSN', purpose: 'delivery status notifications', spec: 'rfc3461', added: { MAIL: 116, RCPT: 530 } },
  { keyword: 'ENHANCEDSTATUSCODES', purpose: 'enhanced status codes in replies', spec: 'rfc2034' },
  { keyword: 'ETRN', purpose: 'start of a remote queue', spec: 'rfc1985', verbs: ['ETRN'] },
  { keyword: 'EXPN', purpose: 'expansion of a list', spec: 'rfc5321', verbs: ['EXPN'] },
  { keyword: 'FUTURERELEASE', purpose: 'message held back', spec: 'rfc4865', added: { MAIL: 34 } },
  { keyword: 'HELP', purpose: 'help', spec: 'rfc5321', verbs: ['HELP'] },
  { keyword: 'LIMITS', purpose: 'limits of the server', spec: 'rfc9422' },
  { keyword: 'MT-PRIORITY', purpose: 'priority of transfer', spec: 'rfc6710', added: { MAIL: 15 } },
  { keyword: 'MTRK', purpose: 'message tracking', spec: 'rfc3885', added: { MAIL: 40 } },
  { keyword: 'NO-SOLICITING', purpose: 'solicitation classes', spec: 'rfc3865', added: { MAIL: 1007 } },
  { keyword: 'PIPELINING', purpose: 'commands in groups', spec: 'rfc2920' },
  { keyword: 'REQUIRETLS', purpose: 'verified TLS on the whole way', spec: 'rfc8689', added: { MAIL: 11 } },
  { keyword: 'RRVS', purpose: 'recipient unchanged since', spec: 'rfc7293', added: { RCPT: 33 } },
  { keyword: 'SAML', purpose: 'message and terminal', spec: 'rfc821', verbs: ['SAML'] },
  { keyword: 'SEND', purpose: 'terminal alone', spec: 'rfc821', verbs: ['SEND'] },
  { keyword: 'SIZE', purpose: 'size declared', spec: 'rfc1870', added: { MAIL: 26 } },
  { keyword: 'SMTPUTF8', purpose: 'addresses and header in UTF-8', spec: 'rfc6531', added: { MAIL: 10 } },
  { keyword: 'SOML', purpose: 'message or terminal', spec: 'rfc821', verbs: ['SOML'] },
  { keyword: 'STARTTLS', purpose: 'TLS', spec: 'rfc3207', verbs: ['STARTTLS'] },
  { keyword: 'SUBMITTER', purpose: 'responsible submitter, historic', spec: 'rfc4405', added: { MAIL: 266 } },
  { keyword: 'TURN', purpose: 'turned connection', spec: 'rfc821', verbs: ['TURN'] },
  { keyword: 'VRFY', purpose: 'verification of an address', spec: 'rfc5321', verbs: ['VRFY'] },
  { keyword: 'PRDR', purpose: 'a reply for each recipient', spec: 'draft-hall-prdr', added: { MAIL: 5 } },
  { keyword: 'XCLIENT', purpose: 'client of a trusted proxy', spec: 'Postfix XCLIENT_README', verbs: ['XCLIENT'] },
  { keyword: 'XFORWARD', purpose: 'client for the log', spec: 'Postfix XFORWARD_README', verbs: ['XFORWARD'] },
]

/** A parameter of MAIL or RCPT. */
export interface ParameterRow<T> {
  /** How it is written. */
  readonly keyword: string
  /** Which extension it belongs to. */
  readonly extension: string
  /** Where its value is defined. */
  readonly spec: string
  /** How its value is written. */
  readonly codec: value.ValueCodec<T>
}

type Rows<Parameters> = {
  readonly [K in Exclude<keyof Parameters, 'others'>]-?: ParameterRow<Exclude<Parameters[K], undefined>>
}

/** The parameters of MAIL by their property, in the order in which they are written. */
export const MAIL_PARAMETERS: Rows<MailParameters> = {
  size: { keyword: 'SIZE', extension: 'SIZE', spec: 'rfc1870#section-4', codec: value.size },
  body: { keyword: 'BODY', extension: '8BITMIME', spec: 'rfc6152#section-2', codec: value.body },
  smtpUtf8: { keyword: 'SMTPUTF8', extension: 'SMTPUTF8', spec: 'rfc6531#section-3.4', codec: value.flag },
  ret: { keyword: 'RET', extension: 'DSN', spec: 'rfc3461#section-4.3', codec: value.ret },
  envid: { keyword: 'ENVID', extension: 'DSN', spec: 'rfc3461#section-4.4', codec: value.envid },
  auth: { keyword: 'AUTH', extension: 'AUTH', spec: 'rfc4954#section-5', codec: value.submitter },
  by: { keyword: 'BY', extension: 'DELIVERBY', spec: 'rfc2852#section-4', codec: value.deliverBy },
  holdFor: { keyword: 'HOLDFOR', extension: 'FUTURERELEASE', spec: 'rfc4865#section-4', codec: value.holdFor },
  holdUntil: { keyword: 'HOLDUNTIL', extension: 'FUTURERELEASE', spec: 'rfc4865#section-4', codec: value.dateTime },
  mtPriority: { keyword: 'MT-PRIORITY', extension: 'MT-PRIORITY', spec: 'rfc6710#section-4.1', codec: value.priority },
  requireTls: { keyword: 'REQUIRETLS', extension: 'REQUIRETLS', spec: 'rfc8689#section-2', codec: value.flag },
  solicit: { keyword: 'SOLICIT', extension: 'NO-SOLICITING', spec: 'rfc3865#section-2', codec: value.solicit },
  mtrk: { keyword: 'MTRK', extension: 'MTRK', spec: 'rfc3885#section-3.1', codec: value.tracking },
  conPerm: { keyword: 'CONPERM', extension: 'CONPERM', spec: 'rfc4141#section-4', codec: value.flag },
  prdr: { keyword: 'PRDR', extension: 'PRDR', spec: 'draft-hall-prdr', codec: value.flag },
  transid: { keyword: 'TRANSID', extension: 'CHECKPOINT', spec: 'rfc1845#section-2', codec: value.transactionId },
  submitter: { keyword: 'SUBMITTER', extension: 'SUBMITTER', spec: 'rfc4405#section-4.1', codec: value.responsible },
}

/** The parameters of RCPT by their property, in the order in which they are written. */
export const RCPT_PARAMETERS: Rows<RcptParameters> = {
  notify: { keyword: 'NOTIFY', extension: 'DSN', spec: 'rfc3461#section-4.1', codec: value.notify },
  orcpt: { keyword: 'ORCPT', extension: 'DSN', spec: 'rfc3461#section-4.2', codec: value.originalRecipient },
  rrvs: { keyword: 'RRVS', extension: 'RRVS', spec: 'rfc7293#section-3.1', codec: value.validSince },
  conNeg: { keyword: 'CONNEG', extension: 'CONNEG', spec: 'rfc4141#section-5', codec: value.flag },
}
