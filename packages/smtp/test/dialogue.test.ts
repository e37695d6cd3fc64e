import { parseCommand } from '@posthorn/command'
import { decodeBase64, decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { type Reply, ReplyParser } from '@posthorn/reply'
import { describe, expect, test } from 'vitest'
import { ClientSession, ServerSession } from '../src/index.ts'
import { DIALOGUES, type Dialogue } from './dialogues.ts'
import { chunksOf, SIZES } from './drive.ts'

interface Step {
  readonly kind: 'C:' | 'S:' | '~' | '>' | '#' | 'TLS'
  readonly line: string
}

function stepsOf(text: string): Step[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [kind = '', ...rest] = line.split(' ')
      return { kind: kind as Step['kind'], line: rest.join(' ') }
    })
}

function parseReply(line: string): Reply {
  const parser = new ReplyParser()
  parser.push(encodeUtf8(`${line}\r\n`))
  const event = parser.next()
  if (event?.type !== 'reply') throw new Error(`The dialogue has a bad reply: ${line}`)
  return event.reply
}

/** Plays the client: sends what `C:` says, is fed what `S:` says, and must write exactly the lines of the client. */
function playClient(steps: readonly Step[], size: number, { protocol, pipelining }: Dialogue): string[] {
  const session = new ClientSession({ ...(protocol && { protocol }), ...(pipelining && { pipelining }) })
  const written: string[] = []
  for (const [index, { kind, line }] of steps.entries()) {
    if (kind === '#') continue
    if (line.startsWith('BDAT')) session.sendChunk(encodeUtf8(chunkAfter(steps, index)), line.endsWith('LAST'))
    else if (kind === 'C:') session.send(parseCommand(encodeUtf8(line)))
    else if (kind === '~') session.respond(line === '*' ? undefined : decodeBase64(line))
    else if (kind === 'TLS') session.tlsEstablished()
    else if (kind === '>' && line === '.') session.endBody()
    else if (kind === '>') session.sendBody(encodeUtf8(`${line.replace(/^\.\./, '.')}\r\n`))
    else for (const chunk of chunksOf(`${line}\r\n`, size)) session.receive(chunk)
    for (let event = session.nextEvent(); event; event = session.nextEvent()) {
      if (event.type === 'error') throw event.error
    }
    const output = decodeLatin1(session.takeOutput())
    if (output !== '') written.push(...output.slice(0, -2).split('\r\n'))
  }
  return written
}

/** The lines of the chunk that follows a BDAT. */
function chunkAfter(steps: readonly Step[], index: number): string {
  let chunk = ''
  for (let at = index + 1; steps[at]?.kind === '#'; at++) chunk += `${steps[at]!.line}\r\n`
  return chunk
}

/** Plays the server: is fed the lines of the client, answers each question as `S:` says, and must give those codes. */
function playServer(steps: readonly Step[], size: number, { protocol, recipients }: Dialogue): number[] {
  const mechanisms = ['PLAIN', 'LOOP', 'SCRAM-SHA-256', 'OAUTHBEARER'].map((name) => ({ name }))
  const extensions = [{ keyword: 'DSN' }]
  const session = new ServerSession({
    hostname: 'mx.example',
    tls: true,
    mechanisms,
    extensions,
    ...(protocol && { protocol }),
  })
  const given: number[] = []
  const answers = steps.filter(({ kind, line }) => kind === 'S:' && line[3] === ' ').map(({ line }) => parseReply(line))
  const pull = (): void => {
    for (let event = session.nextEvent(); event; event = session.nextEvent()) {
      if (event.type === 'error') throw event.error
      take()
      if (event.type === 'message-end' && recipients) {
        session.replyEach(answers.slice(given.length, given.length + recipients))
      } else if (['connect', 'mail', 'rcpt', 'auth', 'auth-response', 'message-end'].includes(event.type)) {
        session.reply(answers[given.length]!)
      }
    }
    take()
  }
  const take = (): void => {
    for (const match of decodeLatin1(session.takeOutput()).matchAll(/^(\d{3}) /gm)) given.push(Number(match[1]))
  }
  pull()
  for (const { kind, line } of steps) {
    if (kind === 'TLS') session.tlsEstablished()
    else if (kind !== 'S:') for (const chunk of chunksOf(`${line}\r\n`, size)) session.receive(chunk)
    pull()
  }
  return given
}

describe.each(SIZES)('fed %s octet(s) at a time', (size) => {
  test.each(DIALOGUES)('ClientSession: $name', (dialogue) => {
    const steps = stepsOf(dialogue.text)
    const expected = steps.filter(({ kind }) => ['C:', '~', '>', '#'].includes(kind)).map(({ line }) => line)
    expect(playClient(steps, size, dialogue)).toEqual(expected)
  })

  test.each(DIALOGUES)('ServerSession: $name', (dialogue) => {
    const steps = stepsOf(dialogue.text)
    const replies = steps.filter(({ kind, line }) => kind === 'S:' && line[3] === ' ')
    expect(playServer(steps, size, dialogue)).toEqual(replies.map(({ line }) => Number(line.slice(0, 3))))
  })
})
