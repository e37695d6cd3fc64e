/** Rules of others for the replies of servers, as published: only the files with the rules are fetched, and nothing that those depend on. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './process.ts'

/** Rules, and what they decide on a reply. */
export interface RuleSet {
  readonly name: string
  decide(reply: string): unknown
}

interface ZoneMta {
  check(reply: string): { action: string; category?: string; message: string }
}
interface BounceParser {
  parser: { parseBounceData(reply: string): { error: Record<string, unknown> } }
}

// Stand-ins for what they log with, and match with.
const STANDINS = {
  npmlog: 'module.exports = { error() {}, verbose() {}, info() {} }',
  re2: `module.exports = class extends RegExp {
    match(text) { return text.match(this) }
    replace(text, by) { return text.replace(this, by) }
    split(text) { return text.split(this) }
  }`,
}

async function fetchPackage(folder: string, name: string): Promise<NodeJS.Require> {
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', folder, name])
  if (packed.code !== 0) throw new Error(packed.stderr)
  const target = join(folder, name)
  mkdirSync(target)
  await run('tar', ['-xzf', join(folder, packed.stdout.trim()), '-C', target, '--strip-components=1'])
  return createRequire(join(target, 'package.json'))
}

/** Fetches ZoneMTA's rules and email-bounce-parser into a folder that goes when the work is done. */
export async function withRuleSets<T>(work: (sets: readonly RuleSet[]) => T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-rules-'))
  try {
    for (const [name, text] of Object.entries(STANDINS)) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true })
      writeFileSync(join(folder, 'node_modules', name, 'index.js'), text)
    }
    const zone: ZoneMta = (await fetchPackage(folder, 'zone-mta@3.10.3'))('./lib/bounces.js')
    const Parser = (await fetchPackage(folder, 'email-bounce-parser@1.0.22'))('./lib/index.js')
    const bounces: BounceParser = new Parser()
    return work([
      {
        name: 'zone-mta',
        decide: (reply) => {
          const { action, category, message } = zone.check(reply)
          return [action, category, message]
        },
      },
      {
        name: 'email-bounce-parser',
        decide: (reply) => {
          const { type, temporary, data } = bounces.parser.parseBounceData(reply).error
          return [type, temporary, data]
        },
      },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
