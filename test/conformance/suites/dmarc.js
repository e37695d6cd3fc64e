/** Our own suite for RFC 9989: `../dmarc/README.md` has the format, which any implementation can be held to. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { evaluateDmarc } from '@posthorn/dmarc'
import { MemoryZone } from '@posthorn/dns'
import { parse } from 'yaml'

export const name = 'dmarc'

/**
 * @param {string} folder Where the suite is.
 * @returns {Record<string, any>[]} Its cases, each with the defaults of its file.
 */
export function readCases(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.sort().flatMap((file) => {
    const { defaults, cases } = parse(readFileSync(join(folder, file), 'utf8'))
    return cases.map((one) => ({ ...defaults, ...one, file }))
  })
}

/** @param {Record<string, any>} one A case. */
export function zoneOf({ record, zone = {} }) {
  const made = new MemoryZone()
  const all = record === undefined ? zone : { '_dmarc.d.example': record }
  for (const [owner, data] of Object.entries(all)) for (const one of [data].flat()) addTo(made, owner, one)
  return made
}

function addTo(zone, owner, one) {
  if (typeof one !== 'string') {
    const [[type, value]] = Object.entries(one)
    zone.add(owner, type, type === 'MX' ? { preference: 10, exchange: value } : value)
  } else if (one === 'SERVFAIL' || one === 'TIMEOUT') zone.fail(owner, one.toLowerCase())
  else zone.add(owner, 'TXT', one)
}

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
    aligned: one.aligned,
    reasons: one.reasons,
  }
}

function foundOf(verdict) {
  const aligned = { dkim: verdict.dkim?.domain, spf: verdict.spf?.domain }
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
    aligned: Object.fromEntries(Object.entries(aligned).filter(([, domain]) => domain !== undefined)),
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
    if (isDeepStrictEqual(found[key], value)) return []
    return [`${key} is ${JSON.stringify(found[key])}, not ${JSON.stringify(value)}`]
  })
}

/** @param {string} folder Where the suite is. */
export async function run(folder) {
  const cases = readCases(folder)
  const failures = []
  for (const one of cases) {
    const zone = zoneOf(one)
    const verdict = await evaluateDmarc(identitiesOf(one), { resolver: zone })
    const wrong = differences(one, verdict)
    const asked = zone.queries.map((query) => `${query.type} ${query.name}`)
    if (new Set(asked).size < asked.length) wrong.push('a question was asked twice')
    if (asked.length !== verdict.queries.length) wrong.push('a question was not told')
    if (wrong.length > 0) failures.push(`${one.file} ${one.name}: ${wrong.join('; ')}`)
  }
  return { passed: cases.length - failures.length, total: cases.length, failures }
}
