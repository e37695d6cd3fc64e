/**
 * mailauth as evaluator: answers jobs, a line of JSON each; its questions go out as lines, and their answers come in,
 * unless a port of loopback is named, where a server of the DNS is.
 */
import { Resolver } from 'node:dns/promises'
import { createInterface } from 'node:readline'
import mailauth from 'mailauth'
import { dmarc } from 'mailauth/lib/dmarc/index.js'

const CODES = { nxdomain: 'ENOTFOUND', nodata: 'ENODATA', servfail: 'ESERVFAIL', timeout: 'ETIMEOUT' }
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const tell = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)
const next = async () => {
  const { done, value } = await lines.next()
  return done ? undefined : JSON.parse(value)
}

async function askByLine(name, type) {
  tell({ ask: [name, type] })
  const { status, records } = await next()
  if (status === 'found') return type === 'TXT' ? records.map((text) => [text]) : records
  throw Object.assign(new Error(`${status} ${name}`), { code: CODES[status] })
}

function resolverOf(port) {
  if (!port) return askByLine
  const server = new Resolver()
  server.setServers([`127.0.0.1:${port}`])
  return (name, type) => server.resolve(name, type)
}

const resolver = resolverOf(process.argv[2])
// A whole message, with its envelope, in place of what SPF and DKIM said.
async function authenticateMessage({ message, strict, ...envelope }) {
  const input = Buffer.from(message, 'latin1')
  const found = await mailauth.authenticate(input, {
    ...envelope,
    mta: 'mx.example',
    strict,
    resolver,
    disableBimi: true,
  })
  const { result = 'permerror', header } = found.dmarc ? found.dmarc.status : {}
  const [spf, dkim] = [found.spf.status?.result, found.dkim.results.map(({ status }) => status.result)]
  return { result, spf, dkim, author: header?.from, field: found.headers }
}

const passing = (list) => list.filter(({ result }) => result === 'pass').map(({ domain }) => ({ domain }))

for (let job = await next(); job; job = await next()) {
  if (job.message !== undefined) {
    tell(await authenticateMessage(job))
    continue
  }
  const { authorDomains, spf, dkim } = job.identities
  const found = await dmarc({
    headerFrom: authorDomains.map((domain) => `joe@${domain}`),
    spfDomains: passing(spf),
    dkimDomains: passing(dkim),
    strict: job.strict,
    resolver,
  })
  if (!found) tell({ result: 'permerror' })
  else {
    const { status, policy, policyDomain, testMode, alignment } = found
    const aligned = [
      alignment?.dkim.result && `dkim ${alignment.dkim.result}`,
      alignment?.spf.result && `spf ${alignment.spf.result}`,
    ]
    tell({
      result: status.result,
      applied: policy,
      at: policyDomain,
      testing: testMode,
      aligned: aligned.filter(Boolean),
    })
  }
}
