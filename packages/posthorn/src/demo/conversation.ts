/** A conversation as a terminal shows it: the client at the left, the server at the right, each reply explained. */

import { describeReply, formatEnhancedStatus, replyClass } from '@posthorn/reply'
import type { TlsInfo, TranscriptEntry } from '@posthorn/smtp'
import { columnsOf, type Paint, padTo, type Style, wrap } from '../terminal.ts'

const MARGIN = '  '
const CLASS_STYLES: Readonly<Record<number, Style>> = { 2: 'green', 3: 'cyan', 4: 'yellow', 5: 'red' }

/** How wide the two sides are. */
export interface Sides {
  readonly left: number
  readonly right: number
}

/** Divides the columns of a terminal. */
export function sidesFor(columns: number): Sides {
  const inner = Math.min(Math.max(columns, 60), 110) - MARGIN.length
  const left = Math.floor(inner * 0.44)
  return { left, right: inner - left }
}

type AnsweringReply = Extract<TranscriptEntry, { type: 'reply' }>

/** Gives the two headings. */
export function conversationHead(paint: Paint, { left, right }: Sides): string[] {
  return [
    MARGIN + paint('bold', `${padTo('client', left)}server`),
    MARGIN + paint('dim', `${'─'.repeat(left - 2)}  ${'─'.repeat(right)}`),
  ]
}

/** Gives the lines of one step. */
export function conversationLines(entry: TranscriptEntry, paint: Paint, sides: Sides): string[] {
  switch (entry.type) {
    case 'command':
      return wrap(entry.text, sides.left - 2).map((line) => MARGIN + paint('bold', line))
    case 'message': {
      const end = entry.framing === 'DATA' ? ', and a lone dot' : ''
      const text = `(the message, ${entry.octets.toLocaleString('en')} octets${end})`
      return wrap(text, sides.left - 2).map((line) => MARGIN + paint('dim', line))
    }
    case 'tls':
      return [MARGIN + paint('magenta', centred(tlsText(entry.info), sides.left + sides.right))]
    case 'reply':
      return replyLines(entry, paint, sides)
    default:
      return []
  }
}

function tlsText({ protocol, cipher, verifiedBy }: TlsInfo): string {
  return ` ${protocol}, ${cipher}, ${verifiedBy === 'nobody' ? 'certificate NOT verified' : 'certificate verified'} `
}

function centred(text: string, columns: number): string {
  const room = Math.max(0, columns - columnsOf(text))
  return '═'.repeat(Math.floor(room / 2)) + text + '═'.repeat(Math.ceil(room / 2))
}

function replyLines({ reply, answers }: AnsweringReply, paint: Paint, { left, right }: Sides): string[] {
  const style = CLASS_STYLES[replyClass(reply)]!
  const status = reply.enhanced ? `${formatEnhancedStatus(reply.enhanced)} ` : ''
  const lines = reply.lines.flatMap((line, index) => {
    const separator = index < reply.lines.length - 1 ? '-' : ' '
    return wrap(`${reply.code}${separator}${status}${line}`, right).map((text) => paint(style, text))
  })
  const meaning = wrap(describeReply(reply, answers ? { answers } : {}), right - 2).map((text, index) =>
    paint('dim', `${index === 0 ? '↳' : ' '} ${text}`),
  )
  return [...lines, ...meaning].map((text) => MARGIN + ' '.repeat(left) + text)
}
