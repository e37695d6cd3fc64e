/** The dialogue as lines for people: who speaks, and what; the text of messages as their size. */

import { replyLines } from '../reply-text.ts'
import type { MessageEvent, TranscriptEvent, TranscriptSession } from '../session.ts'
import { isChunk } from '../session-kind.ts'

/** Gives the lines: `C:` for the client, `S:` for the server, `--` for what was told beside the dialogue. */
export function dialogueLines(session: TranscriptSession): string[] {
  return session.events.flatMap((event) => linesOf(event, isChunk(session, event.index)))
}

function linesOf(event: TranscriptEvent, isPart: boolean): string[] {
  switch (event.type) {
    case 'command':
      return [event.inferred ? `-- not in the log: ${event.text}` : `C: ${event.text}`]
    case 'credentials':
      return ['C: ***']
    case 'reply':
      return replyLines(event.reply).map((line) => `S: ${line.trimEnd()}`)
    case 'message':
      return [`C: (${messageText(event, isPart)})`]
    default:
      return [`-- ${event.text}`]
  }
}

function messageText({ octets, complete }: MessageEvent, isPart: boolean): string {
  const size = octets === undefined ? '' : `, ${octets} octets`
  return `${isPart ? 'a part of the message' : 'the message'}${size}${complete ? '' : ', not to its end'}`
}
