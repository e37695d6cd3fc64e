/** The formats that are known by name: how each is detected, which of its lines are noise, and whose view it is. */

import type { Perspective } from '../session.ts'

/** One format. */
export interface Format {
  readonly id: string
  /** Lines that only this format has. */
  readonly detect: RegExp
  /** Lines that tell nothing of the dialogue, or repeat it. */
  readonly noise?: RegExp
  readonly perspective: Perspective
  /** Whether one such line is enough. */
  readonly decisive?: boolean
  /** Lines above a block of what was said: their groups are its mark, and a block without any is not read. */
  readonly block?: RegExp
  /** Whether blocks are of rows of octets. */
  readonly rows?: boolean
}

// In order of precedence, where two explain the same number of lines
const FORMATS: readonly Format[] = [
  {
    id: 'swaks',
    detect: /^(?:=== (?:Trying|Connected|TLS|response)|<[-~*][-~* ] [\d ]| [-~]> |\*[*~]> |\*\*\* Error)/,
    noise: /^(?:=== |\*\*\* )/,
    perspective: 'client',
  },
  {
    id: 'smtp-server',
    detect: /^\[[\d :-]+\] (?:(?:DEBUG|INFO ) \[#|ERROR \w{16} )/,
    noise: /^\[[\d :-]+\] (?:INFO|WARN|ERROR) /,
    perspective: 'server',
  },
  {
    id: 'nodemailer',
    detect: /^\[[\d :-]+\] (?:DEBUG|INFO|ERROR|WARN) /,
    noise: /^\[[\d :-]+\] (?:(?:INFO|WARN|ERROR) |DEBUG (?!\[)|DEBUG \[\w+\] (?:Resolved |SMTP handshake |Closing ))/,
    perspective: 'client',
  },
  {
    id: 'phpmailer',
    detect: /(?:CLIENT -> SERVER|SERVER -> CLIENT): ?/,
    noise:
      /\t(?:SMTP INBOUND: |SMTP -> get_lines|Auth method|Requested auth|Connection: |SMTP (?:ERROR|Error|NOTICE): )|^\s+\t\s+(?:'|array|\)|\()|^SMTP (?:ERROR|Error|INBOUND)/,
    perspective: 'client',
  },
  {
    id: 'phpmailer-old',
    detect: /SMTP -> (?:FROM SERVER|ERROR|NOTICE)/,
    noise: /SMTP -> (?:get_lines|ERROR|NOTICE)/,
    perspective: 'client',
  },
  {
    id: 'py-smtplib',
    detect: /^(?:[\d:.]+ )?(?:send|reply): (?:b?['"]|retcode)/,
    noise: /^(?:[\d:.]+ )?(?:reply: retcode|data: \(|connect: )/,
    perspective: 'client',
  },
  {
    id: 'jakarta',
    detect: /^(?:DEBUG SMTP|DEBUG): /,
    noise: /^(?:DEBUG(?: SMTP)?: |\tat |(?:javax|jakarta|com\.sun)\.mail\.| {2}nested exception|;$|\t\.\.\. \d)/,
    perspective: 'client',
  },
  {
    id: 'curl-trace',
    detect: /(?:^| )(?:== Info:|<= Recv |=> Send )/,
    noise: /(?:^| )(?:== Info:|<= Recv |=> Send )/,
    perspective: 'client',
    block: /(?:^| )(?:== Info|(?:<=|=>) (?:(Send|Recv) (?:header|data)|\w+ SSL))/,
    rows: true,
  },
  {
    id: 'curl',
    detect: /^(?:\* +(?:Trying|Connected|Added|Hostname|Could not)|[{}] \[\d+ bytes data\])/,
    noise: /^(?:\* |[{}] \[)/,
    perspective: 'client',
  },
  {
    id: 'msmtp',
    detect: /^(?:<-- \d{3}|--> [A-Za-z]|loaded user configuration|tls_min_dh_prime_bits|SMTP server at )/,
    noise: /^(?:[\w ]+ = |using account|loaded |ignoring |reading |TLS |LMTP |SMTP |msmtp: | {4}|Capabilities)/,
    perspective: 'client',
  },
  {
    id: 'exim-bh',
    detect: /^(?:>>> (?:host in|processing|using ACL|check )|\*\*\*\* SMTP testing)/,
    noise: /^(?:>>>|LOG:|\*\*\*\*)/,
    perspective: 'server',
  },
  {
    id: 'exim',
    detect: /SMTP(?:>>|<<|\|>|\+>|>\||>-|\(close\))/,
    noise: /^(?!.{0,40}SMTP(?:[>|+]>|<<|>\||>-) |.{0,20} {8}\d{3}[ -])/,
    perspective: 'client',
  },
  {
    id: 'postfix-smtpd',
    detect: /postfix[\w/-]*\/smtpd\[\d+\]: [<>] /,
    noise: /postfix[\w/-]*\/[\w-]+\[\d+\]: (?![<>] )/,
    perspective: 'server',
  },
  {
    id: 'postfix-smtp',
    detect: /postfix[\w/-]*\/(?:smtp|lmtp)\[\d+\]: [<>] /,
    noise: /postfix[\w/-]*\/[\w-]+\[\d+\]: (?![<>] )/,
    perspective: 'client',
  },
  {
    id: 'sendmail',
    detect: /^(?:\S+\.\.\. (?:Connecting|Connection|Sent|User|Deferred)|>>> (?:EHLO|MAIL|RCPT|QUIT))/,
    noise: /^(?:\S+\.\.\. |Closing connection)/,
    perspective: 'client',
  },
  {
    id: 'sendmail-report',
    detect: /^(?:\.\.\. while talking to | *-{3,} Transcript of session follows)/,
    noise: /^(?:\.\.\. while|\s*-{3,})/,
    perspective: 'report',
    decisive: true,
  },
  { id: 'mailkit', detect: /^(?:[\dTZ:.+-]+ )?Connected to smtps?:\/\//, perspective: 'client', decisive: true },
  { id: 'go-mail', detect: /C (?:-->|<--) S: /, perspective: 'client' },
  {
    id: 'ruby',
    detect: /^(?:(?:->|<-) "|Connection opened: )/,
    noise: /^(?:writing message|wrote \d|TLS connection|Connection (?:opened|closed))/,
    perspective: 'client',
  },
  { id: 'smtp-cli', detect: /^\[\d{3}\] '/, perspective: 'client' },
  {
    id: 'haraka',
    detect: /\[PROTOCOL\]/i,
    noise: /\[(?:DEBUG|INFO|NOTICE|WARN|ERROR|CRIT)\] \[/,
    perspective: 'server',
  },
  { id: 'stalwart', detect: /smtp::(?:inbound|outbound)::/, perspective: 'server' },
  { id: 'mdaemon', detect: /: 0\d: \[\d+\] (?:-->|<--) /, perspective: 'server' },
  { id: 'communigate', detect: /SMTPI-\d+/, perspective: 'server' },
  { id: 'firstclass', detect: /(?:Client|Server)-\d+: (?:Snd|Rcv):/, perspective: 'server' },
  { id: 'mailpit', detect: /\[smtpd\] (?:received|response) \(/, perspective: 'server' },
  { id: 'fakesmtp', detect: / - (?:Client|Server): /, perspective: 'server' },
  {
    id: 'client-dialog',
    detect: /\b(?:Server Response: '|mail server responded: |Remote [Ss]erver returned '|remote server was:)/,
    perspective: 'client',
  },
  {
    id: 'thunderbird',
    detect: /SMTP (?:Send|Response): /,
    noise: /^(?!.*SMTP (?:Send|Response): )/,
    perspective: 'client',
  },
  { id: 'k9', detect: /SMTP (?:>>>|<<<) /, perspective: 'client' },
  { id: 'imail', detect: /SMTPD\([0-9A-F]+\)/, perspective: 'server' },
  { id: 'visnetic', detect: /^[\d.]+ +\[[0-9A-Fa-f]+\] [\d:]+ (?:<<<|>>>) /, perspective: 'server' },
  { id: 'exchange55', detect: /<<< IO: \|/, noise: /IO: \||^\|$/, perspective: 'server' },
  {
    id: 'tshark-follow',
    detect: /^Follow: tcp/,
    noise: /^(?:Running as user|=+$|Follow:|Filter:|Node \d:|\t?\d+$)/,
    perspective: 'wire',
  },
  { id: 'tshark', detect: /^ *\d+ +[\d.]+ +\S+ (?:→|->) \S+ +SMTP/, noise: /SMTP\/IMF/, perspective: 'wire' },
  {
    id: 'exchange-csv',
    detect: /^(?:#Software: Microsoft Exchange|[\dTZ:.-]+,[^,]*,[0-9A-F]+,\d+,[^,]*,[^,]*,[-+<>*],)/,
    perspective: 'unknown',
  },
  { id: 'hmail', detect: /^"SMTP[DC]"\t/, perspective: 'unknown' },
  { id: 'mailenable', detect: /\tSMTP-(?:IN|OU)\t/, perspective: 'unknown' },
  { id: 'iis-w3c', detect: /^#Fields:.*cs-method|SMTPSVC\d/, perspective: 'server' },
  { id: 'postfix-log', detect: /postfix[\w/-]*\/\w+\[\d+\]: \w+: (?:to=<.* status=|from=<)/, perspective: 'log' },
  {
    id: 'exim-mainlog',
    detect:
      /^[\d-]{10} [\d:.]{8,12}(?: \S+)? (?:\w{6}-\w{6,11}-\w{2,4} (?:<=|=>|->|==|\*\*|Completed)|.*(?: authenticator failed | rejected (?:RCPT|MAIL) <))/,
    perspective: 'log',
  },
  {
    id: 'opensmtpd',
    detect: /(?:smtpd\[\d+\]: |^).*(?:smtp-in: |^\w{16} (?:smtp|mta) |smtp failed-command|mta delivery|relay: \w+ )/,
    perspective: 'log',
  },
  {
    id: 'delivery-report',
    detect: /^(?:Final-Recipient|Diagnostic-Code|Reporting-MTA|Remote-MTA): /i,
    perspective: 'report',
  },
  { id: 'tcpdump', detect: /Flags \[[A-Z.]+\], seq/, noise: /Flags \[/, perspective: 'wire' },
  {
    id: 'smtp-sink',
    detect: /^smtp-sink: /,
    noise: /^smtp-sink: (?:name_mask|trying|connect|vstream|fd=|smtp_stream|disconnect|accept)/,
    perspective: 'server',
  },
  {
    id: 'smtp-source',
    detect: /^smtp-source: /,
    noise: /^smtp-source: (?:name_mask|vstream|fd=|smtp_stream)/,
    perspective: 'client',
  },
  {
    id: 'apple-mail',
    detect: /^(?:INITIATING CONNECTION|CONNECTED|READ|WROTE) \w{3} \d\d/,
    noise: /^(?:INITIATING CONNECTION|CONNECTED|READ|WROTE) /,
    perspective: 'client',
    block: /^(?:INITIATING |CONNECTED |(READ|WROTE) .* socket:(0x\w+)|(READ|WROTE) )/,
  },
  {
    id: 'req-resp',
    detect: /^(?:request|response):$/,
    noise: /^(?:request|response):$/,
    perspective: 'client',
    block: /^(request|response):$/,
  },
  {
    id: 'dotnet-trace',
    detect: /^System\.Net\.Sockets \w+: \d/,
    noise: /^(?:System\.Net|\s+(?:ProcessId|DateTime)=)/,
    perspective: 'client',
    block: /^System\.Net\S* \w+: \d+ : \[\d+\] (?:Data from \w+(#\d+)::\w*?(Send|Receive)|\D)/,
    rows: true,
  },
  {
    id: 'openssl',
    detect: /^(?:CONNECTED\(|CONNECTION ESTABLISHED|depth=\d+ |Verify return code:|Can't use SSL_get_servername)/,
    noise:
      /^(?:depth=|verify |CONNECTED\(|CONNECTION EST|---|Certificate|Server |issuer=|subject=|SSL|New, |Verif|[A-Z][\w ]+:|\s|[A-Za-z0-9+/=]{1,64}$|-----|No |Early|read R|closed|Can't use|Secure Reneg|DONE|Peer |Acceptable|Post-)/,
    perspective: 'client',
  },
  { id: 'telnet', detect: /^Escape character is /, noise: /^(?:Trying |Escape |Script )/, perspective: 'client' },
  {
    id: 'nc',
    detect: /^(?:Ncat: |Connection to \S+ .*succeeded!|\(UNKNOWN\) \[)/,
    noise: /^Ncat: /,
    perspective: 'client',
  },
  { id: 'espoofer', detect: /^>>> \d{3}[ -]/, perspective: 'client' },
  { id: 'c-s', detect: /^(?:[CS]: ?|[cs]: ?)/, noise: /^-- /, perspective: 'wire' },
]

// What stands for a log of no format that is known
const UNKNOWN: Format = { id: 'unknown', detect: /^(?!)/, perspective: 'unknown' }

/** What stands for a dialogue without marks. */
export const PLAIN: Format = { id: 'plain', detect: /^(?!)/, perspective: 'unknown' }

const ENOUGH_LINES = 2000
const DECISIVE = 10_000

/** Detects the format of lines by how many of them are typical of it. */
export function detectFormat(texts: readonly string[]): Format {
  const sample = texts.length > ENOUGH_LINES ? texts.slice(0, ENOUGH_LINES) : texts
  let best = UNKNOWN
  let most = 0
  for (const format of FORMATS) {
    let hits = 0
    for (const text of sample) if (format.detect.test(text.slice(0, 400))) hits += format.decisive ? DECISIVE : 1
    if (hits > most) {
      best = format
      most = hits
    }
  }
  return best
}
