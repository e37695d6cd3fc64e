/**
 * Layers 0 to 3 run in every runtime and under a virtual clock only while they touch no platform. The compiler keeps
 * most of it out by its settings; this guard keeps out what those settings allow, and keeps the settings as they are.
 */
import { basename, join } from 'node:path'
import ts from 'typescript'
import { Findings } from './lib/findings.js'
import { readLayers, tableFile } from './lib/layers.js'
import { importsOf, lineOf, parseFile, walk } from './lib/syntax.js'
import { filesUnder, packages } from './lib/workspace.js'

const PORTABLE = 3
const HOST = new Set(['Buffer', 'process', 'require', 'document', 'window', '__dirname', '__filename'])
const CLOCK = new Set(['performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'])
const RANDOM = new Set(['getRandomValues', 'randomUUID'])
const findings = new Findings()

function isMemberName(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === node
  if (ts.isQualifiedName(parent)) return parent.right === node
  if (ts.isBindingElement(parent)) return parent.propertyName === node
  return (ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isEnumMember(parent)) && parent.name === node
}

function nameAfter(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return parent.name.text
  if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    return ts.isStringLiteralLike(parent.argumentExpression) ? parent.argumentExpression.text : '?'
  }
  return undefined
}

function readsClock(node) {
  const { parent } = node
  if (ts.isTypeReferenceNode(parent) || ts.isTypeQueryNode(parent)) return false
  if (ts.isNewExpression(parent) && parent.expression === node) return !parent.arguments?.length
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return false
  return !['UTC', 'parse', 'prototype'].includes(nameAfter(node))
}

/** `globalThis.process?.getBuiltinModule`: asks whether a runtime has something, and imports nothing where it has not. */
function isBuiltinTest({ parent: access }) {
  const { parent } = access
  return ts.isPropertyAccessExpression(parent) && parent.questionDotToken && parent.name.text === 'getBuiltinModule'
}

/** What an identifier reaches: `host` is never allowed, `clock` only in platform.ts. */
function reachOf(node) {
  const name = node.text
  if (RANDOM.has(name)) return 'clock'
  if (isMemberName(node)) return undefined
  if (HOST.has(name)) return 'host'
  if (CLOCK.has(name) || (name === 'Date' && readsClock(node))) return 'clock'
  const member = nameAfter(node)
  if (name === 'Math' && (member === undefined || member === 'random' || member === '?')) return 'clock'
  if (name === 'AbortSignal' && member === 'timeout') return 'clock'
  if (name !== 'globalThis') return undefined
  if (member === 'process' && isBuiltinTest(node)) return 'clock'
  if (member === undefined || member === '?' || HOST.has(member)) return 'host'
  return CLOCK.has(member) || member === 'Date' || member === 'Math' ? 'clock' : undefined
}

function checkFile(file) {
  const source = parseFile(file)
  const isPlatform = basename(file) === 'platform.ts'
  for (const { specifier, line } of importsOf(source)) {
    if (/^[a-z]+:/.test(specifier)) findings.add(file, line, `"${specifier}" is not in every runtime`)
  }
  for (const reference of [...source.libReferenceDirectives, ...source.typeReferenceDirectives]) {
    findings.add(file, undefined, `<reference "${reference.fileName}"> brings in a platform`)
  }
  walk(source, (node) => {
    if (!ts.isIdentifier(node)) return
    const reach = reachOf(node)
    const text = node.parent.getText(source).split('\n', 1)[0].slice(0, 60)
    if (reach === 'host') findings.add(file, lineOf(node), `"${text}" is not in every runtime`)
    if (reach === 'clock' && !isPlatform) {
      findings.add(file, lineOf(node), `"${text}": time and randomness come in as arguments`)
    }
  })
}

function checkSettings(one) {
  const file = join(one.folder, 'tsconfig.json')
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile)
  if (error) findings.add(file, undefined, ts.flattenDiagnosticMessageText(error.messageText, ' '))
  if (config?.extends !== '../../tsconfig.base.json') findings.add(file, undefined, 'must extend tsconfig.base.json')
  for (const option of ['lib', 'types', 'typeRoots', 'paths']) {
    if (config?.compilerOptions?.[option]) findings.add(file, undefined, `must not set "${option}"`)
  }
}

const rows = readLayers()
if (rows.size === 0) findings.add(tableFile, undefined, 'has no table of layers')
const portable = packages().filter((one) => (rows.get(one.short)?.layer ?? 0) <= PORTABLE)
let files = 0
for (const one of portable) {
  checkSettings(one)
  for (const file of filesUnder(one.src, /\.ts$/)) {
    files++
    checkFile(file)
  }
}
findings.finish('platform', `${portable.length} packages, ${files} files`)
