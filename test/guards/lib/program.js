/** A typed program over the sources of all packages, as documentation and examples see them. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { packages } from './workspace.js'

/** Lenient settings: what the sources owe is checked by the guard `types`. */
export const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  typeRoots: [fileURLToPath(new URL('../../../node_modules/@types', import.meta.url))],
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
}

/**
 * @param {import('./workspace.js').Package[]} all The packages.
 * @returns {Record<string, string[]>} Where each entry's sources are, for the compiler.
 */
export function sourcePaths(all) {
  return Object.fromEntries(
    all.flatMap(({ name, entries }) => entries.map(({ subpath, source }) => [`${name}${subpath.slice(1)}`, [source]])),
  )
}

/**
 * @param {Map<string, string>} virtual Further files by absolute path, which need not exist.
 * @returns {{ all: import('./workspace.js').Package[], program: ts.Program, checker: ts.TypeChecker }} The program.
 */
export function createProgram(virtual = new Map(), oldProgram = undefined) {
  const all = packages()
  const entries = all.flatMap((one) => one.entries.map(({ source }) => source)).filter((file) => existsSync(file))
  const settings = { ...options, paths: sourcePaths(all) }
  const host = ts.createCompilerHost(settings, true)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (file) => virtual.has(file) || fileExists.call(host, file)
  host.readFile = (file) => virtual.get(file) ?? readFile.call(host, file)
  host.getSourceFile = (file, ...rest) =>
    (virtual.has(file) ? undefined : oldProgram?.getSourceFile(file)) ?? getSourceFile.call(host, file, ...rest)
  const program = ts.createProgram([...entries, ...virtual.keys()], settings, host)
  return { all, program, checker: program.getTypeChecker() }
}

/**
 * @param {ReturnType<typeof createProgram>} typed The program.
 * @param {string} file An entry's source.
 * @returns {{ name: string, symbol: ts.Symbol }[]} What it exports, aliases resolved.
 */
export function exportsOf({ program, checker }, file) {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) return []
  return checker.getExportsOfModule(module).map((symbol) => ({
    name: symbol.name,
    symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  }))
}
