/** Extensions that the client uses, and the server did not offer: RFC 5321 section 2.2. */

import type { CommandEvent, Greeting, ReplyEvent } from '../session.ts'
import { isHello } from '../session-kind.ts'
import type { Check } from './check.ts'
import { answerTo, codeFor, indexesOf, type SessionView, wordsOf } from './view.ts'

// The extensions of parameters: RFC 1870, 6531, 6152, 3461, 4954, 8689, 2852, 6710, 4865, 7293
const KEYWORDS: Readonly<Record<string, string>> = {
  SIZE: 'SIZE',
  SMTPUTF8: 'SMTPUTF8',
  BODY: '8BITMIME',
  RET: 'DSN',
  ENVID: 'DSN',
  NOTIFY: 'DSN',
  ORCPT: 'DSN',
  AUTH: 'AUTH',
  REQUIRETLS: 'REQUIRETLS',
  BY: 'DELIVERBY',
  'MT-PRIORITY': 'MT-PRIORITY',
  HOLDFOR: 'FUTURERELEASE',
  HOLDUNTIL: 'FUTURERELEASE',
  RRVS: 'RRVS',
}

interface Use {
  readonly keyword: string
  readonly command: CommandEvent
  /** The reply that refuses it. */
  readonly refusal: ReplyEvent | undefined
}

/** The client uses what the server did not offer: RFC 5321 section 2.2.2. */
export const notOffered: Check = (view) => {
  const greetings = new Map(view.session.greetings.map((greeting) => [greeting.event, greeting]))
  const uses: Use[] = []
  let greeting: Greeting | undefined
  let last: CommandEvent | undefined
  for (const command of view.commands) {
    const isGreeted = isHello(command.verb) && codeFor(view, command) === 250 && !command.inferred
    if (isGreeted) greeting = greetings.get(command.index)
    if (greeting) uses.push(...usesOf(view, command, last).filter((use) => isMissing(view, greeting!, use)))
    last = command
  }
  if (uses.length === 0) return undefined
  const explains = indexesOf(uses.map(({ refusal }) => refusal))
  return {
    id: 'not-offered',
    evidence: indexesOf(uses.map(({ command }) => command)),
    explains,
    values: [[...new Set(uses.map(({ keyword }) => keyword))].join(', ')],
    severity: explains.length > 0 ? 'error' : 'warning',
  }
}

function isMissing({ session }: SessionView, { event, capabilities }: Greeting, { keyword, refusal }: Use): boolean {
  const command = session.events[event]
  // One line alone may be all that the log has of the answer: then only a refusal shows that nothing was offered
  const isListed = Object.keys(capabilities).length > 0 || (command?.type === 'command' && command.verb === 'HELO')
  return !(keyword in capabilities) && (isListed || refusal !== undefined)
}

function usesOf(view: SessionView, command: CommandEvent, last: CommandEvent | undefined): Use[] {
  const uses = keywordsOf(command).map((keyword) => ({ keyword, command, refusal: refusalOf(view, command) }))
  const isAhead = !command.inferred && last !== undefined && (answerTo(view, last)?.index ?? 0) > command.index
  if (!isAhead) return uses
  const refusal = refusalOf(view, last)
  const isBlamed = refusal !== undefined && /pipelin|synchroni/i.test(wordsOf(refusal))
  return [...uses, { keyword: 'PIPELINING', command, refusal: isBlamed ? refusal : undefined }]
}

function refusalOf(view: SessionView, command: CommandEvent): ReplyEvent | undefined {
  const answer = answerTo(view, command)
  return answer && answer.reply.code >= 500 ? answer : undefined
}

function keywordsOf({ verb, text, secure }: CommandEvent): string[] {
  if (verb === 'BDAT') return ['CHUNKING']
  if (verb === 'STARTTLS') return secure ? [] : ['STARTTLS']
  if ((verb !== 'MAIL' && verb !== 'RCPT') || !text.includes('>')) return []
  const parameters = text.slice(text.lastIndexOf('>') + 1).split(' ', 20)
  return parameters.flatMap((parameter) => {
    const [name = '', value] = parameter.toUpperCase().split('=')
    if (name === 'BODY' && value !== '8BITMIME') return value === 'BINARYMIME' ? [value] : []
    return KEYWORDS[name] ?? []
  })
}
