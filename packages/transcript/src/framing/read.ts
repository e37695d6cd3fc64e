/** Lines to sessions by the framing that their format has. */

import type { Item } from '../dialogue/item.ts'
import type { SecretCollector } from '../dialogue/secret.ts'
import { type ReadSessions, readSessions, type SessionFacts } from '../dialogue/sessions.ts'
import { type Format, PLAIN } from '../formats/format.ts'
import { perspectiveOf } from '../formats/perspective.ts'
import type { Line } from '../import/line.ts'
import type { Perspective } from '../session.ts'
import { markBlocks } from './blocks.ts'
import { readClientDialog } from './client-dialog.ts'
import { type Row, readExchange, readHmail, readMailEnable, readW3c } from './columns.ts'
import { sessionsOf } from './delivery.ts'
import { readDeliveryReport } from './delivery-report.ts'
import { readEximLog } from './exim-log.ts'
import { showHiddenLogins } from './hidden-login.ts'
import type { ReadLog } from './log-fields.ts'
import { readMarked } from './marked.ts'
import { readOpenSmtpdLog } from './opensmtpd-log.ts'
import { cutPacketHeaders } from './packets.ts'
import { readPostfixLog } from './postfix-log.ts'
import { joinOpenReplies, joinSplitReplies } from './split-replies.ts'

const LOGS: Readonly<Record<string, (lines: readonly Line[]) => ReadLog>> = {
  'postfix-log': readPostfixLog,
  'exim-mainlog': readEximLog,
  opensmtpd: readOpenSmtpdLog,
  'delivery-report': readDeliveryReport,
  'client-dialog': readClientDialog,
}
const COLUMNS: Readonly<Record<string, (lines: readonly Line[]) => readonly Row[]>> = {
  'exchange-csv': readExchange,
  hmail: readHmail,
  mailenable: readMailEnable,
  'iis-w3c': readW3c,
}

function prepare(lines: readonly Line[], { id, block, rows }: Format): readonly Line[] {
  if (block) return markBlocks(lines, block, rows === true)
  if (id === 'tcpdump') return cutPacketHeaders(lines)
  if (id === 'go-mail') return joinOpenReplies(lines)
  if (id === 'jakarta') return showHiddenLogins(lines)
  return id === 'smtp-cli' ? joinSplitReplies(lines) : lines
}

/** Reads lines of a format. */
export function readFormat(lines: readonly Line[], format: Format, secrets: SecretCollector): ReadSessions {
  const facts = { format: format.id, perspective: format.perspective }
  const log = LOGS[format.id]
  if (log) {
    const { deliveries, unexplained } = log(lines)
    return { sessions: sessionsOf(deliveries, facts, (text) => secrets.scrub(text)), unexplained }
  }
  const columns = COLUMNS[format.id]
  if (columns) return readColumns(columns(lines), facts, secrets)
  const { groups, marks } = readMarked(prepare(lines, format), format)
  const isBare = format.id === 'unknown' && marks.roles.size === 1 && marks.roles.has('')
  const { id } = isBare ? PLAIN : format
  return readGroups(groups, { format: id, perspective: perspectiveOf(format, marks) }, secrets)
}

function readColumns(rows: readonly Row[], facts: SessionFacts, secrets: SecretCollector): ReadSessions {
  const groups = new Map<string, Item[]>()
  const unexplained: Line[] = []
  for (const row of rows) {
    if (!('item' in row)) {
      unexplained.push(row)
      continue
    }
    const group = groups.get(row.key)
    if (group) group.push(row.item)
    else groups.set(row.key, [row.item])
  }
  const perspective = facts.perspective === 'unknown' ? columnPerspective(rows) : facts.perspective
  const read = readGroups([...groups.values()], { ...facts, perspective }, secrets)
  return { sessions: read.sessions, unexplained: [...unexplained, ...read.unexplained] }
}

// Who received what a client said is the server
function columnPerspective(rows: readonly Row[]): Perspective {
  for (const row of rows) {
    if (!('item' in row) || row.item.side !== 'client') continue
    return /"SMTPD"|,<,|RECEIVED:|SMTP-IN/.test(row.item.line.text) ? 'server' : 'client'
  }
  return 'unknown'
}

function readGroups(groups: readonly (readonly Item[])[], facts: SessionFacts, secrets: SecretCollector): ReadSessions {
  const parts = groups.map((items) => readSessions(items, facts, secrets))
  return { sessions: parts.flatMap((part) => part.sessions), unexplained: parts.flatMap((part) => part.unexplained) }
}
