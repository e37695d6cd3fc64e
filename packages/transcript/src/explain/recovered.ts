/** Which refusals did no harm: the client tried in another way, and that was accepted before any mail was sent. */

import { isHello } from '../session-kind.ts'
import { answeredBy, isRefusal, recipientsOf, type SessionView } from './view.ts'

/** Gives the replies that refuse a greeting or a login in whose place another was accepted. */
export function recoveredIn(view: SessionView): Set<number> {
  const { session } = view
  const recovered = new Set<number>()
  const isDelivered = recipientsOf(view).some(({ outcome }) => outcome === 'accepted')
  // From the end, what comes later is known
  let [hello, login, mechanism] = [false, false, false]
  for (let i = session.events.length - 1; i >= 0; i--) {
    const event = session.events[i]!
    if (event.type === 'command') {
      if (event.verb === 'MAIL') hello = login = mechanism = false
      if (event.verb === 'AUTH') mechanism = true
    }
    if (event.type !== 'reply') continue
    const verb = answeredBy(view, event) ?? ''
    const { code } = event.reply
    if (!isRefusal(event)) {
      if (isHello(verb)) hello = true
      if (code === 235) login = true
      continue
    }
    // 500 to 504 are of the mechanism, and not of who logs in
    const isOfMechanism = code >= 500 && code <= 504
    const isLoggedIn = code === 503 && session.authentication.outcome === 'accepted'
    if (verb === 'AUTH' && (login || isLoggedIn || (mechanism && isOfMechanism))) recovered.add(i)
    if (isHello(verb) && (hello || isDelivered)) recovered.add(i)
  }
  return recovered
}
