/** The dialogues that each tool has with our server, and what the server does with each recipient. */

import type { Reply } from '@posthorn/reply'

/** Who can log in; the password is made up, and nowhere else. */
export const ACCOUNT = { username: 'ann@example.com', password: 'pepper-Mint7-kettle' }
/** What nobody can log in with. */
export const WRONG_PASSWORD = 'copper-Lamp3-window'

/** The mechanisms of AUTH that our server offers, in lower case. */
export type Mechanism = 'plain' | 'login' | 'cram-md5' | 'scram-sha-256' | 'xoauth2' | 'oauthbearer'

/** One dialogue. */
export interface Dialogue {
  readonly name: 'sent' | 'partly' | 'denied' | 'sender' | 'content' | 'dropped' | `auth-${Mechanism}`
  /** The mechanism of AUTH; default the tool's own choice. */
  readonly mechanism?: Mechanism
  /** Whether TLS is raised and an account is used; otherwise neither. */
  readonly password?: string
  readonly from: string
  readonly to: readonly string[]
}

const [ANN, BOB, EVE] = ['ann@example.com', 'bob@example.net', 'eve@example.net']

export const DIALOGUES: readonly Dialogue[] = [
  { name: 'sent', password: ACCOUNT.password, from: ANN, to: [BOB, EVE] },
  { name: 'partly', from: ANN, to: [BOB, 'nobody@example.net', EVE] },
  { name: 'denied', password: WRONG_PASSWORD, from: ANN, to: [BOB] },
  { name: 'sender', from: 'blocked@example.com', to: [BOB] },
  { name: 'content', from: ANN, to: ['spamtrap@example.net'] },
  { name: 'dropped', from: ANN, to: ['hangup@example.net', BOB] },
]

/** The token that can log in; made up. */
export const TOKEN = 'ya29.vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg'

/** The dialogue in which a tool logs in by a mechanism. */
export function loginBy(mechanism: Mechanism): Dialogue {
  const isToken = mechanism === 'xoauth2' || mechanism === 'oauthbearer'
  return { name: `auth-${mechanism}`, mechanism, password: isToken ? TOKEN : ACCOUNT.password, from: ANN, to: [BOB] }
}

/** The message, with a line that has to be stuffed, one that looks like a reply, and one that looks like a command. */
export const MESSAGE = [
  'Date: Fri, 02 Jan 2026 03:04:05 +0000',
  'From: Ann <ann@example.com>',
  'To: Bob <bob@example.net>',
  'Message-ID: <1@example.com>',
  'Subject: a parcel',
  '',
  'Hello',
  '.dot',
  '250 is a number of parcels',
  'QUIT is a word',
  '',
].join('\n')

const refusal = (code: number, status: readonly [2 | 4 | 5, number, number], ...lines: string[]): Reply => {
  const [first, subject, detail] = status
  return { code, enhanced: { class: first, subject, detail }, lines }
}

/** What the server says to a recipient, a sender, or a message to a recipient, by the local part alone. */
export const REFUSALS: Readonly<Record<string, Reply>> = {
  nobody: refusal(550, [5, 1, 1], 'No such user, whatever is said of', 'the others'),
  blocked: refusal(550, [5, 7, 1], 'Sender is not welcome here'),
  spamtrap: refusal(554, [5, 7, 1], 'Message is not welcome here'),
}
/** The recipient at whom the server hangs up. */
export const HANGUP = 'hangup'
