import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROBES } from '../../packages/mime/test/probes/index.ts'
import type { Probe } from '../../packages/mime/test/probes/probe.ts'

const page = new URL('../../docs/differences.md', import.meta.url)
const PLACE = /(?<=<!-- probes -->\n)[\s\S]*(?=<!-- \/probes -->)/
const LONGEST = 48

const cell = (text: string): string => text.replaceAll('|', '\\|')
const code = (text: string): string => `\`${cell(text)}\``

function shown(text: string): string {
  const line = JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text).slice(1, -1)
  return line.replaceAll('\\"', '"').replaceAll('`', "'")
}

function readingOf({ reads }: Probe): string {
  return Object.entries(reads)
    .map(([key, value]) => (value === undefined ? `no ${key}` : `${key} ${code(shown(value))}`))
    .join(', ')
}

function row(probe: Probe): string {
  const alike = probe.alike?.length ?? 3
  const others = ['none', 'one', 'two', 'all'][alike]!
  const told = (probe.tells ?? []).map((one) => code(shown(one))).join(', ')
  const spec = probe.spec.replace(/^rfc(\d+) /, 'RFC $1 section ').replace('section appendix-a', 'appendix A')
  return `| ${[probe.name, readingOf(probe), told, spec, others, cell(probe.why ?? '')].join(' | ')} |`
}

function tables(): string {
  return Object.entries(PROBES)
    .map(([title, probes]) => {
      const head = '| what comes | is read as | told by | by | others | why |\n| --- | --- | --- | --- | --- | --- |'
      return `\n## ${title}\n\n${head}\n${probes.map(row).join('\n')}\n`
    })
    .join('')
}

test('docs/differences.md: has every probe, with what is read and told', () => {
  const text = readFileSync(page, 'utf8')
  const made = text.replace(PLACE, () => `${tables()}\n`)
  if (process.env['POSTHORN_WRITE'] === '1') writeFileSync(page, made)
  else expect(text).toBe(made)
})
