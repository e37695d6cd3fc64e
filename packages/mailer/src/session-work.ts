/** What one session does with messages: each on its own, or the envelope of one laced into the end of the one before (RFC 2920). */

import type { OutgoingMessage } from '@posthorn/smtp'
import type { Dispatch } from './dispatch.ts'
import type { PooledSession } from './session.ts'

/** What a session did with the messages that it was given. */
export interface SessionWork {
  /** The last that has come to its end, and is not told of yet. */
  readonly done?: Dispatch | undefined
  /** Those that need another session, in order. */
  readonly again: readonly Dispatch[]
  /** One that was taken and not sent. */
  readonly next?: Dispatch | undefined
}

/**
 * Sends one message; it never rejects.
 *
 * @internal
 */
export async function sendAlone(session: PooledSession, dispatch: Dispatch): Promise<SessionWork> {
  session.count()
  return (await dispatch.run(session.client)) ? { again: [dispatch] } : { done: dispatch, again: [] }
}

/**
 * Sends messages whose envelopes ride with the end of the one before, until there is none, one is to be sent on its own, or
 * the session can have no more; it never rejects.
 *
 * @internal
 */
export async function sendLaced(
  session: PooledSession,
  first: Dispatch,
  take: () => Dispatch | undefined,
): Promise<SessionWork> {
  const { client } = session
  const given: Dispatch[] = []
  const again: Dispatch[] = []
  let next: Dispatch | undefined = first
  let done: Dispatch | undefined
  function* messages(): Generator<OutgoingMessage> {
    while (next && !next.canBeGivenUp) {
      session.count()
      given.push(next)
      yield next.begin(client)
      next = client.usable && !session.isWorn && again.length === 0 ? take() : undefined
    }
  }
  for await (const outcome of client.sendAll(messages())) {
    done?.conclude()
    const dispatch = given.shift()!
    const goesOn = dispatch.hear(outcome)
    done = goesOn ? undefined : dispatch
    if (goesOn) again.push(dispatch)
  }
  return { done, again, next }
}
