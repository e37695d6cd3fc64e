/** The tables of docs/runtimes.md: made from the results of a run, and compared with what stands there. */
import { readFileSync, writeFileSync } from 'node:fs'

const page = new URL('../../docs/runtimes.md', import.meta.url)
const PLACE = /(<!-- results -->\n)([\s\S]*?)(<!-- \/results -->)/

/** @typedef {{ host: import('./hosts/host.js').Host, areas: Map<string, number>, facts: Record<string, boolean> }} Result */

const row = (cells) => `| ${cells.join(' | ')} |`

function table(head, rows) {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

// The versions of what the machine has are told when the page is written, and not compared.
const heading = ({ host }) => `${host.name} ${host.version}`

function render(results) {
  const areas = [...new Set(results.flatMap((result) => [...result.areas.keys()]))]
  const facts = Object.keys(results[0]?.facts ?? {})
  const columns = results.map(heading)
  return [
    table(
      ['checks of', ...columns],
      areas.map((area) => [area, ...results.map((one) => one.areas.get(area) ?? '–')]),
    ),
    '',
    table(
      ['', ...columns],
      facts.map((fact) => [fact, ...results.map((one) => (one.facts[fact] ? 'yes' : 'no'))]),
    ),
    '',
  ].join('\n')
}

function withoutVersions(text, results) {
  return results
    .filter(({ host }) => !host.pinned)
    .reduce((rest, { host }) => rest.replaceAll(new RegExp(`(\\| ${host.name}) \\d[\\d.]*`, 'g'), '$1'), text)
}

const withoutRows = (text, areas) =>
  text
    .split('\n')
    .filter((line) => !areas.some((area) => line.startsWith(`| ${area} |`)))
    .join('\n')

/**
 * @param {Result[]} results Of every runtime that the page has.
 * @param {{ write: boolean, missing: string[] }} how Whether to write the tables, which takes all areas; and the areas that
 * this machine lacks the data for, which are not compared.
 * @returns {boolean} Whether the page says what came out.
 */
export function agrees(results, { write, missing }) {
  const text = readFileSync(page, 'utf8')
  const made = render(results)
  if (write && missing.length === 0) {
    writeFileSync(
      page,
      text.replace(PLACE, (_, begin, __, end) => `${begin}\n${made}\n${end}`),
    )
    return true
  }
  const there = withoutRows(PLACE.exec(text)?.[2].trim() ?? '', missing)
  return withoutVersions(there, results) === withoutVersions(made.trim(), results)
}
