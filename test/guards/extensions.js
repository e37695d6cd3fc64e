/**
 * The page of extensions is made from the registry that encoder and parser work from: this guard makes it again and
 * compares; `npm run docs:tables` writes it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { Findings } from './lib/findings.js'
import { root } from './lib/workspace.js'

const registry = join(root, 'packages/command/src/registry.ts')
const page = join(root, 'docs/extensions.md')
const write = process.env.POSTHORN_WRITE === '1'

const HEAD = `# The extensions of SMTP

What \`@posthorn/command\` reads and writes with types of its own: every extension of the IANA registry "SMTP Service
Extensions", and the ones at the end that are in use without being registered. An extension, a verb or a parameter that
is not here goes through as it stands. "Adds" is by how many octets a command line may be longer than the 512 of RFC 5321
where the server offers the extension. This page is made from \`packages/command/src/registry.ts\`; do not edit it.
`

async function readRegistry() {
  const { outputFiles } = buildSync({
    entryPoints: [registry],
    bundle: true,
    write: false,
    format: 'esm',
    alias: { '@posthorn/core': join(root, 'packages/core/src/index.ts') },
  })
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)
}

function specLink(spec) {
  const [, number] = /^rfc(\d+)/.exec(spec) ?? []
  return number ? `[RFC ${number}](https://www.rfc-editor.org/rfc/rfc${number})` : spec
}

function row({ keyword, purpose, spec, verbs = [], added = {} }, parameters) {
  const owned = parameters.filter((parameter) => parameter.extension === keyword)
  const cells = [
    `\`${keyword}\``,
    purpose,
    verbs.map((verb) => `\`${verb}\``).join(' '),
    owned.map((parameter) => `${parameter.verb} \`${parameter.keyword}\``).join(', '),
    Object.entries(added)
      .map(([verb, octets]) => `${verb} ${octets}`)
      .join(', '),
    specLink(spec),
  ]
  return `| ${cells.map((cell) => cell || '–').join(' | ')} |`
}

const findings = new Findings()
const { EXTENSIONS, MAIL_PARAMETERS, RCPT_PARAMETERS } = await readRegistry()
const parameters = [
  ...Object.values(MAIL_PARAMETERS).map((parameter) => ({ verb: 'MAIL', ...parameter })),
  ...Object.values(RCPT_PARAMETERS).map((parameter) => ({ verb: 'RCPT', ...parameter })),
]
const table = [
  '| EHLO keyword | what for | verbs | parameters | adds | defined in |',
  '|---|---|---|---|---|---|',
  ...EXTENSIONS.map((extension) => row(extension, parameters)),
]
const text = `${HEAD}\n${table.join('\n')}\n`
if (write) writeFileSync(page, text)
else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
  findings.add(page, undefined, 'is not what the registry gives; run npm run docs:tables')
}
findings.finish('extensions', `${EXTENSIONS.length} extensions, ${parameters.length} parameters`)
