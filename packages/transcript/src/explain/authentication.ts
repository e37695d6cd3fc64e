/** What goes wrong with logging in: RFC 4954. */

import type { ReplyEvent } from '../session.ts'
import type { Check, Found } from './check.ts'
import { isTlsDemand } from './tls.ts'
import { answerTo, indexesOf, type SessionView, wordsOf } from './view.ts'

const DEMAND =
  /authenticat\w*(?: is)? (?:required|needed)|must (?:first )?(?:authenticate|log ?in|issue an? AUTH)|(?:authenticate|log ?in) first|requires? (?:smtp )?auth|not (?:authenticated|logged in)|need to authenticate/i

/** Whether a reply asks for a login. */
export function isLoginDemand(view: SessionView, reply: ReplyEvent): boolean {
  return !isTlsDemand(view, reply) && (reply.reply.code === 530 || DEMAND.test(wordsOf(reply)))
}

// The greeting in the clear that offers STARTTLS and no AUTH
function bareOffer({ session }: SessionView): number | undefined {
  if (session.events.some(({ secure }) => secure)) return undefined
  return session.greetings.find(({ capabilities }) => {
    const keywords = Object.keys(capabilities)
    return keywords.includes('STARTTLS') && !keywords.some((keyword) => /^AUTH\b/.test(keyword))
  })?.event
}

/** The client tries to log in before TLS, or gives up because AUTH is offered only behind it: RFC 4954 section 4. */
export const authBeforeTls: Check = (view) => {
  const { commands, refusals, notes } = view
  const offer = bareOffer(view)
  const asked = commands.filter(({ verb, secure }) => verb === 'AUTH' && !secure)
  const refused = asked.flatMap((command) => {
    const answer = answerTo(view, command)
    if (!answer || answer.reply.code < 500 || answer.reply.code === 535) return []
    return offer !== undefined || isTlsDemand(view, answer) ? [answer] : []
  })
  const demands =
    asked.length === 0 && offer !== undefined ? refusals.filter((reply) => isLoginDemand(view, reply)) : []
  const isGivenUp = asked.length === 0 && offer !== undefined && !commands.some(({ verb }) => verb === 'MAIL')
  const told = isGivenUp ? notes.filter(({ text }) => /authenticat|AUTH\b/.test(text)) : []
  const explains = indexesOf([...refused, ...demands])
  if (explains.length + told.length === 0) return undefined
  const evidence = [...(offer === undefined ? [] : [offer]), ...indexesOf(told)]
  return { id: 'auth-before-tls', evidence, explains, fails: true }
}

/** The server asks for a login, and the client never tries one. */
export const authNotTried: Check = (view) => {
  if (view.commands.some(({ verb }) => verb === 'AUTH' || verb === 'X-EXPS')) return undefined
  const explains = indexesOf(view.refusals.filter((reply) => isLoginDemand(view, reply)))
  return explains.length > 0 ? { id: 'auth-not-tried', evidence: [], explains } : undefined
}

// RFC 2195, 2831, 5802: what is sent proves the password and does not hold it
const BY_CHALLENGE = /^(?:CRAM|DIGEST|SCRAM|NTLM|GS)/

// Secrets that hold a password or a token, or those from which it can only be guessed
function secretsShown({ session, secrets }: SessionView, byChallenge: boolean): Partial<Found> | undefined {
  const proofs = new Set<number>()
  let mechanism = ''
  for (const event of session.events) {
    if (event.type === 'command') mechanism = event.verb === 'AUTH' ? (event.text.split(' ')[1] ?? '') : ''
    if (event.source && BY_CHALLENGE.test(mechanism.toUpperCase())) proofs.add(event.source.line)
  }
  const places = secrets.filter(({ line }) => proofs.has(line) === byChallenge)
  if (places.length === 0) return undefined
  const lines = new Set(places.map(({ line }) => line))
  const evidence = indexesOf(session.events.filter(({ source }) => source && lines.has(source.line)))
  return { evidence, places, values: [places.length] }
}

/** The log shows what somebody could log in with. */
export const credentialsVisible: Check = (view) => {
  const shown = secretsShown(view, false)
  return shown && { id: 'credentials-visible', evidence: [], ...shown }
}

/** The log shows answers to a challenge, by which passwords can be tried without the server. */
export const credentialsGuessable: Check = (view) => {
  const shown = secretsShown(view, true)
  return shown && { id: 'credentials-guessable', evidence: [], ...shown }
}
