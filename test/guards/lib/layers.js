/** Reads the table of layers from docs/architecture.md, the one place that says who may import whom. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.js'

export const tableFile = join(root, 'docs/architecture.md')

/**
 * @typedef {{ names: string[], below: boolean, all: boolean }} Allowance
 * @typedef {{ name: string, short: string, layer: number, line: number, allowances: Map<string, Allowance> }} Row
 */

function parseNames(text) {
  const below = /,? and below$/.test(text)
  const all = /^all\b/.test(text)
  const names = all || text === 'nothing' ? [] : text.replace(/,? and below$/, '').split(/, */)
  return { names: names.map((name) => name.replaceAll('`', '').trim()), below, all }
}

function parseAllowances(cell) {
  const allowances = new Map([['.', parseNames('nothing')]])
  for (const clause of cell.split(';').map((text) => text.trim())) {
    const sub = /^`?(\.\/[a-z-]+)`?: *(.+)$/.exec(clause)
    if (sub) allowances.set(sub[1], parseNames(sub[2]))
    else allowances.set('.', parseNames(clause))
  }
  return allowances
}

/** @returns {Map<string, Row>} The rows by short name; empty when there is no table. */
export function readLayers() {
  const rows = new Map()
  if (!existsSync(tableFile)) return rows
  readFileSync(tableFile, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      const cells = text.split('|').map((cell) => cell.trim())
      const name = /`([^`]+)`/.exec(cells[2] ?? '')?.[1]
      if (!/^\d+$/.test(cells[1] ?? '') || !name || cells.length < 6) return
      const short = name.split('/').at(-1)
      const allowances = parseAllowances(cells[4])
      rows.set(short, { name, short, layer: Number(cells[1]), line: index + 1, allowances })
    })
  return rows
}

/**
 * @param {Map<string, Row>} rows The table.
 * @param {Row} from The importing package.
 * @param {string} to The short name of the imported one.
 * @param {string} subpath The entry that the import belongs to; '.' is the main one.
 */
export function mayImport(rows, from, to, subpath) {
  const target = rows.get(to)
  if (!target || target.layer >= from.layer) return false
  return ['.', subpath].some((entry) => {
    const allowance = from.allowances.get(entry)
    if (!allowance) return false
    const highest = Math.max(...allowance.names.map((name) => rows.get(name)?.layer ?? -1))
    return allowance.all || allowance.names.includes(to) || (allowance.below && target.layer <= highest)
  })
}
