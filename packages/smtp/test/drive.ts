import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import type { ClientEvent, ClientSession, Connection, ServerEvent, ServerSession } from '../src/index.ts'

/** How many octets at a time a vector is fed. */
export const SIZES = [1, 3, Number.POSITIVE_INFINITY]

/** Cuts text into chunks of octets. */
export function* chunksOf(text: string, size: number): Generator<Uint8Array> {
  const bytes = encodeUtf8(text)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** What an event says, short: its type, and the code of its reply or error. */
export function tell(event: ClientEvent | ServerEvent): string {
  if ('error' in event) return `${event.type} ${event.error.code}`
  return 'reply' in event ? `${event.type} ${event.reply.code}` : event.type
}

/** Feeds a client session and tells every event. */
export function feed(session: ClientSession, text: string, size: number): string[] {
  const told: string[] = []
  for (const chunk of chunksOf(text, size)) {
    session.receive(chunk)
    for (let event = session.nextEvent(); event; event = session.nextEvent()) told.push(tell(event))
  }
  return told
}

/** Feeds a server session whose every question is answered with success, and tells every event. */
export function serveAll(session: ServerSession, text: string, size: number): string[] {
  const told: string[] = []
  const pull = (): void => {
    for (let event = session.nextEvent(); event; event = session.nextEvent()) {
      told.push(tell(event))
      answer(session, event)
    }
  }
  pull()
  for (const chunk of chunksOf(text, size)) {
    session.receive(chunk)
    pull()
  }
  return told
}

const ASKS: ReadonlySet<string> = new Set([
  'connect',
  'auth',
  'auth-response',
  'xclient',
  'mail',
  'rcpt',
  'message-end',
])

/** Answers an event that waits with success. */
export function answer(session: ServerSession, event: ServerEvent): void {
  if (ASKS.has(event.type)) session.accept()
}

/** What a session has to write, as text. */
export function output(session: ClientSession | ServerSession): string {
  return decodeLatin1(session.takeOutput())
}

/** The codes of the replies in what a server wrote, one for each line that ends a reply. */
export function codes(text: string): number[] {
  return [...text.matchAll(/^(\d{3})(?: |\r)/gm)].map((match) => Number(match[1]))
}

/** A step of a scripted server: text to send, a pattern of what must come, or an action on the connection. */
export type Step = string | RegExp | ((connection: Connection) => Promise<unknown> | unknown)

/**
 * Plays a server by a script, then closes; gives all that the client sent. A pattern waits until what came since the
 * last one matches.
 */
export async function play(connection: Connection, script: readonly Step[]): Promise<string> {
  let all = ''
  let since = ''
  for (const step of script) {
    if (typeof step === 'string') await connection.write(encodeUtf8(step))
    else if (typeof step === 'function') await step(connection)
    else {
      while (!step.test(since)) {
        const bytes = await connection.read()
        if (!bytes) throw new Error(`The client closed before ${step}; it sent ${JSON.stringify(since)}`)
        const text = decodeLatin1(bytes)
        all += text
        since += text
      }
      since = since.replace(step, '')
    }
  }
  await connection.close()
  return all
}

/** Octets of a text message. */
export function message(body = 'Hello'): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`Subject: test\r\n\r\n${body}\r\n`)
}

/** Reads a stream to its end, as text. */
export async function readAll(content: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of content) text += decodeLatin1(chunk)
  return text
}
