/** DMARC: a policy that is found by walking up, and what it says of a message. */
import { evaluateDmarc, formatDmarc, parseDmarc } from '@posthorn/dmarc'
import { findRegistrableDomain } from '@posthorn/dmarc/psl'
import { MemoryZone } from '@posthorn/dns'
import { check, equal, fails } from './check.js'

export const dmarc = [
  check('dmarc: a record is read, and written again', async () => {
    const text = 'v=DMARC1; p=reject; sp=quarantine; adkim=s; rua=mailto:d@example.com'
    equal(formatDmarc(parseDmarc(text)), text)
    await fails('DMARC_BAD_VERSION', () => parseDmarc('v=dmarc1; p=none'))
  }),
  check('dmarc: verdicts of a domain below the one that has the record', async () => {
    const resolver = new MemoryZone()
      .add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; sp=quarantine')
      .add('news.example.com', 'A', '192.0.2.1')
    const verdictOf = async (domain) => {
      const identities = { authorDomains: ['news.example.com'], dkim: [{ domain, result: 'pass' }] }
      const { result, policy, organizationalDomain } = await evaluateDmarc(identities, { resolver })
      return [result, policy?.applied, organizationalDomain]
    }
    equal(await verdictOf('example.com'), ['pass', 'quarantine', 'example.com'])
    equal(await verdictOf('example.net'), ['fail', 'quarantine', 'example.com'])
  }),
  check('dmarc: a registrable domain by the public suffix list', () => {
    equal(findRegistrableDomain('A.B.Example.CO.UK.'), 'example.co.uk')
    equal(findRegistrableDomain('a.b.project.github.io'), 'project.github.io')
    equal(findRegistrableDomain('a.project.github.io', { privateSuffixes: false }), 'github.io')
    equal(findRegistrableDomain('com'), undefined)
  }),
]
