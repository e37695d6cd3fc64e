/** The decisions of a sink on senders, recipients and messages, as handlers of a server. */

import { type ForwardPath, formatMailbox, type ReversePath } from '@posthorn/command'
import { concatBytes } from '@posthorn/core'
import { type Reply, replyClass } from '@posthorn/reply'
import type { Decision, IncomingMessage, Peer, ServeOptions } from '@posthorn/smtp'
import { isMeant, type SinkQuestion } from './behaviour.ts'
import type { SinkMessage } from './message.ts'
import type { Misbehaviour } from './misbehaviour.ts'

const GREYLISTED = reply(451, [7, 1], 'Greylisted; try again later')
const BAD_SENDER = reply(550, [7, 1], 'Sender refused')
const NO_MAILBOX = reply(550, [1, 1], 'No such mailbox')
const FULL_MAILBOX = reply(452, [2, 2], 'Mailbox full')

/**
 * Gives the handlers of one session.
 *
 * @internal
 * @param misbehaviour How the sink behaves, now and later.
 * @param keep Takes a message that is accepted; its error is told to the client as 451.
 */
export function decisionsOf(
  misbehaviour: Misbehaviour,
  keep: (message: Omit<SinkMessage, 'number'>) => Promise<void>,
): Required<Pick<ServeOptions, 'onMail' | 'onRecipient' | 'onMessage'>> {
  let from = ''
  let to: string[] = []
  const ask = async (at: SinkQuestion['at'], about: readonly string[]): Promise<Decision> =>
    misbehaviour.now.answer?.({ at, from, to: about })
  return {
    onMail(reversePath) {
      from = senderOf(reversePath)
      to = []
      if (isMeant(from, misbehaviour.now.refuseSenders)) return BAD_SENDER
      return ask('MAIL', [])
    },
    async onRecipient(forwardPath) {
      const address = recipientOf(forwardPath)
      const decided = refusalOf(from, address, misbehaviour) ?? (await ask('RCPT', [...to, address]))
      if (isSuccess(decided)) to.push(address)
      return decided
    },
    async onMessage(message) {
      const content = await contentOf(message.content)
      const decided = await ask('message', to)
      if (isSuccess(decided)) await keep({ ...about(message), content })
      return decided
    },
  }
}

function refusalOf(from: string, address: string, misbehaviour: Misbehaviour): Reply | undefined {
  const { refuseRecipients, fullMailboxes } = misbehaviour.now
  if (isMeant(address, refuseRecipients)) return NO_MAILBOX
  if (isMeant(address, fullMailboxes)) return FULL_MAILBOX
  return misbehaviour.isPutOff(from, address) ? GREYLISTED : undefined
}

function about(message: IncomingMessage): Omit<SinkMessage, 'number' | 'content'> {
  const { reversePath, forwardPaths, parameters, recipientParameters } = message
  const peer: Peer = message.peer
  return {
    receivedAt: new Date().toISOString(),
    from: senderOf(reversePath),
    to: forwardPaths.map(recipientOf),
    parameters,
    recipientParameters,
    peer,
  }
}

async function contentOf(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return concatBytes(chunks)
}

function senderOf(path: ReversePath): string {
  return path === null ? '' : formatMailbox(path)
}

function recipientOf(path: ForwardPath): string {
  return path === 'postmaster' ? path : formatMailbox(path)
}

function isSuccess(decision: Decision): boolean {
  return !decision || replyClass(decision) === 2
}

function reply(code: number, [subject, detail]: readonly [number, number], text: string): Reply {
  const level = code < 500 ? 4 : 5
  return { code, enhanced: { class: level, subject, detail }, lines: [text] }
}
