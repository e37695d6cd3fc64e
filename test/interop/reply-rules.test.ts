import { existsSync, readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { explainReply } from '@posthorn/transcript/catalogue'
import { expect, test } from 'vitest'

// How many of the replies that were held out find more than their code says: by the rules of ZoneMTA 3.10.3 that have words, and
// by email-bounce-parser 1.0.22, which gives a type, also by its table of codes. The two bring hundreds of packages, so they are
// not among the dependencies; the variable names a folder where they are installed:
// `npm install --ignore-scripts zone-mta@3.10.3 email-bounce-parser@1.0.22`.
const FOLDER = process.env['POSTHORN_REPLY_RULES'] ?? ''
const HELD_OUT = new URL('../../packages/transcript/test/catalogue/held-out.tsv', import.meta.url)

const replies = (): string[] =>
  readFileSync(fileURLToPath(HELD_OUT), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[1]!)

interface ZoneBounces {
  reloadBounces(): void
  rules: readonly { readonly re: RegExp; readonly line: number }[]
  check(reply: string): { readonly line?: number }
}

interface BounceReading {
  readonly data?: { readonly error?: { readonly data?: { readonly type?: string | null } } }
}

// re2 is compiled code, which `--ignore-scripts` leaves out.
class PlainRe2 extends RegExp {
  match(text: string): RegExpMatchArray | null {
    return text.match(this)
  }
  replace(text: string, by: string): string {
    return text.replace(this, by)
  }
  split(text: string): string[] {
    return text.split(this)
  }
}

function withoutRe2(load: () => unknown): unknown {
  const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown }
  const original = loader._load
  loader._load = (name, ...rest) => (name === 're2' ? PlainRe2 : original.call(loader, name, ...rest))
  try {
    return load()
  } finally {
    loader._load = original
  }
}

function askZoneMta(require: NodeJS.Require): number {
  const bounces = require('zone-mta/lib/bounces.js') as ZoneBounces
  bounces.reloadBounces()
  const wordless = /^[\^\\$\d[\](){}.|*+?\- bdsw]*$/
  const specific = new Set(bounces.rules.filter(({ re }) => !wordless.test(re.source)).map(({ line }) => line))
  return replies().filter((reply) => specific.has(bounces.check(reply).line ?? 0)).length
}

function askBounceParser(require: NodeJS.Require): number {
  const Parser = withoutRe2(() => require('email-bounce-parser')) as new () => { read(body: string): BounceReading }
  const parser = new Parser()
  return replies().filter((reply) => {
    const type = parser.read(`This is the mail system.\n\n<user@example.org>: host mx.example.org said: ${reply}\n`)
      .data?.error?.data?.type
    return type !== undefined && type !== null && type !== 'other'
  }).length
}

test.skipIf(!existsSync(FOLDER))('explainReply: more than the code, beside two other sets of rules', () => {
  const require = createRequire(join(FOLDER, 'package.json'))
  const here = replies().filter((reply) => explainReply(reply).rule !== undefined).length
  const found = { here, zoneMta: askZoneMta(require), bounceParser: askBounceParser(require) }
  expect(found).toEqual({ here: 145, zoneMta: 36, bounceParser: 34 })
})
