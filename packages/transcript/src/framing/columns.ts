/** Logs of columns: Exchange protocol logs, hMailServer, IIS, MailEnable. One row is one thing said, or a command and its reply. */

import type { Item } from '../dialogue/item.ts'
import { type Line, LineBuilder, originOf, partOf } from '../import/line.ts'
import { classifyPayload } from '../payload/classify.ts'
import { readTime } from '../payload/time.ts'
import type { Speaker } from '../session.ts'

/** A thing said, and the session to which it belongs. */
export interface KeyedItem {
  readonly key: string
  readonly item: Item
}

/** What a row comes to; a line that is no row stays as it is. */
export type Row = KeyedItem | Line

// A quoted column is without its quotes, and a doubled quote in it is one
function splitColumns(line: Line, separator: string): Line[] {
  const columns: Line[] = []
  const { text } = line
  let from = 0
  while (from <= text.length) {
    const close = text[from] === '"' ? closingQuote(text, from) : -1
    const end = text.indexOf(separator, close < 0 ? from : close)
    const to = end < 0 ? text.length : end
    columns.push(close < 0 ? partOf(line, from, to) : unquote(line, from + 1, close))
    from = to + 1
  }
  return columns
}

function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

function unquote(line: Line, from: number, to: number): Line {
  const builder = new LineBuilder()
  for (let i = from; i < to; i++) {
    builder.add(line.text[i] ?? '', originOf(line, i))
    if (line.text[i] === '"' && line.text[i + 1] === '"') i++
  }
  return builder.take(line.number, originOf(line, to))
}

// A line that a row comes to, and that stands in it in pieces
function made(line: Line, text: string): Line {
  return { text, number: line.number, start: line.start, end: line.end, origins: Array.from(text, () => line.start) }
}

const SIGNS = new Set(['+', '-', '<', '>', '*'])

/** Reads Exchange rows: what is sent and what is received are told apart, and who is the client by what is said. */
export function readExchange(lines: readonly Line[]): Row[] {
  const rows = lines.map((line) => ({ line, columns: splitColumns(line, ',') }))
  let received = 0
  for (const { columns } of rows) {
    const kind = classifyPayload(columns[7]?.text ?? '')
    if (kind) received += (columns[6]?.text === '<') === (kind === 'command') ? 1 : -1
  }
  const ours: Speaker = received >= 0 ? 'server' : 'client'
  const theirs: Speaker = ours === 'server' ? 'client' : 'server'
  return rows.flatMap(({ line, columns }): Row[] => {
    const [time, , session, , , remote, sign, data] = columns
    if (!sign || !SIGNS.has(sign.text) || !session || !data) return line.text.startsWith('#') ? [] : [line]
    const side = sign.text === '>' ? ours : sign.text === '<' ? theirs : undefined
    const facts = { line, ...timeOf(time) }
    if (side) return wrap(session.text, data, { side, ...facts })
    const told =
      sign.text === '+'
        ? `connection to ${remote?.text}`
        : sign.text === '-'
          ? 'connection closed'
          : `${data.text} ${columns[8]?.text ?? ''}`
    return [{ key: session.text, item: { payload: made(line, told), ...facts, line: made(line, told), noise: true } }]
  })
}

function timeOf(column: Line | undefined): { at?: number } {
  const at = readTime(column?.text ?? '')
  return at === undefined ? {} : { at }
}

function wrap(key: string, payload: Line, facts: Omit<Item, 'payload'>): KeyedItem[] {
  return [{ key, item: { payload, ...facts } }]
}

/** Reads hMailServer rows. */
export function readHmail(lines: readonly Line[]): Row[] {
  return lines.flatMap((line): Row[] => {
    const [protocol, , session, time, , said] = splitColumns(line, '\t')
    const found = /^(SENT|RECEIVED): /.exec(said?.text ?? '')
    if (!said || !session || !found || !/^SMTP[DC]$/.test(protocol?.text ?? '')) return [line]
    const isServer = (protocol?.text === 'SMTPD') === (found[1] === 'SENT')
    const side: Speaker = isServer ? 'server' : 'client'
    const whole = partOf(said, found[0].length)
    return splitNl(whole).map((payload) => ({
      key: `${protocol?.text} ${session.text}`,
      item: { side, payload, line, ...timeOf(time) },
    }))
  })
}

function splitNl(line: Line): Line[] {
  const parts: Line[] = []
  let from = 0
  for (let at = line.text.indexOf('[nl]'); at >= 0; at = line.text.indexOf('[nl]', from)) {
    parts.push(partOf(line, from, at))
    from = at + 4
  }
  return [...parts, partOf(line, from)]
}

/** Reads MailEnable rows: a command and its reply. */
export function readMailEnable(lines: readonly Line[]): Row[] {
  return lines.flatMap((line): Row[] => {
    const columns = splitColumns(line, '\t')
    const at = columns.findIndex(({ text }) => /^SMTP-(?:IN|OU)$/.test(text))
    const [session, , command, details, response] = columns.slice(at + 2)
    if (at < 0 || !session || !command) return [line]
    return exchange(session.text, line, command.text, details?.text ?? '', response?.text ?? '', timeOf(columns[0]))
  })
}

/** Reads rows of the W3C format of IIS, whose columns a line names. */
export function readW3c(lines: readonly Line[]): Row[] {
  let names: string[] = []
  return lines.flatMap((line): Row[] => {
    if (line.text.startsWith('#')) {
      if (line.text.startsWith('#Fields:')) names = line.text.slice(8).trim().split(' ')
      return []
    }
    const columns = line.text.split(' ')
    const column = (name: string): string => columns[names.indexOf(name)] ?? '-'
    const [method, query, status] = [column('cs-method'), column('cs-uri-query'), column('sc-status')]
    const details = query === '-' ? '' : query.replace(/\+/g, ' ').trim()
    if (column('cs-username') === 'OutboundConnectionResponse') {
      return wrap(column('c-ip'), made(line, details), { side: 'server', line, ...timeOf(line) })
    }
    if (method === '-') return [line]
    return exchange(column('c-ip'), line, method, details, status, timeOf(line))
  })
}

function exchange(
  key: string,
  line: Line,
  verb: string,
  details: string,
  reply: string,
  at: { at?: number },
): KeyedItem[] {
  const alone = /^(?:QUIT|DATA|RSET|STARTTLS)$/i.test(verb)
  const isWhole = details.toUpperCase().startsWith(verb.toUpperCase())
  const command = made(line, alone || details === '' ? verb : isWhole ? details : `${verb} ${details}`)
  const items: KeyedItem[] = [{ key, item: { side: 'client', payload: command, line, ...at } }]
  if (/^[2-5]\d\d/.test(reply)) items.push({ key, item: { side: 'server', payload: made(line, reply), line, ...at } })
  return items
}
