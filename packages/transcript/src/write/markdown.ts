/** Writes a session as Markdown, for the report of a fault: nothing in the log can become markup. */

import { formatReplyText } from '@posthorn/reply'
import type { Peer, TranscriptSession } from '../session.ts'
import { Pseudonyms } from './anonymous.ts'
import { dialogueLines } from './dialogue-lines.ts'
import { codeSpan, fenced, prose } from './markdown-text.ts'

/** What is printed of a finding, as `explain` gives it. */
export interface PrintedFinding {
  /** How much it matters. */
  readonly severity: string
  /** What happened, as a sentence without its full stop. */
  readonly what: string
  /** What that comes from or leads to, likewise. */
  readonly why?: string
  /** Who must act. */
  readonly actor?: string
  /** When to try again. */
  readonly retry?: string
  /** What to do, step by step. */
  readonly remedy?: readonly string[]
  /** The events that show it, by their index. */
  readonly evidence?: readonly number[]
  /** Where it is written. */
  readonly documents?: readonly string[]
  /** Set where it follows from another. */
  readonly consequenceOf?: string
}

/** How {@link formatMarkdown} writes. */
export interface FormatMarkdownOptions {
  /** What was found, to be printed; default nothing. */
  readonly findings?: readonly PrintedFinding[]
  /** Whether mailboxes, hosts and IP addresses are replaced by made-up ones, the same for the same; default `false`. */
  readonly anonymize?: boolean
}

const CLOSES: Readonly<Record<TranscriptSession['close'], string>> = {
  quit: 'by QUIT',
  'server-closed': 'by the server',
  dropped: 'the connection was dropped',
  timeout: 'one end waited in vain',
  unknown: 'not seen',
}

/**
 * Writes a session as Markdown: who spoke, TLS, authentication, what came of each recipient, the findings, and the dialogue.
 *
 * All that is of the log stands in code spans and in a fence, which it cannot end; it cannot become a link, a mention, or HTML.
 * No secret and no text of a message is in it.
 *
 * @param session The session, of any format.
 * @param options Findings, and whether names are hidden.
 * @returns Markdown as GitHub reads it, with its line ending.
 * @see {@link https://spec.commonmark.org/0.31.2/#fenced-code-blocks | CommonMark section 4.5}
 * @example
 * import { parseTranscript } from '@posthorn/transcript'
 * const [session] = parseTranscript('S: 220 mx.example.net\nC: RCPT TO:<a@b.example>\nS: 550 no').sessions
 * const text = formatMarkdown(session!, { anonymize: true })
 * text.split('\n')[13] // '| `user1@example.com` | rejected | `550 no` |'
 */
export function formatMarkdown(session: TranscriptSession, options: FormatMarkdownOptions = {}): string {
  const { findings = [], anonymize = false } = options
  const hide = anonymize ? new Pseudonyms(session).hide : (text: string): string => text
  const parts = [
    `### ${session.protocol.toUpperCase()} session`,
    table(['', ''], factRows(session, hide)),
    ...recipientTable(session, hide),
    ...findingList(findings, hide),
    fenced(dialogueLines(session).map(hide)),
  ]
  return `${parts.join('\n\n')}\n`
}

type Hide = (text: string) => string

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

function factRows({ client, server, tls, authentication, close, format, perspective }: TranscriptSession, hide: Hide) {
  const { mechanism, outcome } = authentication
  const tlsFacts = [tls.version, tls.cipher].filter((fact) => fact !== undefined)
  return [
    ['Client', codeSpan(hide(peerText(client)))],
    ['Server', codeSpan(hide(peerText(server)))],
    ['TLS', [tls.state, ...tlsFacts.map(codeSpan)].join(', ')],
    ['Authentication', [...(mechanism ? [codeSpan(mechanism)] : []), outcome].join(', ')],
    ['Ended', CLOSES[close]],
    ['Log', `${codeSpan(format)}, ${perspective}`],
  ]
}

function peerText({ name, address, port }: Peer): string {
  const place = address === undefined ? '' : `[${address}]`
  const words = [name, place].filter((word) => word !== undefined && word !== '').join(' ')
  return `${words === '' ? 'unknown' : words}${port === undefined ? '' : `:${port}`}`
}

function recipientTable({ transactions, events }: TranscriptSession, hide: Hide): string[] {
  const rows = transactions.flatMap(({ recipients }) =>
    recipients.map(({ address, outcome, reply }) => {
      const event = reply === undefined ? undefined : events[reply]
      const said = event?.type === 'reply' ? formatReplyText(event.reply) : ''
      return [codeSpan(hide(address)), outcome, codeSpan(hide(said))]
    }),
  )
  return rows.length === 0 ? [] : [table(['Recipient', 'Outcome', 'Reply'], rows)]
}

function findingList(findings: readonly PrintedFinding[], hide: Hide): string[] {
  return findings.length === 0 ? [] : [findings.map((finding, i) => findingText(finding, i + 1, hide)).join('\n')]
}

function findingText(finding: PrintedFinding, number: number, hide: Hide): string {
  const { severity, what, why, actor, retry, remedy = [], evidence = [], documents = [], consequenceOf } = finding
  const say = (text: string): string => prose(hide(text)) || 'none'
  const facts = [
    ...(actor ? [`Who must act: ${say(actor)}`] : []),
    ...(retry ? [`When to try again: ${say(retry)}`] : []),
    ...(consequenceOf ? [`Follows from ${codeSpan(hide(consequenceOf))}`] : []),
    ...(evidence.length > 0 ? [`Events ${evidence.join(', ')}`] : []),
    ...(documents.length > 0 ? [documents.map(codeSpan).join(' ')] : []),
  ]
  const indent = ' '.repeat(`${number}. `.length)
  return [
    `${number}. **${say(severity)}**: ${say(what)}. ${why ? `${say(why)}.` : ''}`.trimEnd(),
    ...remedy.map((step) => `${indent}- To do: ${say(step)}`),
    ...facts.map((fact) => `${indent}- ${fact}`),
  ].join('\n')
}
