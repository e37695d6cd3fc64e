/**
 * Packages stay small and usable alone only while imports point down. This guard holds every import to the table in
 * docs/architecture.md, every dependency to package.json, and every entry file to re-exports.
 */
import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'
import { findCycles } from './lib/cycles.js'
import { Findings } from './lib/findings.js'
import { mayImport, readLayers, tableFile } from './lib/layers.js'
import { importsOf, lineOf, packageNameOf, parseFile } from './lib/syntax.js'
import { display, filesUnder, packages, root } from './lib/workspace.js'

const PORTABLE = 3
const findings = new Findings()
const rows = readLayers()
const all = packages()
const byName = new Map(all.map((one) => [one.name, one]))
const decisions = filesUnder(join(root, 'docs/decisions'), /\.md$/).map((file) => readFileSync(file, 'utf8'))

function checkTable() {
  if (rows.size === 0) findings.add(tableFile, undefined, 'has no table of layers')
  for (const row of rows.values()) {
    for (const name of [...row.allowances.values()].flatMap((allowance) => allowance.names)) {
      const target = rows.get(name)
      if (!target) findings.add(tableFile, row.line, `"${name}" is no package of the table`)
      else if (target.layer >= row.layer) findings.add(tableFile, row.line, `"${name}" is not in a lower layer`)
    }
  }
}

function checkEntry(file) {
  if (!existsSync(file)) return findings.add(file, undefined, 'is named in "exports" but does not exist')
  for (const statement of parseFile(file).statements) {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) {
      findings.add(file, lineOf(statement), 'an entry file only re-exports')
    } else if (/\/internal\//.test(statement.moduleSpecifier.getText())) {
      findings.add(file, lineOf(statement), 'what is internal is never exported')
    }
  }
}

/** The entries from which each file is reached, so that `./sub` may import what the main entry may not. */
function reach(one, graph) {
  const reached = new Map()
  for (const { source, subpath } of [...one.entries, ...one.bins.map((source) => ({ source, subpath: '.' }))]) {
    const queue = [source]
    const seen = new Set(queue)
    for (const file of queue) {
      reached.set(file, (reached.get(file) ?? new Set()).add(subpath))
      for (const next of graph.get(file) ?? []) if (!seen.has(next)) queue.push(next) && seen.add(next)
    }
  }
  return reached
}

function checkRelative(one, file, { specifier, line }, edges) {
  const target = resolve(dirname(file), specifier)
  if (!target.startsWith(`${one.src}/`)) findings.add(file, line, `"${specifier}" leaves the sources of the package`)
  else if (!existsSync(target)) findings.add(file, line, `"${specifier}" does not exist`)
  else edges.push(target)
}

function checkInternal(one, row, file, { specifier, line }, subpaths) {
  const target = byName.get(packageNameOf(specifier))
  if (!target) return findings.add(file, line, `"${specifier}" is no package of this workspace`)
  const entry = `.${specifier.slice(target.name.length)}`
  if (target === one) findings.add(file, line, `"${specifier}" is the package itself; import the file`)
  else if (!target.entries.some(({ subpath }) => subpath === entry)) {
    findings.add(file, line, `"${specifier}" is no entry of ${target.name}`)
  }
  for (const subpath of target === one ? [] : subpaths) {
    if (row && !mayImport(rows, row, target.short, subpath)) {
      const where = subpath === '.' ? one.name : `${one.name}${subpath.slice(1)}`
      findings.add(file, line, `${where} may not import ${target.name}`)
    }
  }
}

function checkThirdParty(row, file, specifier, line) {
  const name = packageNameOf(specifier)
  if (builtinModules.includes(name)) return findings.add(file, line, `"${name}" needs the prefix node:`)
  if (row && row.layer <= PORTABLE && !decisions.some((text) => text.includes(name))) {
    findings.add(file, line, `"${name}" is named in no file of docs/decisions`)
  }
}

function checkPackage(one) {
  const row = rows.get(one.short)
  const manifestFile = join(one.folder, 'package.json')
  if (row?.name !== one.name && row?.name !== `packages/${one.short}`) {
    findings.add(manifestFile, undefined, `${one.name} is not in the table of ${display(tableFile)}`)
  }
  for (const { source } of one.entries) checkEntry(source)
  const files = filesUnder(one.src, /\.ts$/).map((file) => ({ file, imports: importsOf(parseFile(file)) }))
  const graph = new Map()
  for (const { file, imports } of files) {
    graph.set(file, [])
    for (const found of imports.filter(({ specifier }) => specifier.startsWith('.'))) {
      checkRelative(one, file, found, graph.get(file))
    }
  }
  for (const cycle of findCycles(graph)) {
    findings.add(cycle[0], undefined, `import cycle: ${[...cycle, cycle[0]].map(display).join(' → ')}`)
  }
  checkBare(one, row, files, reach(one, graph), manifestFile)
}

function checkBare(one, row, files, reached, manifestFile) {
  const used = new Set()
  for (const { file, imports } of files) {
    for (const found of imports) {
      const { specifier, line } = found
      if (specifier.startsWith('.') || /^[a-z]+:/.test(specifier)) continue
      const name = packageNameOf(specifier)
      used.add(name)
      if (/^(@posthorn\/|posthorn$)/.test(name)) {
        checkInternal(one, row, file, found, reached.get(file) ?? new Set(['.', ...(row?.allowances.keys() ?? [])]))
      } else checkThirdParty(row, file, specifier, line)
      if (name !== one.name && !one.dependencies.includes(name) && !builtinModules.includes(name)) {
        findings.add(file, line, `"${name}" is not declared in the dependencies`)
      }
    }
  }
  for (const name of one.dependencies) {
    if (!used.has(name)) findings.add(manifestFile, undefined, `"${name}" is declared but never imported`)
  }
}

checkTable()
for (const one of all) checkPackage(one)
findings.finish('layers', `${all.length} packages, ${rows.size} rows`)
