/** A command line of a log: its verb, and its text without what is secret. */

import type { Line } from '../import/line.ts'
import { isClientHello } from '../payload/classify.ts'
import type { Phase } from '../session.ts'
import { HIDDEN, type SecretCollector } from './secret.ts'

/** A command as a log has it. */
export interface CommandLine {
  readonly verb: string
  readonly text: string
}

const PHASES: Readonly<Record<string, Phase>> = {
  EHLO: 'hello',
  HELO: 'hello',
  LHLO: 'hello',
  STARTTLS: 'tls',
  'X-ANONYMOUSTLS': 'tls',
  'CLIENT-HELLO': 'tls',
  AUTH: 'auth',
  'X-EXPS': 'auth',
  MAIL: 'envelope',
  RCPT: 'envelope',
  DATA: 'message',
  BDAT: 'message',
  BURL: 'message',
  QUIT: 'close',
}
// Haraka writes it behind the line
const STATE = / state=\d+\s*$/
const INITIAL = /^(?:AUTH|X-EXPS)\s+\S+\s+(?=\S)/i
const URL_AUTH = /;URLAUTH=/i

/** The part of the session to which a verb belongs; nothing for one that belongs to any. */
export function phaseOf(verb: string): Phase | undefined {
  return PHASES[verb]
}

/** Whether a command line is that of the last chunk of a message: RFC 3030 section 2. */
export function isLastChunk(text: string): boolean {
  return /^BDAT +\d+ +LAST\b/i.test(text)
}

/** The verb of a command line, in upper case; empty where it begins with none. */
export function verbOf(text: string): string {
  return (/^[A-Za-z-]+/.exec(text)?.[0] ?? '').toUpperCase()
}

/** Reads a command line, and tells the secrets in it. */
export function readCommandLine(line: Line, secrets: SecretCollector): CommandLine {
  if (isClientHello(line.text)) return { verb: 'CLIENT-HELLO', text: HIDDEN }
  const text = line.text.replace(STATE, '').trim()
  const verb = verbOf(text)
  const initial = INITIAL.exec(text)
  if (initial) return hideFrom(line, verb, text, initial[0].length, secrets)
  const url = verb === 'BURL' ? URL_AUTH.exec(text) : null
  if (url) return hideFrom(line, verb, text, url.index + url[0].length, secrets)
  return { verb, text }
}

function hideFrom(line: Line, verb: string, text: string, at: number, secrets: SecretCollector): CommandLine {
  const from = line.text.indexOf(text.slice(0, at))
  const shown = text.slice(0, at)
  if (text.slice(at) === '=') return { verb, text }
  secrets.add(line, from + at, from + text.length)
  return { verb, text: `${shown}${HIDDEN}` }
}
