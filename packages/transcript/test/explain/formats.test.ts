import { describe, expect, test } from 'vitest'
import { explain } from '../../src/explain.ts'
import { parseTranscript } from '../../src/index.ts'
import { LOGGERS, type Turn, UNKNOWN_LOGGERS, write } from '../loggers.ts'
import { describeFindings } from './describe-findings.ts'

function turnsOf(dialogue: string): Turn[] {
  return dialogue
    .trim()
    .split('\n')
    .map((line) => ({ side: line.startsWith('C') ? 'client' : 'server', text: line.slice(3) }))
}

const GREETING =
  'S: 220 mx.example.net ESMTP\nC: EHLO client.example.com\nS: 250-mx.example.net\nS: 250-STARTTLS\nS: 250 SIZE 100000'
const MAIL = 'C: MAIL FROM:<a@example.com>\nS: 250 2.1.0 Ok'

// What goes wrong, and what is found first, whoever logs it
const DIALOGUES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a refused sender',
    `${GREETING}\nC: MAIL FROM:<a@example.com>\nS: 550 5.7.1 <a@example.com>: Sender address rejected: Access denied\nC: RCPT TO:<b@example.net>\nS: 503 5.5.1 Error: need MAIL command\nC: QUIT\nS: 221 2.0.0 Bye`,
    ['error reply/postfix/policy-closed', 'info consequence of reply/postfix/policy-closed'],
  ],
  [
    'no recipient that exists',
    `${GREETING}\n${MAIL}\nC: RCPT TO:<nouser@example.net>\nS: 550 5.1.1 <nouser@example.net>: Recipient address rejected: User unknown in virtual mailbox table\nC: DATA\nS: 554 5.5.1 Error: no valid recipients\nC: QUIT\nS: 221 2.0.0 Bye`,
    ['error reply/postfix/user-unknown', 'info consequence of reply/postfix/user-unknown'],
  ],
  [
    'TLS that the server demands',
    `${GREETING}\nC: MAIL FROM:<a@example.com>\nS: 530 5.7.0 Must issue a STARTTLS command first\nC: QUIT\nS: 221 2.0.0 Bye`,
    ['error tls-required'],
  ],
  [
    'greylisting',
    `${GREETING}\n${MAIL}\nC: RCPT TO:<b@example.net>\nS: 450 4.2.0 <b@example.net>: Recipient address rejected: Greylisted\nC: QUIT\nS: 221 2.0.0 Bye`,
    ['warning reply/greylisting/greylist'],
  ],
  [
    'a message that is too big',
    `${GREETING}\nC: MAIL FROM:<a@example.com> SIZE=200000\nS: 552 5.3.4 Message size exceeds fixed limit\nC: QUIT\nS: 221 2.0.0 Bye`,
    ['error too-big'],
  ],
]

describe.each(Object.entries({ ...LOGGERS, ...UNKNOWN_LOGGERS }))('in the log of %s', (_, logger) => {
  test.each(DIALOGUES)('explain: %s', async (_name, dialogue, expected) => {
    const { sessions } = parseTranscript(write(logger, turnsOf(dialogue)))
    const findings = describeFindings(await explain(sessions[0]!))
    expect(findings.slice(0, expected.length)).toEqual(expected)
  })
})
