/**
 * Evaluators of SPF and DMARC over the same records in memory. mailauth follows the RFC in its strict mode, and always writes
 * a Received-SPF field, so there is a row of ours that does too.
 */
import { evaluateDmarc } from '@posthorn/dmarc'
import { checkHost, formatReceivedSpf } from '@posthorn/spf'
import { dmarc } from 'mailauth/lib/dmarc/index.js'
import { spf } from 'mailauth/lib/spf/index.js'

/** mailauth needs this Node. */
export const NODE = '22.19.0'

const EVALUATIONS = 10_000
const RECEIVER = 'mx.example.org'

/**
 * @param {Record<string, Record<string, unknown[]>>} records By name, then type.
 * @returns The same for both: a question costs a look into a map.
 */
export function resolversOf(records) {
  const [ours, theirs] = [new Map(), new Map()]
  for (const [name, types] of Object.entries(records)) {
    for (const [type, data] of Object.entries(types)) {
      const key = `${type} ${name}`
      ours.set(key, { status: 'found', name, records: data, ttl: 60, authenticated: false })
      theirs.set(key, type === 'TXT' ? data.map((text) => [text]) : type === 'MX' ? data.map(priorityOf) : data)
    }
  }
  const absent = (name) => ({ status: 'nxdomain', name, ttl: 60, authenticated: false })
  return {
    resolver: { resolve: async (name, type) => ours.get(`${type} ${name}`) ?? absent(name) },
    resolve: async (name, type) => {
      const found = theirs.get(`${type} ${name}`)
      if (found) return found
      throw Object.assign(new Error(`${type} ${name}`), { code: 'ENOTFOUND' })
    },
  }
}

const priorityOf = ({ preference, exchange }) => ({ priority: preference, exchange })

const row = (name, evaluate, result) => ({
  name,
  async run() {
    const start = performance.now()
    for (let count = 0; count < EVALUATIONS; count++) {
      const found = await evaluate()
      if (found !== result) throw new Error(`${name} says ${found}, not ${result}`)
    }
    return (EVALUATIONS / (performance.now() - start)) * 1000
  },
})

/**
 * Rows that check a client.
 *
 * @param {Parameters<typeof resolversOf>[0]} records What is in the DNS.
 * @param {{ clientAddress: string, helo: string, reversePath: string }} client Who sends.
 * @param {string} result What must come of it.
 */
export function spfRows(records, client, result) {
  const { resolver, resolve } = resolversOf(records)
  const { clientAddress, helo, reversePath } = client
  const given = { ip: clientAddress, helo, sender: reversePath, mta: RECEIVER, resolver: resolve, strict: true }
  const check = () => checkHost({ ...client, resolver })
  const withField = async () => {
    const verdict = await check()
    return formatReceivedSpf(verdict, { receiver: RECEIVER }) && verdict.result
  }
  return [
    row('mailauth', async () => (await spf(given)).status.result, result),
    row('posthorn', withField, result),
    row('posthorn, verdict alone', async () => (await check()).result, result),
  ]
}

/**
 * Rows that evaluate a message.
 *
 * @param {Parameters<typeof resolversOf>[0]} records What is in the DNS.
 * @param {{ author: string, signer: string }} message Whom it names as its author, and who signed it.
 * @param {string} result What must come of it.
 */
export function dmarcRows(records, { author, signer }, result) {
  const { resolver, resolve } = resolversOf(records)
  const dkimDomains = [{ domain: signer }]
  const given = { headerFrom: [`joe@${author}`], spfDomains: [], dkimDomains, resolver: resolve, strict: true }
  const identities = { authorDomains: [author], dkim: [{ domain: signer, result: 'pass' }] }
  return [
    row('mailauth', async () => (await dmarc(given)).status.result, result),
    row('posthorn', async () => (await evaluateDmarc(identities, { resolver })).result, result),
  ]
}
