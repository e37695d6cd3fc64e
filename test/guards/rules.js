/**
 * The page of rules is made from the table that `lintMessage` works from and the samples that its tests run: this guard
 * makes it again and compares; `npm run docs:tables` writes it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { Findings } from './lib/findings.js'
import { root } from './lib/workspace.js'

const page = join(root, 'docs/lint-rules.md')
const write = process.env.POSTHORN_WRITE === '1'

const HEAD = `# The rules of lintMessage

Every rule, with a message that breaks it and one that nearly does, which the tests run. Of the messages only what matters is
shown: other fields are in order, and the body is a word. \`⏎\` is CRLF; \`␊\`, \`␍\` and \`␀\` are LF, CR and NUL; \`\\xNN\` is an
octet; \`{x*999}\` is x 999 times; \`-Date\` is a header without Date; what begins with \`=\` is the whole message. How to use them
is in [lint.md](lint.md). This page is made from \`packages/mime/src/lint/rules.ts\` and the samples of its tests; do not edit it.
`

/** The headings, by the rule that each begins with. */
const SECTIONS = {
  'line-too-long': 'Lines and octets',
  'no-field': 'The header',
  'date-bad': 'Dates',
  'address-bad': 'Addresses',
  'id-bad': 'Identifiers',
  'word-long': 'Encoded words',
  'mime-version-missing': 'Types and parameters',
  'charset-missing': 'Charsets',
  'boundary-missing': 'Multiparts',
  'qp-line-over-76': 'Bodies',
  'list-url-bad': 'Lists, hosts and limits',
}

async function load() {
  const { outputFiles } = buildSync({
    stdin: {
      contents:
        "export { LINT_RULES } from './src/lint/rules.ts'\nexport { HEADER, SAMPLES } from './test/lint-samples.ts'",
      resolveDir: join(root, 'packages/mime'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    alias: { '@posthorn/core': join(root, 'packages/core/src/index.ts') },
  })
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)
}

function specLink(spec) {
  const [, number, section] = /^rfc(\d+)#section-(.+)$/.exec(spec) ?? []
  return `[RFC ${number} ${section}](https://www.rfc-editor.org/rfc/${spec})`
}

function shown(sample) {
  const octet = (character) => `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  const text = sample.replace(/[\u0001-\u0009\u000b-\u001f\u0080-\u00ff]/g, octet).replaceAll('\n', '⏎')
  return text === '' ? 'nothing else' : `\`${text.replaceAll('|', '\\|')}\``
}

function row([rule, fires, , spares, options], { severity, spec, text }) {
  const form = options ? ` with \`${JSON.stringify(options)}\`` : ''
  return `| \`${rule}\` | ${severity} | ${specLink(spec)} | ${text} | ${shown(fires)}${form} | ${shown(spares)} |`
}

const findings = new Findings()
const { LINT_RULES, SAMPLES } = await load()
const lines = SAMPLES.flatMap((sample) => {
  const heading = SECTIONS[sample[0]]
  const head =
    '| rule | severity | section | what is wrong, and what to do | told of | not told of |\n|---|---|---|---|---|---|'
  return [...(heading ? [`\n## ${heading}\n\n${head}`] : []), row(sample, LINT_RULES[sample[0]])]
})
const text = `${HEAD}${lines.join('\n')}\n`
if (write) writeFileSync(page, text)
else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
  findings.add(page, undefined, 'is not what rules and samples give; run npm run docs:tables')
}
const missing = Object.keys(LINT_RULES).filter((rule) => !SAMPLES.some(([one]) => one === rule))
for (const rule of missing) findings.add(page, undefined, `${rule} has no sample`)
findings.finish('rules', `${SAMPLES.length} rules`)
