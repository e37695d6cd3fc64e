import { encodeUtf8 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { workOf } from '../../../test/work.ts'
import {
  formatAuthenticationResults,
  parseAuthenticationResults,
  readTrustedResults,
  removeForgedResults,
} from '../src/index.ts'

const [SMALL, LARGE] = [16_000, 32_000]

test.each<[string, (size: number) => string]>([
  ['nested comments', (size) => '('.repeat(size)],
  ['comments side by side', (size) => `${'()'.repeat(size / 2)}a; none`],
  ['blanks', (size) => `a${' '.repeat(size)}; none`],
  ['folds', (size) => `a${'\r\n '.repeat(size / 3)}; none`],
  ['atoms of no address', (size) => `a; b=c d.e=${'a.'.repeat(size / 2)}`],
  ['values that end like addresses', (size) => `a; b=c${' d.e=f/g'.repeat(size / 8)}`],
  ['properties', (size) => `a; b=c${' d.e=f@g.example'.repeat(size / 16)}`],
  ['escapes', (size) => `"${'\\"'.repeat(size / 2)}"; none`],
  ['results', (size) => `a${'; b=c'.repeat(size / 5)}`],
  ['hyphens', (size) => `a; ${'-'.repeat(size)}`],
  ['a reason of blanks', (size) => `a; b=c reason="${' '.repeat(size)}"`],
])('the work on Authentication-Results is linear: %s [rfc8601 7.7]', (_, textOf) => {
  const [small, large] = [SMALL, LARGE].map((size) => {
    const text = textOf(size)
    const field = { name: 'Authentication-Results', bytes: encodeUtf8(`Authentication-Results: ${text}`) }
    return workOf(
      () => parseAuthenticationResults(text, { maxCommentDepth: size }),
      () => formatAuthenticationResults(parseAuthenticationResults(text)),
      () => readTrustedResults([field], { trusted: ['a'] }),
      () => removeForgedResults([field], { ids: ['a'] }),
    )
  })
  expect(large! / small!).toBeLessThan(2.5)
})
