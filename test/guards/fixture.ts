import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files by path below the root of a workspace. */
export type Files = Readonly<Record<string, string>>

/** Writes a workspace into a new folder, which the caller removes. */
export function plant(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'posthorn-guard-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

const EXPORTS = { '.': './dist/index.js' }
const SETTINGS = '{ "extends": "../../tsconfig.base.json" }'
const IMPORT_CORE = "import { double } from '@posthorn/core'\n"

/** A workspace of two packages in which every guard finds nothing. */
export const SOUND: Files = {
  'package.json': '{ "type": "module" }',
  'docs/architecture.md': `| layer | package | holds | may import |
|---|---|---|---|
| 0 | \`@posthorn/core\` | the ground | nothing |
| 1 | \`@posthorn/dns\` | names; subpath \`./mail\` | nothing; \`./mail\`: core |
`,
  'packages/core/package.json': JSON.stringify({ name: '@posthorn/core', type: 'module', exports: EXPORTS }),
  'packages/core/tsconfig.json': SETTINGS,
  'packages/core/src/index.ts': "export { double } from './double.ts'\n",
  'packages/core/src/double.ts': `/**
 * Doubles a number.
 *
 * @example
 * double(2) // 4
 */
export function double(value: number): number {
  return value * 2
}
`,
  'packages/core/dist/index.js': 'export function double(value) { return value * 2 }\n',
  'packages/dns/package.json': JSON.stringify({
    name: '@posthorn/dns',
    type: 'module',
    exports: { ...EXPORTS, './mail': './dist/mail.js' },
    dependencies: { '@posthorn/core': 'workspace:*' },
  }),
  'packages/dns/tsconfig.json': SETTINGS,
  'packages/dns/src/index.ts': "export { zone } from './zone.ts'\n",
  'packages/dns/src/zone.ts': '/** A zone. */\nexport const zone = 1\n',
  'packages/dns/src/mail.ts': "export { mail } from './exchange.ts'\n",
  'packages/dns/src/exchange.ts': `${IMPORT_CORE}/** Mail. */\nexport const mail: number = double(1)\n`,
}

/** For each guard, violations and what it must say of them. */
export const PLANTED: Readonly<Record<string, { files: Files; findings: readonly string[] }>> = {
  layers: {
    files: {
      'packages/core/src/index.ts': "import './double.ts'\nexport const early = 1\n",
      'packages/core/src/double.ts':
        "import { zone } from '@posthorn/dns'\nimport '../../dns/src/zone.ts'\nimport 'fs'\n",
      'packages/core/src/left.ts': "import './right.ts'\nexport const pad = import('left-pad')\n",
      'packages/core/src/right.ts': "export type Left = typeof import('./left.ts')\n",
      'packages/dns/src/zone.ts': `${IMPORT_CORE}import '@posthorn/core/inner'\nexport const zone = double(1)\n`,
      'packages/extra/package.json': '{ "name": "@posthorn/extra", "dependencies": { "left-pad": "1.0.0" } }',
    },
    findings: [
      'packages/core/src/index.ts:2: an entry file only re-exports',
      'packages/core/src/double.ts:1: @posthorn/core may not import @posthorn/dns',
      'packages/core/src/double.ts:1: "@posthorn/dns" is not declared in the dependencies',
      'packages/core/src/double.ts:2: "../../dns/src/zone.ts" leaves the sources of the package',
      'packages/core/src/double.ts:3: "fs" needs the prefix node:',
      'packages/core/src/left.ts:2: "left-pad" is named in no file of docs/decisions',
      'import cycle: packages/core/src/left.ts → packages/core/src/right.ts → packages/core/src/left.ts',
      'packages/dns/src/zone.ts:1: @posthorn/dns may not import @posthorn/core',
      'packages/dns/src/zone.ts:2: "@posthorn/core/inner" is no entry of @posthorn/core',
      'packages/extra/package.json: @posthorn/extra is not in the table',
      'packages/extra/package.json: "left-pad" is declared but never imported',
    ],
  },
  platform: {
    files: {
      'packages/core/tsconfig.json':
        '{ "extends": "../../tsconfig.base.json", "compilerOptions": { "types": ["node"] } }',
      'packages/core/src/platform.ts': 'export const now = () => Date.now()\nexport const host = process\n',
      'packages/core/src/double.ts': `import 'node:fs'
// Buffer, process, Date.now() in a comment, and below in a string and as names of members
export const fine = { process: 'Date.now()', window: new Date(0) }.window
export const bytes = Buffer.from('')
export const now = Date.now()
export const today = new Date()
export const { random } = Math
export const hidden = globalThis['setTimeout']
export const salt = crypto.getRandomValues(new Uint8Array(1))
setTimeout(() => {})
`,
    },
    findings: [
      'packages/core/tsconfig.json: must not set "types"',
      'packages/core/src/platform.ts:2: "host = process" is not in every runtime',
      'packages/core/src/double.ts:1: "node:fs" is not in every runtime',
      'packages/core/src/double.ts:4: "Buffer.from" is not in every runtime',
      'packages/core/src/double.ts:5: "Date.now"',
      'packages/core/src/double.ts:6: "new Date()"',
      'packages/core/src/double.ts:7: "{ random } = Math"',
      `packages/core/src/double.ts:8: "globalThis['setTimeout']"`,
      'packages/core/src/double.ts:9: "crypto.getRandomValues"',
      'packages/core/src/double.ts:10: "setTimeout(() => {})"',
    ],
  },
  documented: {
    files: {
      'packages/core/src/index.ts': "export * from './double.ts'\n",
      'packages/core/src/double.ts': `export function bare() {}
/** Has no example. */
export const arrow = () => {}
/** Both. */
export interface Pair {
  left: number
  /** Said. */
  right: number
}
/**
 * Adds.
 *
 * @example
 * new Adder()
 */
export class Adder {
  #own = 1
  private readonly other = 2
  add() {}
}
`,
    },
    findings: [
      'packages/core/src/double.ts:1: bare has no summary',
      'packages/core/src/double.ts:1: bare has no @example',
      'packages/core/src/double.ts:3: arrow has no @example',
      'packages/core/src/double.ts:6: Pair.left has no summary',
      'packages/core/src/double.ts:19: Adder.add has no summary',
      'documented: 5 finding(s)',
    ],
  },
  examples: {
    files: {
      'packages/core/dist/index.js': 'export const double = (value) => value * 3\n',
      'README.md': `
\`\`\`ts
import { double } from '@posthorn/core'
double('2')
\`\`\`
\`\`\`ts
JSON.parse('{') // throws BAD_JSON
await Promise.resolve(1) // 2
Promise.resolve(1) // 1
;[1, 2].map(String) // [
//   '1',
//   '3',
// ]
'this is prose' // not a value
'stated below'
// 'stated above'
throw new TypeError('lost')
\`\`\`
\`\`\`ts no-run
throw new TypeError('never run')
\`\`\`
`,
    },
    findings: [
      'packages/core/src/double.ts:5: states 4 but is 6',
      "README.md:4: Argument of type 'string' is not assignable",
      'README.md:7: states that it throws BAD_JSON but throws SyntaxError',
      'README.md:8: states 2 but is 1',
      'README.md:9: is a promise; the example lacks await',
      "README.md:10: states [ '1', '3' ] but is [ '1', '2' ]",
      "README.md:15: states 'stated above' but is 'stated below'",
      'README.md:17: throws TypeError: lost',
      'examples: 8 finding(s)',
    ],
  },
}
