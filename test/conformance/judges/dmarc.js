/** One case of the suite for RFC 9989: its zone, its message, and what must come of it. Nothing here needs a platform. */
import { evaluateDmarc } from '@posthorn/dmarc'
import { readZone } from './zone.js'

/** @param {Record<string, any>} one A case. */
export const zoneOf = ({ record, zone = {} }) => readZone(record === undefined ? zone : { '_dmarc.d.example': record })

const identity = (text) => {
  const [result, ...words] = text.split(' ')
  const isHelo = words[0] === 'helo'
  return { result, identity: isHelo ? 'helo' : 'mailfrom', domain: words.slice(isHelo ? 1 : 0).join(' ') }
}

/** @param {Record<string, any>} one A case. */
export function identitiesOf({ from, dkim = [], spf = [], nullSender = false, wellFormedFrom = true }) {
  return {
    authorDomains: [from].flat(),
    wellFormedFrom,
    nullSender,
    spf: spf.map(identity),
    dkim: dkim.map(identity).map(({ result, domain }) => ({ result, domain })),
  }
}

const namesOf = (queries, type) =>
  queries.filter((query) => query.type === type).map((query) => query.name.replace(/^_dmarc\./, ''))

const alignedOf = ({ dkim, spf }) => [dkim && `dkim ${dkim}`, spf && `spf ${spf}`].filter(Boolean)

function wantedOf(one) {
  const policy = one.policy ?? undefined
  return {
    result: one.result,
    policy,
    applied: one.applied ?? policy,
    at: one.at ?? undefined,
    tag: one.tag,
    org: one.org ?? undefined,
    testing: one.testing ?? false,
    queries: one.queries,
    existence: one.existence ?? [],
    aligned: one.aligned && alignedOf(one.aligned),
    reasons: one.reasons,
  }
}

function foundOf(verdict) {
  const { dkim, spf } = verdict
  return {
    result: verdict.result,
    policy: verdict.policy?.published,
    applied: verdict.policy?.applied,
    at: verdict.policy?.domain,
    tag: verdict.policy?.tag,
    org: verdict.organizationalDomain,
    testing: verdict.testing,
    queries: namesOf(verdict.queries, 'TXT'),
    existence: namesOf(verdict.queries, 'CNAME'),
    aligned: alignedOf({ dkim: dkim?.domain, spf: spf?.domain }),
    reasons: verdict.reasons.map(({ code }) => code),
  }
}

// What a case leaves out of these it says nothing of.
const OPTIONAL = new Set(['at', 'tag', 'org', 'aligned'])

function differences(one, verdict) {
  const wanted = wantedOf(one)
  const found = foundOf(verdict)
  return Object.entries(wanted).flatMap(([key, value]) => {
    if (key === 'reasons')
      return (value ?? []).filter((code) => !found.reasons.includes(code)).map((code) => `no ${code}`)
    if (value === undefined && OPTIONAL.has(key) && !(key in one)) return []
    if (JSON.stringify(found[key]) === JSON.stringify(value)) return []
    return [`${key} is ${JSON.stringify(found[key])}, not ${JSON.stringify(value)}`]
  })
}

/**
 * @param {Record<string, any>} one A case.
 * @returns {Promise<string | undefined>} What is wrong with the verdict.
 */
export async function judge(one) {
  const zone = zoneOf(one)
  const verdict = await evaluateDmarc(identitiesOf(one), { resolver: zone })
  const wrong = differences(one, verdict)
  const asked = zone.queries.map((query) => `${query.type} ${query.name}`)
  if (new Set(asked).size < asked.length) wrong.push('a question was asked twice')
  if (asked.length !== verdict.queries.length) wrong.push('a question was not told')
  return wrong.length > 0 ? `${one.file} ${one.name}: ${wrong.join('; ')}` : undefined
}
