import { encodeUtf8 } from '@posthorn/core'
import type { AggregateReport } from '@posthorn/dmarc/report'
import fc from 'fast-check'

/** XML of a report of RFC 7489 that is in order, with some of it in another way. */
export function oldXml(changes: readonly (readonly [string | RegExp, string])[] = []): string {
  return changes.reduce((text, [from, to]) => {
    const changed = text.replace(from, () => to)
    if (changed === text) throw new Error(`there is no ${from}`)
    return changed
  }, OLD)
}

const OLD = `<?xml version="1.0" encoding="UTF-8"?>
<feedback>
  <report_metadata>
    <org_name>Receiver</org_name><email>d@mx.example</email><report_id>r1</report_id>
    <date_range><begin>1700000000</begin><end>1700086399</end></date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain><adkim>r</adkim><aspf>s</aspf><p>none</p><sp>none</sp><pct>100</pct>
  </policy_published>
  <record>
    <row><source_ip>192.0.2.1</source_ip><count>2</count>
      <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
    <identifiers><header_from>example.com</header_from></identifiers>
    <auth_results>
      <dkim><domain>example.com</domain><selector>s1</selector><result>pass</result></dkim>
      <spf><domain>example.net</domain><scope>mfrom</scope><result>softfail</result></spf>
    </auth_results>
  </record>
</feedback>
`

/** The same by RFC 9990. */
export function newXml(changes: readonly (readonly [string | RegExp, string])[] = []): string {
  const base: readonly (readonly [string | RegExp, string])[] = [
    ['<feedback>', '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">'],
    ['<pct>100</pct>', '<testing>n</testing>'],
  ]
  return oldXml([...base, ...changes])
}

export const utf8 = (text: string): Uint8Array => encodeUtf8(text)

const word = <T extends string>(...words: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...words)
const text: fc.Arbitrary<string> = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((one) => one.replace(/[\p{Cc}\ufffe\uffff]/gu, '').trim())
  .filter((one) => one !== '')
const domain = fc.constantFrom('example.com', 'a.example', 'xn--bcher-kva.example', 'mail.b.example')
const peopleText = fc.oneof(
  text.map((one) => ({ text: one })),
  fc.record({ text, lang: fc.constantFrom('de', 'pt-BR') }),
)
const ip = fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::1', '::1', '2001:db8:0:0:0:0:192.0.2.1'))
const optional = { requiredKeys: [] as never[] }

const attributes = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b-c', '_d'), value: text }), {
  selector: ({ name }) => name,
})
const extension = fc.record({
  name: fc.constantFrom('arc-results', 'x'),
  namespace: fc.constantFrom('urn:example:ext', 'https://ext.example/?a&b'),
  attributes,
  text: fc.constant(''),
  children: fc.array(
    fc.record({
      name: fc.constant('y'),
      namespace: fc.constantFrom('urn:example:ext', 'urn:ietf:params:xml:ns:dmarc-2.0'),
      attributes,
      text,
      children: fc.constant([]),
    }),
    { maxLength: 2 },
  ),
})

const RESULTS = ['none', 'pass', 'fail', 'policy', 'neutral', 'temperror', 'permerror'] as const
const record = fc
  .tuple(
    fc.record({
      sourceIp: ip,
      count: fc.integer({ min: 1, max: 1e9 }),
      disposition: word('none', 'pass', 'quarantine', 'reject'),
      dkim: word('pass', 'fail'),
      spf: word('pass', 'fail'),
      reasons: fc.array(
        fc.record(
          {
            type: word('local_policy', 'mailing_list', 'other', 'policy_test_mode', 'trusted_forwarder'),
            comment: peopleText,
          },
          { requiredKeys: ['type'] },
        ),
        { maxLength: 2 },
      ),
      headerFrom: domain,
      dkimResults: fc.array(
        fc.record(
          { domain, selector: text, result: word(...RESULTS), humanResult: peopleText },
          { requiredKeys: ['domain', 'selector', 'result'] },
        ),
        { maxLength: 3 },
      ),
      spfResults: fc.array(
        fc.record(
          {
            domain,
            scope: fc.constant('mfrom' as const),
            result: word(...RESULTS, 'softfail'),
            humanResult: peopleText,
          },
          { requiredKeys: ['domain', 'result'] },
        ),
        { maxLength: 1 },
      ),
      extensions: fc.array(extension, { maxLength: 1 }),
    }),
    fc.record({ envelopeFrom: fc.oneof(domain, fc.constant('')), envelopeTo: domain }, optional),
  )
  .map(([one, more]) => ({ ...one, ...more }))

const policy = fc
  .tuple(
    fc.record({ domain, p: word('none', 'quarantine', 'reject') }),
    fc.record(
      {
        sp: word('none', 'quarantine', 'reject'),
        np: word('none', 'quarantine', 'reject'),
        adkim: word('r', 's'),
        aspf: word('r', 's'),
        discoveryMethod: word('psl', 'treewalk'),
        fo: fc.constantFrom('0', '1:d:s'),
        testing: word('y', 'n'),
      },
      optional,
    ),
  )
  .map(([one, more]) => ({ ...one, ...more }))

/** Reports of RFC 9990 that can be written. */
export const aggregateReport: fc.Arbitrary<AggregateReport> = fc
  .tuple(
    fc.record({
      organizationName: text,
      email: text,
      reportId: text,
      begin: fc.integer({ min: 0, max: 2e9 }),
      errors: fc.array(peopleText, { maxLength: 1 }),
      version: fc.constant('1.0'),
      policy,
      records: fc.array(record, { minLength: 1, maxLength: 3 }),
      extensions: fc.array(extension, { maxLength: 2 }),
    }),
    fc.record({ extraContactInfo: peopleText, generator: text }, optional),
    fc.integer({ min: 0, max: 86_400 }),
  )
  .map(([report, more, length]) => ({ ...report, ...more, end: report.begin + length }))
