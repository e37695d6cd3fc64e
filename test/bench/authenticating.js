/**
 * Whole messages authenticated: SPF, DKIM, ARC and DMARC over the same records in memory, beside mailauth in its strict mode,
 * which always writes the fields that tell of it.
 */
import { authenticate, formatAuthenticationResults } from '@posthorn/auth'
import { concatBytes } from '@posthorn/core'
import { DkimKeyCache, signDkim } from '@posthorn/dkim'
import { sealArc, validateArc } from '@posthorn/dkim/arc'
import { resolversOf } from './evaluators.js'
import { keysOf, messageOf, row } from './signing.js'

/** mailauth needs this Node. */
export { NODE } from './evaluators.js'

const LENGTH = 4000
const MESSAGES = 200
const ENVELOPE = { clientAddress: '192.0.2.7', helo: 'mail.example.com', reversePath: 'ann@example.com' }
const RECEIVER = 'mx.example.org'

async function sealed(message, key, resolver) {
  const validation = await validateArc(message, { resolver, now: Date.now() })
  const authenticationResults =
    'mx.example.net; spf=pass smtp.mailfrom=ann@example.com; dmarc=pass header.from=example.com'
  const sealer = { domain: 'example.net', selector: 's', key, now: Date.now() }
  return concatBytes([await sealArc(message, { validation, authenticationResults, ...sealer }), message])
}

/**
 * Rows that authenticate a message of 4 KB with a signature by RSA, whose author's domain has one ip4 term and a policy.
 *
 * @param {boolean} hasChain Whether it has an ARC set too, by another domain.
 */
export async function authRows(hasChain) {
  const { key, record } = await keysOf('rsa')
  const { resolver, resolve } = resolversOf({
    'example.com': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
    '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject'] },
    's._domainkey.example.com': { TXT: [record] },
    's._domainkey.example.net': { TXT: [record] },
  })
  const plain = messageOf(LENGTH)
  const field = await signDkim(plain, { domain: 'example.com', selector: 's', key, now: Date.now() })
  const signed = concatBytes([field, plain])
  const message = hasChain ? await sealed(signed, key, resolver) : signed
  const wanted = `pass pass ${hasChain ? 'pass' : 'none'} pass`
  const check = (...results) => {
    if (results.join(' ') !== wanted) throw new Error(`It says ${results.join(' ')}, not ${wanted}`)
  }

  const own = async (options) => {
    const found = await authenticate(message, { ...ENVELOPE, resolver, now: Date.now(), ...options })
    const { spf, dkim, arc, dmarc, authenticationResults } = found
    check(spf.result, dkim[0].result, arc.result, dmarc.result)
    if (authenticationResults) formatAuthenticationResults(authenticationResults)
  }
  // An older Node, which only looks which one is wanted, cannot load it.
  const { authenticate: mailauth } = await import('mailauth')
  const { clientAddress: ip, helo, reversePath: sender } = ENVELOPE
  const given = { ip, helo, sender, mta: RECEIVER, resolver: resolve, strict: true, disableBimi: true }
  const theirs = async () => {
    const { spf, dkim, arc, dmarc } = await mailauth(Buffer.from(message), given)
    check(spf.status.result, dkim.results[0].status.result, arc.status.result, dmarc.status.result)
  }
  const keyCache = new DkimKeyCache()
  return [
    row('mailauth', MESSAGES, theirs),
    row('posthorn', MESSAGES, () => own({ authservId: RECEIVER })),
    row('posthorn, keys kept', MESSAGES, () => own({ authservId: RECEIVER, keyCache })),
    row('posthorn, verdicts alone', MESSAGES, () => own({})),
  ]
}
