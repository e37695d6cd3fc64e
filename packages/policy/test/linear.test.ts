import { expect, test } from 'vitest'
import { workOf } from '../../../test/work.ts'
import { parseStsPolicy, parseStsRecord, parseTlsReportRecord, readTlsReport } from '../src/index.ts'

const [SMALL, LARGE] = [16_000, 32_000]

const POLICY = 'version: STSv1\nmode: testing\nmx: a.example\nmax_age: 1\n'

test.each<[string, string]>([
  ['line ends', '\r\n'],
  ['blanks', ' \t'],
  ['exchangers', '\nmx: *.a.example'],
  ['fields', '\na: b'],
  ['colons', ':'],
  ['letters', 'a'],
  ['dots', '.a'],
  ['semicolons', ';'],
  ['extensions', ';a=b'],
  ['blanks around semicolons', '    ;    a=b'],
  ['equals signs', '='],
  ['addresses', ',mailto:a@b.example'],
  ['percent signs', '%41'],
  ['brackets', '['],
  ['quotes', '"'],
  ['backslashes', '\\'],
])('the work of every parser on %s is linear', (_, unit) => {
  const [small, large] = [SMALL, LARGE].map((size) => {
    const text = unit.repeat(size / unit.length)
    return workOf(
      () => parseStsPolicy(`${POLICY}${text}`),
      () => parseStsRecord(`v=STSv1; id=1${text}`),
      () => parseTlsReportRecord(`v=TLSRPTv1; rua=mailto:a@b.example${text}`),
      () => readTlsReport(`{"policies":[${text}`),
    )
  })
  expect(small).toBeGreaterThan(SMALL / 4)
  expect(large).toBeLessThanOrEqual(2.2 * small! + 2000)
})
