/** One case of the SPF suites: its zone, and what must come of it. Nothing here needs a platform. */
import { checkHost } from '@posthorn/spf'

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

/**
 * @typedef {{ id: string, test: Record<string, any>, zonedata: Record<string, any> }} SpfCase
 * @param {SpfCase} one
 * @returns {Promise<string | undefined>} What is wrong with the verdict.
 */
export async function judge({ id, test, zonedata }) {
  const wrong = await wrongOf(test, zonedata)
  return wrong && `${id}: ${wrong}`
}

async function wrongOf({ host, helo, mailfrom, result, explanation }, zonedata) {
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
