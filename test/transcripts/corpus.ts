/** The logs of the corpus, and what the importer makes of them, in the words of their expectations. */

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TranscriptEvent, TranscriptSession } from '@posthorn/transcript'
import type { Expectation } from './maker/expectation.ts'

const folder = fileURLToPath(new URL('logs/', import.meta.url))

/** One log, and what should be read from it. */
export interface CorpusLog {
  readonly name: string
  readonly text: string
  readonly expected: Expectation
}

/** Reads the corpus. */
export function readCorpus(): CorpusLog[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'))
  return names.sort().map((file) => {
    const name = file.slice(0, -4)
    return {
      name: name.replaceAll('\\', '/'),
      text: readFileSync(`${folder}${file}`, 'utf8'),
      expected: JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Expectation,
    }
  })
}

function wordsOf(event: TranscriptEvent): string | undefined {
  if (event.type === 'command') return event.inferred ? `(${event.verb})` : event.text.replace(/ \*{3}$/, '')
  if (event.type === 'credentials') return event.source ? 'response' : '(RESPONSE)'
  return event.type === 'message' ? 'message' : undefined
}

/** Gives commands with the codes of their replies. */
export function exchangesOf({ events }: TranscriptSession): string[] {
  return events.flatMap((event) => {
    const before = events[event.index - 1]
    // The octets behind BDAT are part of the command
    if (event.type === 'message' && before?.type === 'command' && before.verb === 'BDAT') return []
    if (event.type === 'reply') return event.answers === undefined ? [String(event.reply.code)] : []
    const words = wordsOf(event)
    if (words === undefined) return []
    const answer = events.find((one) => one.type === 'reply' && one.answers === event.index)
    return [answer?.type === 'reply' ? `${words} -> ${answer.reply.code}` : words]
  })
}

/** Gives what came of each recipient. */
export function transactionsOf({ transactions }: TranscriptSession): string[] {
  return transactions.map(({ reversePath, recipients }) => {
    const each = recipients.map(({ address, outcome }) => `${address} ${outcome}`.trim())
    return `${reversePath ?? '?'} > ${each.join(', ')}`.trim()
  })
}

/** Gives what came of each recipient of each sender, whatever session told of it; bounces, which nobody sent, are left out. */
export function deliveriesOf(sessions: readonly TranscriptSession[]): string[] {
  const senders = new Map<string, string[]>()
  for (const { reversePath = '?', recipients } of sessions.flatMap(({ transactions }) => transactions)) {
    const each = recipients.map(({ address, outcome }) => `${address} ${outcome}`)
    if (reversePath !== '' && each.length > 0) senders.set(reversePath, [...(senders.get(reversePath) ?? []), ...each])
  }
  return [...senders].map(([sender, each]) => `${sender} > ${each.sort().join(', ')}`)
}

/**
 * Says which line is whose: `S`, `C`, or `t` for the tool and for what nobody says. Between the first and the last line of what is
 * said in several, where lines of the tool can stand, the letters are small.
 */
export function speakersOf(sessions: readonly TranscriptSession[], lines: number): string {
  const speakers = Array.from({ length: lines }, () => 't')
  for (const event of sessions.flatMap(({ events }) => events)) {
    if (!event.source || event.type === 'note') continue
    const { line: first, lastLine: last } = event.source
    const speaker = event.type === 'reply' ? 'S' : 'C'
    for (let line = first; line <= last; line++) {
      const isEdge = line === first || line === last
      if (isEdge || speakers[line - 1] === 't') speakers[line - 1] = isEdge ? speaker : speaker.toLowerCase()
    }
  }
  return speakers.join('')
}

/** Whether a speaker is the expected one. */
export function isSpeaker(given: string | undefined, expected: string): boolean {
  return expected === 't' ? given !== 'S' && given !== 'C' : given?.toUpperCase() === expected
}
