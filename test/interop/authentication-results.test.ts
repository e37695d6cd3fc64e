import { type AuthenticationResults, formatAuthenticationResults, parseAuthenticationResults } from '@posthorn/auth'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Authres } from './lib/authres.ts'

// Python's authres before the same values: what each writes, the other reads. Where it reads less than RFC 8601 section 2.2
// has, nothing is generated: it knows four types of property, and leaves out a value in quotes that another property
// follows; it writes whatever has an "@" without quotes. A fold or an escape in quotes it leaves as it is, so that fields are unfolded first, and escapes compared as such.
const text = fc
  .array(fc.constantFrom(...'"\\();=.,:<>[]?/ ab-_', 'dkim=pass', 'none', '(c)'), { minLength: 1, maxLength: 10 })
  .map((parts) => parts.join(''))
const keyword = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/)
const ptype = fc.constantFrom('smtp', 'header', 'body', 'policy')
const plain = fc.constantFrom('a', 'b.example', 'c@d.example', '@d.example', 'x-y_z+1', '192.0.2.1')
const properties = fc
  .tuple(
    fc.array(fc.record({ ptype, property: keyword, value: plain }), { maxLength: 2 }),
    fc.array(fc.record({ ptype, property: keyword, value: text }), { maxLength: 1 }),
  )
  .map((parts) => parts.flat())
const version = fc.option(fc.constant(1), { nil: undefined })
const values: fc.Arbitrary<AuthenticationResults> = fc
  .record({
    authservId: fc.constantFrom('mx.example', 'mail-1.b.example', 'x_y'),
    version,
    results: fc.array(
      fc.record({
        method: keyword,
        methodVersion: version,
        result: keyword,
        reason: fc.option(text, { nil: undefined }),
        properties: properties,
      }),
      { maxLength: 3 },
    ),
  })
  .map((made) => JSON.parse(JSON.stringify(made)))

const escaped = (value: string) => value.replace(/[\\"]/g, '\\$&')
const theirs = ({ authservId, version: number, results }: AuthenticationResults) => ({
  authservId,
  version: number === undefined ? null : String(number),
  results: results.map(({ methodVersion, reason, properties: all, ...rest }) => ({
    ...rest,
    reason: reason === undefined ? null : escaped(reason),
    methodVersion: methodVersion === undefined ? null : String(methodVersion),
    properties: all.map((one) => ({ ...one, value: escaped(one.value) })),
  })),
})

test('authres reads what is written here, and what it writes is read here', async () => {
  const peer = new Authres()
  try {
    for (const value of fc.sample(values, { numRuns: 500, seed: 1 })) {
      expect(await peer.read(formatAuthenticationResults(value).replaceAll('\r\n', ''))).toEqual(theirs(value))
      const field = await peer.write(value)
      expect(parseAuthenticationResults(String(field).slice('Authentication-Results:'.length))).toEqual(value)
    }
  } finally {
    peer.stop()
  }
})
