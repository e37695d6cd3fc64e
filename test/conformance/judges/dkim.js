/** One case of the suites for DKIM: its zone, its message, and what must come of it. Nothing here needs a platform. */
import { encodeLatin1, encodeUtf8 } from '@posthorn/core'
import { verifyDkim } from '@posthorn/dkim'
import { readZone } from './zone.js'

/** @param {Record<string, any>} one A case. */
export const messageOf = ({ message, octets }) =>
  message === undefined ? encodeLatin1(octets) : encodeUtf8(message.replaceAll('\n', '\r\n'))

/** @param {Record<string, any>} one A case. */
export const zoneOf = ({ zone = {} }) => readZone(zone)

/**
 * @param {Record<string, any>} one A case.
 * @returns {string[][]} For each signature the results that are right.
 */
export const resultsOf = ({ results }) => results.map((allowed) => allowed.split('|'))

// As resolvers of C libraries do.
const cutAtNul = (zone) => ({ resolve: (name, type) => zone.resolve(name.split('\0')[0], type) })

function wrongOf(verdict, allowed, { reason, domain, testing, unsigned }) {
  const { result, reason: why, signature } = verdict
  if (!allowed.includes(result)) return `${result} ${why ?? ''}, not ${allowed.join(' or ')}`
  if (reason && why !== reason) return `${result} for ${why}, not for ${reason}`
  if (domain && signature?.domain !== domain) return `the domain is ${signature?.domain}`
  // Who does not get as far as the key does not know of t=y.
  if (verdict.testing !== (testing ?? false)) return `testing is ${verdict.testing}`
  return unsigned === undefined || verdict.unsignedOctets === unsigned
    ? undefined
    : `${verdict.unsignedOctets} octets are not signed, not ${unsigned}`
}

/**
 * @param {Record<string, any>} one A case.
 * @returns {Promise<string | undefined>} What is wrong with the verdicts.
 */
export async function judge(one) {
  const zone = zoneOf(one)
  const verdicts = await verifyDkim(messageOf(one), { resolver: cutAtNul(zone), now: one.now * 1000 })
  const wanted = resultsOf(one)
  const wrong = wanted.flatMap((allowed, at) => {
    const { reasons = [], domains = [], testing, unsigned } = one
    return wrongOf(verdicts[at], allowed, { reason: reasons[at], domain: domains[at], testing, unsigned }) ?? []
  })
  if (verdicts.length !== wanted.length) wrong.push(`${verdicts.length} verdicts`)
  if (zone.queries.length > wanted.length) wrong.push(`${zone.queries.length} questions`)
  return wrong.length > 0 ? `${one.file} ${one.name}: ${wrong.join('; ')}` : undefined
}
