/**
 * What a failure is about and who must act, as rules in order: the first that fits decides. RFC 5321 section 4.2 and
 * 4.5.3.1.10, RFC 3463, RFC 4954 section 6, RFC 5248 and the codes registered since; and the wordings by which servers
 * say what no code does.
 */

import type { ReplyActor, ReplyCategory, RetryAdvice } from './classification.ts'

/** What a reply must have for a rule to fit; what is absent does not matter. */
export interface ClassificationRule {
  /** The basic codes. */
  readonly codes?: readonly number[]
  /** The first digit. */
  readonly class?: 4 | 5
  /** The enhanced status codes, without their class. */
  readonly status?: readonly string[]
  /** What the reply answers. */
  readonly answers?: readonly string[]
  /** What its text says. */
  readonly text?: RegExp
  readonly category: ReplyCategory
  /** Default: `now-on-another-host` for what answers a connection or its EHLO, else `later` for 4xx, `never` for 5xx. */
  readonly retry?: RetryAdvice
  readonly actor: ReplyActor
}

/**
 * What answers a connection, before any mail: RFC 5321 section 5.1 leaves the other hosts to be tried.
 *
 * @internal
 */
export const AT_CONNECT: readonly string[] = ['greeting', 'EHLO', 'HELO', 'LHLO']

