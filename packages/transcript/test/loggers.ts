/** One dialogue as many tools write it. Names and addresses are examples; the credentials are made up. */

/** One line that goes over the wire. */
export interface Turn {
  readonly side: 'client' | 'server'
  readonly text: string
}

const client = (...lines: string[]): Turn[] => lines.map((text) => ({ side: 'client', text }))
const server = (...lines: string[]): Turn[] => lines.map((text) => ({ side: 'server', text }))

/** What the made-up user could log in with, as it goes over the wire and in clear. */
export const SECRETS: readonly string[] = ['AHVzZXJAZXhhbXBsZS5jb20AY29ycmVjdGhvcnNl', 'correcthorse']

/** A session with AUTH, pipelining, a refused recipient and a message. */
export const DIALOGUE: readonly Turn[] = [
  ...server('220 mx.example.net ESMTP'),
  ...client('EHLO client.example.com'),
  ...server('250-mx.example.net', '250-PIPELINING', '250-AUTH PLAIN LOGIN', '250 SIZE 1000000'),
  ...client(`AUTH PLAIN ${SECRETS[0]}`),
  ...server('235 2.7.0 Authentication successful'),
  ...client('MAIL FROM:<a@example.com> SIZE=90', 'RCPT TO:<b@example.net>', 'RCPT TO:<nouser@example.net>', 'DATA'),
  ...server('250 2.1.0 Ok', '250 2.1.5 Ok', '550 5.1.1 <nouser@example.net>: User unknown', '354 Go ahead'),
  ...client('Subject: hi', '', '250 is a number', 'QUIT', '.'),
  ...server('250 2.0.0 Ok: queued as 4ABC'),
  ...client('QUIT'),
  ...server('221 2.0.0 Bye'),
]

/** What the dialogue is, whoever logs it. */
export const EVENTS = '220! EHLO 250 AUTH 235 MAIL RCPT RCPT DATA 250 250 550 354 @ 250 QUIT 221'
export const RECIPIENTS = 'a@example.com > b@example.net:a nouser@example.net:r'

type Logger = (turn: Turn, index: number) => string
const pick =
  (toServer: string, toClient: string): Logger =>
  ({ side, text }) =>
    (side === 'client' ? toServer : toClient) + text
const time = (i: number): string => `2026-01-02 03:04:${String(i).padStart(2, '0')}`
const quoted = (text: string): string => JSON.stringify(`${text}\r\n`)
const csv = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** How each tool writes a line, by the identifier of the format. */
export const LOGGERS: Readonly<Record<string, Logger>> = {
  swaks: pick(' ~> ', '<~  '),
  nodemailer: (turn, i) => `[${time(i)}] DEBUG [8PB2LarFeS8] ${turn.side === 'client' ? 'C' : 'S'}: ${turn.text}`,
  phpmailer: (turn, i) =>
    `${time(i)}\t${turn.side === 'client' ? 'CLIENT -> SERVER' : 'SERVER -> CLIENT'}: ${turn.text}`,
  'py-smtplib': ({ side, text }) => (side === 'client' ? `send: ${quoted(text)}` : `reply: b'${text}\\r\\n'`),
  ruby: ({ side, text }) => `${side === 'client' ? '<-' : '->'} ${quoted(text)}`,
  msmtp: pick('--> ', '<-- '),
  exim: pick('  SMTP>> ', '  SMTP<< '),
  'go-mail': (turn, i) => `${time(i)} DEBUG: C ${turn.side === 'client' ? '-->' : '<--'} S: ${turn.text}`,
  haraka: (turn) => `[PROTOCOL] [A1B2C3D4-0F71.1] [core] ${turn.side === 'client' ? 'C' : 'S'}: ${turn.text}`,
  mdaemon: (turn, i) =>
    `Fri ${time(i)}: 0${turn.side === 'client' ? 2 : 3}: [514116] ${turn.side === 'client' ? '<--' : '-->'} ${turn.text}`,
  communigate: (turn, i) =>
    `03:04:${i + 10}.12 4 SMTPI-000123([192.0.2.1]) ${turn.side === 'client' ? 'inp' : 'out'}: ${turn.text}`,
  firstclass: (turn) => `[1/2/2026 3:04] Server-12: ${turn.side === 'client' ? 'Rcv' : 'Snd'}: ${turn.text}`,
  fakesmtp: (turn) => `03:04:05 AM - ${turn.side === 'client' ? 'Client' : 'Server'}: ${turn.text}`,
  k9: pick('SMTP >>> ', 'SMTP <<< '),
  visnetic: (turn) => `192.0.2.9      [00A1] 03:04:05 ${turn.side === 'client' ? '<<<' : '>>>'} ${turn.text}`,
  espoofer: pick('<<< ', '>>> '),
  'c-s': pick('C: ', 'S: '),
  'postfix-smtpd': (turn) =>
    `Jan  2 03:04:05 mx postfix/smtpd[99]: ${turn.side === 'client' ? '<' : '>'} c.example.com[192.0.2.9]: ${turn.text}`,
  'postfix-smtp': (turn) =>
    `Jan  2 03:04:05 mx postfix/smtp[99]: ${turn.side === 'client' ? '>' : '<'} mx.example.net[192.0.2.1]:25: ${turn.text}`,
  hmail: (turn) =>
    `"SMTPD"\t4564\t12\t"2026-01-02 03:04:05.678"\t"192.0.2.9"\t"${turn.side === 'client' ? 'RECEIVED' : 'SENT'}: ${turn.text}"`,
  'exchange-csv': (turn, i) =>
    `2026-01-02T03:04:05.${100 + i}Z,EX1\\Default Frontend EX1,08DABC,${i},192.0.2.1:25,192.0.2.9:50000,${turn.side === 'client' ? '<' : '>'},${csv(turn.text)},`,
  plain: ({ text }) => text,
}

/** Marks that no tool has. */
export const UNKNOWN_LOGGERS: Readonly<Record<string, Logger>> = {
  'arrows the other way': pick('<=<=<= ', '=>=>=> '),
  'words of another language': pick('(klient) ', '(serwer) '),
  'pipes and numbers': ({ side, text }, i) => `${1000 + i} | ${side === 'client' ? 'tx' : 'rx'} | ${text}`,
  'a mark on one side only': pick('me% ', ''),
  'a date with a zone': (turn) =>
    `2026-01-02T03:04:05.123+01:00 worker-7 ${turn.side === 'client' ? 'out' : 'in'}=${turn.text}`,
}

/** Writes the dialogue. */
export function write(logger: Logger, turns: readonly Turn[] = DIALOGUE): string {
  return turns.map(logger).join('\n')
}

/** LOGIN by two responses, of which the server repeats one, and the password. */
export const REPEATED_LOGIN = [
  ['client', 'EHLO client.example.com'],
  ['server', '250 AUTH LOGIN'],
  ['client', 'AUTH LOGIN'],
  ['server', '334 VXNlcm5hbWU6'],
  ['client', 'c29tZWJvZHk='],
  ['server', '334 UGFzc3dvcmQ6'],
  ['client', 'Y29ycmVjdGhvcnNl'],
  ['server', '535 5.7.8 Y29ycmVjdGhvcnNl (correcthorse) is wrong'],
] as const
