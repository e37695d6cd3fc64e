/** The SPF suites for RFC 7208 and for RFC 4408, each case of both: verdicts, and explanations where a case has one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkHost } from '@posthorn/spf'
import { parseAllDocuments } from 'yaml'

export const name = 'spf'

const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'TXT']

const bare = (text) => text.toLowerCase().replace(/\.$/, '')

function toData(type, value) {
  if (type === 'MX') return { preference: value[0], exchange: value[1] === '' ? '.' : bare(value[1]) }
  if (type === 'TXT' || type === 'SPF') return [value].flat().join('')
  return type === 'PTR' || type === 'CNAME' ? bare(value) : value
}

/**
 * One name's entries as `{ type, data }` in order; a bare TIMEOUT has no data. An SPF entry is a TXT one too unless
 * there is one.
 */
function entriesOf(list) {
  const entries = list.map((entry) => {
    if (typeof entry === 'string') return { type: entry }
    const [type, value] = Object.entries(entry)[0]
    return { type, data: value === 'NONE' ? undefined : toData(type, value), none: value === 'NONE' }
  })
  if (entries.some(({ type }) => type === 'TXT')) return entries
  return entries.map((entry) => (entry.type === 'SPF' ? { ...entry, type: 'TXT' } : entry))
}

/** Serves a zone of the suites; it takes names of any octets, as their zones have them. */
function serve(zonedata) {
  const zone = new Map(Object.entries(zonedata ?? {}).map(([owner, list]) => [bare(owner), entriesOf(list)]))
  const answer = (asked, type, followed = 0) => {
    if (asked.startsWith('error.')) return { status: 'timeout' }
    const entries = zone.get(asked)
    if (!entries) return { status: 'nxdomain', name: asked, ttl: 0, authenticated: false }
    const records = []
    for (const entry of entries) {
      if (entry.type === 'TIMEOUT' && records.length === 0) return { status: 'timeout' }
      if (entry.type !== type || entry.none) continue
      if (entry.data === 'TIMEOUT') return { status: 'timeout' }
      records.push(entry.data)
    }
    if (records.length > 0) return { status: 'found', name: asked, records, ttl: 60, authenticated: false }
    const alias = entries.find((entry) => entry.type === 'CNAME')
    if (!alias) return { status: 'nodata', name: asked, ttl: 0, authenticated: false }
    return followed > 8 ? { status: 'servfail' } : answer(alias.data, type, followed + 1)
  }
  return {
    resolve: async (asked, type) => {
      if (!TYPES.includes(type)) throw new Error(`asked for ${type}`)
      return answer(asked, type)
    },
  }
}

/** Octets as characters: the suites write UTF-8 escapes by the octet, which is what a resolver gives. */
function readScenarios(file) {
  return parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: false, version: '1.1' })
    .map((document) => document.toJS())
    .filter(Boolean)
}

async function judge({ host, helo, mailfrom, result, explanation }, zonedata) {
  const verdict = await checkHost({
    clientAddress: host,
    helo: String(helo),
    reversePath: mailfrom,
    resolver: serve(zonedata),
    receiver: 'receiver.example',
    now: 0,
  })
  const wanted = [result].flat()
  if (!wanted.includes(verdict.result)) return `${verdict.result} (${verdict.detail}), not ${wanted.join(' or ')}`
  const said = verdict.explanation ?? 'DEFAULT'
  return explanation === undefined || said === explanation ? undefined : `explained by "${said}", not "${explanation}"`
}

async function runFile(file, label) {
  const failures = []
  let total = 0
  for (const { tests, zonedata } of readScenarios(file)) {
    for (const [id, test] of Object.entries(tests)) {
      total++
      const failure = await judge(test, zonedata)
      if (failure) failures.push(`${label} ${id}: ${failure}`)
    }
  }
  return { label, total, failures }
}

/** @param {string} folder Where the suites are. */
export async function run(folder) {
  const outcomes = []
  for (const rfc of ['rfc7208', 'rfc4408']) outcomes.push(await runFile(join(folder, `${rfc}-tests.yml`), rfc))
  const failures = outcomes.flatMap((outcome) => outcome.failures)
  const total = outcomes.reduce((sum, outcome) => sum + outcome.total, 0)
  const notes = outcomes.map(({ label, total, failures }) => `${label}: ${total - failures.length} of ${total}`)
  return { passed: total - failures.length, total, failures, notes }
}
