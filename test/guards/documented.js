/**
 * The reference is made from the comments in the sources, so an export without one is a hole in it. Every export, every
 * public member of an exported class and every property of an exported interface has a summary; every exported function
 * and class has an example, which another guard runs.
 */
import ts from 'typescript'
import { Findings } from './lib/findings.js'
import { createProgram, exportsOf } from './lib/program.js'
import { lineOf } from './lib/syntax.js'

const findings = new Findings()
const typed = createProgram()
const seen = new Set()

const isFunctionValue = (node) =>
  ts.isVariableDeclaration(node) &&
  node.initializer !== undefined &&
  (ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer))

function hasSummary(symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(typed.checker)).trim() !== ''
}

function hasExample(symbol) {
  return symbol.getJsDocTags(typed.checker).some(({ name, text }) => name === 'example' && text?.length)
}

function isPublicMember(member) {
  if (ts.isConstructorDeclaration(member)) return member.parameters.length > 0
  if (!member.name || ts.isPrivateIdentifier(member.name)) return false
  return !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected))
}

/** A constructor says what its parameters are; a summary would only repeat that of the class. */
function constructorIsDocumented(member) {
  const comments = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc)
  return comments.some(({ comment, tags = [] }) =>
    [comment, ...tags.map((tag) => tag.comment)].some((text) => ts.getTextOfJSDocComment(text)?.trim()),
  )
}

function memberIsDocumented(member) {
  return ts.isConstructorDeclaration(member) ? constructorIsDocumented(member) : hasSummary(member.symbol)
}

function checkMembers(name, declaration) {
  for (const member of declaration.members) {
    if (ts.isClassDeclaration(declaration) && !isPublicMember(member)) continue
    if (memberIsDocumented(member)) continue
    const label = ts.isConstructorDeclaration(member) ? 'constructor' : (member.name?.getText() ?? 'signature')
    findings.add(member.getSourceFile().fileName, lineOf(member), `${name}.${label} has no summary`)
  }
}

function checkExport(name, symbol) {
  const declaration = symbol.declarations?.[0]
  if (!declaration || seen.has(symbol) || declaration.getSourceFile().isDeclarationFile) return
  seen.add(symbol)
  const add = (message) => findings.add(declaration.getSourceFile().fileName, lineOf(declaration), message)
  if (!hasSummary(symbol)) add(`${name} has no summary`)
  const runs = ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration)
  if ((runs || isFunctionValue(declaration)) && !hasExample(symbol)) add(`${name} has no @example`)
  for (const one of symbol.declarations) {
    if (ts.isClassDeclaration(one) || ts.isInterfaceDeclaration(one)) checkMembers(name, one)
  }
}

for (const { entries } of typed.all) {
  for (const { source } of entries) {
    for (const { name, symbol } of exportsOf(typed, source)) checkExport(name, symbol)
  }
}
findings.finish('documented', `${seen.size} exports`)
