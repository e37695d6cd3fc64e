/**
 * Each package compiles under its own settings, because what it may use (the clock, Node, the DOM) stands in them, and
 * the tests compile under theirs. One process checks all, so that the standard library is read once.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { Findings } from './lib/findings.js'
import { packages, root } from './lib/workspace.js'

const findings = new Findings()
const sources = new Map()

function hostFor(options) {
  const host = ts.createCompilerHost(options, true)
  const { getSourceFile } = host
  host.getSourceFile = (file, languageOptions, ...rest) => {
    const settings = typeof languageOptions === 'object' ? languageOptions : { languageVersion: languageOptions }
    const key = `${file}\0${settings.languageVersion}\0${settings.impliedNodeFormat}\0${options.isolatedDeclarations}`
    if (!sources.has(key)) sources.set(key, getSourceFile.call(host, file, languageOptions, ...rest))
    return sources.get(key)
  }
  return host
}

function report(diagnostic) {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
  const { file, start = 0 } = diagnostic
  const line = file && file.getLineAndCharacterOfPosition(start).line + 1
  findings.add(file?.fileName ?? root, line, `TS${diagnostic.code} ${message}`)
}

function check(config) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: report }
  const parsed = ts.getParsedCommandLineOfConfigFile(config, {}, host)
  if (!parsed) return
  parsed.errors.forEach(report)
  const program = ts.createProgram(parsed.fileNames, parsed.options, hostFor(parsed.options))
  program.getGlobalDiagnostics().forEach(report)
  // What a project imports from another is checked there, under the settings it was written for.
  for (const file of parsed.fileNames.map((name) => program.getSourceFile(name))) {
    program.getSyntacticDiagnostics(file).forEach(report)
    program.getSemanticDiagnostics(file).forEach(report)
    if (parsed.options.declaration) program.getDeclarationDiagnostics(file).forEach(report)
  }
}

// The page of an example has the DOM, which neither its package nor the tests have.
const pages = packages().map(({ folder }) => join(folder, 'examples/page'))
const projects = [...packages().map(({ folder }) => folder), ...pages.filter(existsSync), join(root, 'test')]
const configs = projects.map((one) => join(one, 'tsconfig.json'))
for (const config of configs) {
  if (existsSync(config)) check(config)
  else findings.add(config, undefined, 'is missing')
}
findings.finish('types', `${configs.length} projects`)
