import { expect, test } from 'vitest'
import { workOf } from '../../../test/work.ts'
import { formatDmarc, lintDmarc, parseDmarc } from '../src/index.ts'

const [SMALL, LARGE] = [16_000, 32_000]

test.each<[string, (size: number) => string]>([
  ['semicolons', (size) => ';'.repeat(size)],
  ['blanks', (size) => ' \t'.repeat(size / 2)],
  ['blanks in each tag', (size) => `p${' '.repeat(50)}=${' '.repeat(50)}none${' '.repeat(50)};`.repeat(size / 156)],
  ['tags', (size) => 'x=1;'.repeat(size / 4)],
  ['the same tag', (size) => 'p=none;'.repeat(size / 7)],
  ['a long name', (size) => `${'a'.repeat(size)}=1`],
  ['a long value', (size) => `p=${'a'.repeat(size)}`],
  ['addresses', (size) => `rua=${'mailto:a@b.example,'.repeat(size / 19)}`],
  ['commas', (size) => `rua=${','.repeat(size)}`],
  ['exclamation marks', (size) => `rua=mailto:a@b.example${'!1'.repeat(size / 2)}`],
  ['percent signs', (size) => `rua=mailto:${'%41'.repeat(size / 3)}@b.example`],
  ['a long address', (size) => `rua=mailto:${'a@'.repeat(size / 2)}b.example`],
  ['options', (size) => `fo=${'d:'.repeat(size / 2)}`],
  ['equals signs', (size) => '='.repeat(size)],
])('parseDmarc, formatDmarc, lintDmarc: the work on %s is linear', (_, textOf) => {
  const [small, large] = [SMALL, LARGE].map((size) => {
    const text = `v=DMARC1;${textOf(size)}`
    return workOf(
      () => formatDmarc(parseDmarc(text)),
      () => lintDmarc(text),
    )
  })
  expect(small).toBeGreaterThan(SMALL / 4)
  expect(large).toBeLessThanOrEqual(2.2 * small! + 2000)
})
