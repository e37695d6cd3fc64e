/** Syntax trees of source files, without types. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'

/**
 * @param {string} file A TypeScript file.
 * @returns {ts.SourceFile} Its tree, with parents set.
 */
export function parseFile(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true)
}

/**
 * @param {ts.Node} node Anything.
 * @returns {number} Its line, counted from 1.
 */
export function lineOf(node) {
  const source = node.getSourceFile()
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

/**
 * @param {ts.Node} node Where to start.
 * @param {(node: ts.Node) => void} visit Called with it and with all below.
 */
export function walk(node, visit) {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

function specifierOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0]
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal
  if (ts.isExternalModuleReference(node)) return node.expression
  return undefined
}

/**
 * @param {ts.SourceFile} source A parsed file.
 * @returns {{ specifier: string, literal: ts.StringLiteralLike, line: number }[]} Every import of any form.
 */
export function importsOf(source) {
  const found = []
  walk(source, (node) => {
    const literal = specifierOf(node)
    if (literal && ts.isStringLiteralLike(literal)) {
      found.push({ specifier: literal.text, literal, line: lineOf(literal) })
    }
  })
  return found
}

/** @param {string} specifier A bare specifier, such as `@scope/name/sub`. */
export function packageNameOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
