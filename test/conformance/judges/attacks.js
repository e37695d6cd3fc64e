/** One case of the suite of attacks: what a message means to who checks it. Nothing here needs a platform. */
import { authenticate, formatAuthenticationResults, parseAuthenticationResults } from '@posthorn/auth'
import { messageOf } from './dkim.js'

const AUTHSERV_ID = 'mx.example'
const VICTIM = 'bank.example'

/** Answers for every name that fits, as the attacker would have it, and cuts names at a NUL. */
export class HostileZone {
  /** @type {string[]} */
  asked = []
  #answers

  /** @param {Record<string, string>} zone */
  constructor(zone) {
    this.#answers = Object.entries(zone).map(([name, text]) => [patternOf(name), text])
  }

  /** @returns {Promise<any>} */
  async resolve(name, type) {
    this.asked.push(name)
    const cut = name.split('\0')[0].replace(/\.$/, '')
    const [, text] = (type === 'TXT' && this.#answers.find(([pattern]) => pattern.test(cut))) || []
    const common = { name, ttl: 0, authenticated: false }
    return text === undefined ? { status: 'nxdomain', ...common } : { status: 'found', records: [text], ...common }
  }
}

const patternOf = (name) => new RegExp(`^${name.replace(/[.]/g, '\\.').replaceAll('*', '.*')}$`)

/** @param {Record<string, any>} one A case. */
export const envelopeOf = ({ helo = 'evil.example', mailFrom = 'x@evil.example', clientAddress = '192.0.2.66' }) => ({
  clientAddress,
  helo,
  reversePath: mailFrom,
})

const isAmong = (result, allowed) => allowed.split('|').includes(result)

function* wrongOf(one, { spf, dkim, dmarc, author }) {
  if (!isAmong(spf.result, one.spf)) yield `SPF is ${spf.result}`
  const signed = dkim[0]?.result ?? 'none'
  if (!isAmong(signed, one.dkim)) yield `DKIM is ${signed}`
  if (!isAmong(dmarc.result, one.dmarc)) yield `DMARC is ${dmarc.result}`
  if (dmarc.result === 'pass' && dmarc.authorDomain !== one.domain) yield `DMARC passes for ${dmarc.authorDomain}`
  if (author.problem !== one.problem) yield `the author's problem is ${author.problem}`
}

// Whoever reads it finds what was found, and nothing of it for the domain that is attacked.
function* wrongInField(one, { authenticationResults }) {
  const field = formatAuthenticationResults(authenticationResults)
  const read = parseAuthenticationResults(field.slice(field.indexOf(':') + 1))
  if (JSON.stringify(read) !== JSON.stringify(authenticationResults)) yield `the field reads as ${JSON.stringify(read)}`
  const stolen = read.results.filter(
    ({ method, result, properties }) =>
      method !== 'dmarc' && result === 'pass' && properties.some(({ value }) => value.split('@').at(-1) === VICTIM),
  )
  if (one.domain !== VICTIM && stolen.length > 0) yield `the field says ${JSON.stringify(stolen)}`
}

/**
 * @param {Record<string, any>} one A case.
 * @returns {Promise<string | undefined>} What is wrong with the verdicts.
 */
export async function judge(one) {
  const resolver = new HostileZone(one.zone)
  const options = { ...envelopeOf(one), resolver, now: 0, authservId: AUTHSERV_ID }
  const found = await authenticate(messageOf(one), options)
  const wrong = [...wrongOf(one, found), ...wrongInField(one, found)]
  const odd = resolver.asked.filter((name) => !/^[a-z0-9._-]+$/.test(name))
  if (odd.length > 0) wrong.push(`it asks for ${JSON.stringify(odd)}`)
  return wrong.length > 0 ? `${one.file} ${one.name}: ${wrong.join('; ')}` : undefined
}