/** The rules in their order. One literal, so that it falls away where nothing is classified. */
export const CLASSIFICATION_RULES: readonly ClassificationRule[] = [
  // RFC 7504, RFC 7505: no mail at all, wherever it is said.
  { codes: [521, 556], category: 'no-mail', retry: 'never', actor: 'sender' },
  { status: ['1.10'], category: 'no-mail', retry: 'never', actor: 'sender' },
  // What one transaction, or one connection too many, cannot have.
  {
    class: 4,
    text: /too many recipients.{0,80}\b(?:hour|day|minute|throttl|rate)/i,
    category: 'rate',
    retry: 'later',
    actor: 'sender-admin',
  },
  { status: ['5.3'], category: 'too-many-recipients', retry: 'now-in-another-transaction', actor: 'client' },
  {
    codes: [450, 451, 452, 552],
    text: /too many recipients/i,
    category: 'too-many-recipients',
    retry: 'now-in-another-transaction',
    actor: 'client',
  },
  { class: 4, text: /\bgr[ae]y-?list/i, category: 'greylisting', retry: 'later', actor: 'nobody' },
  // What the session lacks, or does wrong.
  { codes: [503], text: /\bauth/i, category: 'credentials', actor: 'sender' },
  // The session is not where the client believes it to be; another one may be.
  { codes: [503], category: 'protocol', retry: 'later', actor: 'client' },
  { codes: [454], answers: ['STARTTLS'], category: 'tls', actor: 'receiver-admin' },
  { codes: [454], text: /\btoo many\b|\bthrottl|\bquota\b/i, category: 'rate', retry: 'later', actor: 'sender' },
  { codes: [454], category: 'system', actor: 'receiver-admin' },
  { codes: [523, 538], category: 'tls', actor: 'sender' },
  { codes: [530], text: /\b(?:starttls|tls|encrypt|ssl)/i, category: 'tls', actor: 'sender' },
  { codes: [432, 525, 530, 534, 535], category: 'credentials', actor: 'sender' },
  { codes: [455, 500, 502, 504, 555], status: [''], category: 'protocol', actor: 'client' },
  // What the enhanced status code says.
  { status: ['1.7', '1.8', '7.27'], category: 'sender-address', actor: 'sender-admin' },
  { status: ['1.1', '1.2', '1.3', '1.4', '1.6', '7.17', '7.18', '7.19'], category: 'address', actor: 'sender' },
  { status: ['2.2'], category: 'mailbox-full', actor: 'recipient' },
  { status: ['2.3', '3.4', '7.16'], category: 'size', actor: 'sender' },
  { status: ['4.6'], category: 'loop', actor: 'receiver-admin' },
  { status: ['6.7', '6.8', '6.9', '6.10'], category: 'smtputf8', actor: 'client' },
  { status: ['6.1', '6.2', '6.3', '6.4', '6.5', '6.6'], category: 'content', actor: 'sender' },
  { status: ['5.6', '7.8', '7.9', '7.12', '7.13', '7.14'], category: 'credentials', actor: 'sender' },
  { status: ['7.3', '7.4', '7.5', '7.6', '7.7', '7.10', '7.11', '7.30'], category: 'tls', actor: 'sender-admin' },
  {
    status: ['7.20', '7.21', '7.22', '7.23', '7.24', '7.26', '7.29'],
    category: 'authentication',
    actor: 'sender-admin',
  },
  { status: ['7.25'], category: 'reverse-dns', actor: 'sender-admin' },
  { class: 4, status: ['7.28'], category: 'rate', retry: 'later', actor: 'sender-admin' },
  { status: ['7.28'], category: 'rate', actor: 'sender-admin' },
  // What the text says, the narrower first.
  {
    text: /\b(?:dmarc|dkim|spf)\b|\bauthentication (?:checks?|level)\b|\bunauthenticated (?:e-?)?mail\b/i,
    category: 'authentication',
    actor: 'sender-admin',
  },
  {
    text: /\breverse[- ](?:dns|hostname|lookup)\b|\bptr\b|\brdns\b|\bfind your hostname\b/i,
    category: 'reverse-dns',
    actor: 'sender-admin',
  },
  { text: /\b(?:starttls|mta-sts|tlsa?|ssl|encryption|certificate)\b/i, category: 'tls', actor: 'sender-admin' },
  {
    text: /\b(?:black|block|deny)[- ]?list|\breputation\b|\bspamhaus\b|\brbl\b|\bdnsbl\b|\blisted (?:at|by|in|on)\b|\bblocked using\b|\bbanned\b/i,
    category: 'reputation',
    actor: 'sender-admin',
  },
  {
    text: /\b(?:routing|mail) loop\b|\bloops back\b|\btoo many hops\b|\bhop count\b/i,
    category: 'loop',
    actor: 'receiver-admin',
  },
  {
    text: /\b(?:too (?:large|big)|size limit|exceeds? .{0,40}\bsize|size exceed)/i,
    category: 'size',
    actor: 'sender',
  },
  {
    text: /\b(?:mailbox|inbox|quota)\b.{0,40}\b(?:full|exceeded|over)\b|\bover quota\b/i,
    category: 'mailbox-full',
    actor: 'recipient',
  },
  {
    class: 4,
    text: /\b(?:rate[- ]limit|throttl|too (?:many (?:connections|messages|mails|sessions|concurrent|logins?)|fast|quickly|much (?:e-?)?mail)|slow down|unusual rate|(?:frequency|limit) (?:exceeded|reached|limited)|per connection|server busy)/i,
    category: 'rate',
    retry: 'later',
    actor: 'sender-admin',
  },
  {
    text: /\b(?:rate|receive|sending|daily|hourly) limit\b|\bfrequency limited\b|\brate that prevents\b|\btoo (?:many (?:connections|messages)|much mail)\b/i,
    category: 'rate',
    actor: 'sender-admin',
  },
  { text: /\brelay/i, category: 'relay', actor: 'sender-admin' },
  {
    text: /\b(?:account|mailbox|user)\b.{0,40}\b(?:disabled|inactive|suspended)\b/i,
    category: 'mailbox-disabled',
    actor: 'recipient',
  },
  { status: ['2.1'], category: 'mailbox-disabled', actor: 'recipient' },
  {
    text: /\bsender verif|\bverify (?:the )?sender\b|\bsender(?:'s)? (?:address|domain)\b.{0,40}\b(?:not found|not exist|invalid|rejected|unresolvable)\b|\bdomain of sender\b/i,
    category: 'sender-address',
    actor: 'sender-admin',
  },
  {
    class: 5,
    text: /\b(?:user|mailbox|recipients?|address|account)\b.{0,40}\b(?:unknown|not found|not exist|invalid|unavailable)\b|\b(?:no such|no valid|unknown|invalid|unrouteable) (?:users?|mailbox|recipients?|address)\b/i,
    category: 'address',
    actor: 'sender',
  },
  {
    text: /\b(?:smtp|client) authentication\b|\bauthentication (?:is )?required\b|\bnot (?:been )?authenticated\b|\bunauthenticated senders?\b/i,
    category: 'credentials',
    actor: 'sender',
  },
  {
    text: /\b(?:bare (?:lf|cr|<lf>|line-?feed)|synchronization|pipelining|too many errors)\b/i,
    category: 'protocol',
    actor: 'client',
  },
  {
    text: /\brfc ?5?[2-8]22\b|\bmessage-id\b|\bmalformed\b|\bduplicate header\b|\bline length\b/i,
    category: 'content',
    actor: 'client',
  },
  { text: /\b(?:spam|virus|unsolicited|malware|content)\b/i, category: 'content', actor: 'sender' },
  {
    class: 4,
    text: /\binsufficient (?:system |disk )?(?:storage|space)\b/i,
    category: 'system',
    actor: 'receiver-admin',
  },
  { class: 4, text: /\b(?:timeout|timed out)\b/i, category: 'network', actor: 'nobody' },
  { text: /\b(?:administrative(?:ly)?|prohibit(?:ed|s)?|whitelist)\b/i, category: 'policy', actor: 'receiver-admin' },
  // What throttles, or wants to see the client again, without saying so.
  { codes: [421, 451], status: ['7.0'], category: 'rate', retry: 'later', actor: 'sender-admin' },
  { codes: [421], status: ['7.1'], category: 'rate', retry: 'later', actor: 'sender-admin' },
  {
    codes: [450, 451],
    status: ['7.1', '2.0', ''],
    text: /\b(?:try (?:again|later|another server)|please try|come back|retry|service (?:is )?currently unavailable)\b/i,
    category: 'greylisting',
    retry: 'later',
    actor: 'nobody',
  },
  {
    codes: [450],
    status: ['3.2'],
    text: /\bservice currently unavailable\b/i,
    category: 'greylisting',
    retry: 'later',
    actor: 'nobody',
  },
  // What is left is told apart by the subject of the enhanced status code, by the basic code, and by what it answers.
  { status: ['3.3', '5.0', '5.1', '5.2', '5.4', '5.5'], category: 'protocol', actor: 'client' },
  { codes: [501], status: [''], category: 'protocol', actor: 'client' },
  { codes: [421], category: 'system', retry: 'now-on-another-host', actor: 'nobody' },
  { status: ['1.0'], category: 'address', actor: 'sender' },
  { status: ['6.0'], category: 'content', actor: 'client' },
  { status: ['2.4', '3.0', '3.1', '3.2', '3.5'], category: 'system', actor: 'receiver-admin' },
  { status: ['4.1', '4.2', '4.5', '4.7'], category: 'network', actor: 'nobody' },
  { status: ['4.0', '4.3', '4.4'], category: 'network', actor: 'receiver-admin' },
  { status: ['7.0', '7.1', '7.2', '7.15'], category: 'policy', actor: 'sender-admin' },
  { class: 4, answers: AT_CONNECT, category: 'system', actor: 'nobody' },
  { class: 5, answers: AT_CONNECT, category: 'policy', actor: 'sender-admin' },
  { codes: [552], answers: ['RCPT'], category: 'mailbox-full', actor: 'recipient' },
  { codes: [552], category: 'size', actor: 'sender' },
  { codes: [551, 553], category: 'address', actor: 'sender' },
  { codes: [550], answers: ['RCPT'], category: 'address', actor: 'sender' },
  { codes: [550, 554], category: 'policy', actor: 'sender-admin' },
  { codes: [451, 452], category: 'system', actor: 'receiver-admin' },
  { class: 4, category: 'other', actor: 'nobody' },
  { class: 5, category: 'other', actor: 'sender' },
]
