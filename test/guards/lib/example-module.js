/**
 * Turns a documentation example into a module that checks itself. The convention: a comment at the end of an
 * expression's line, or on the line below, states its value, or `throws CODE`; one that is no expression is prose.
 */
import ts from 'typescript'
import { importsOf, walk } from './syntax.js'

const parse = (code) => ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true)

function declaredNames(source) {
  const names = new Set()
  const addName = (name) => {
    if (ts.isIdentifier(name)) names.add(name.text)
    else for (const element of name.elements) if (ts.isBindingElement(element)) addName(element.name)
  }
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) addName(name)
    else if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {}
      if (name) addName(name)
      if (namedBindings && ts.isNamespaceImport(namedBindings)) addName(namedBindings.name)
      else for (const element of namedBindings?.elements ?? []) addName(element.name)
    } else if (statement.name) addName(statement.name)
  }
  return names
}

/**
 * @param {string} code The example.
 * @param {Map<string, string>} exported What its package exports: each name with the module to import it from.
 * @returns {string} One line of imports for the exported names that it uses and does not declare; may be empty.
 */
export function importsFor(code, exported) {
  const source = parse(code)
  const declared = declaredNames(source)
  const used = new Map()
  walk(source, (node) => {
    if (!ts.isIdentifier(node) || declared.has(node.text) || !exported.has(node.text)) return
    const names = used.get(exported.get(node.text)) ?? new Set()
    used.set(exported.get(node.text), names.add(node.text))
  })
  return [...used].map(([from, names]) => `import { ${[...names].join(', ')} } from '${from}';`).join(' ')
}

function isExpression(text) {
  const source = parse(`(${text}\n)`)
  const [statement, ...rest] = source.statements
  return source.parseDiagnostics.length === 0 && rest.length === 0 && statement && ts.isExpressionStatement(statement)
}

const THROWS = /^throws ([A-Z][A-Z0-9_]+)$/
const isStatement = (text) => THROWS.test(text) || isExpression(text)

/**
 * What stands after an expression: the comment that ends its line, or else the comment lines right below. A value that
 * opens a bracket may go on over the lines that follow.
 */
function statedAfter(text, end) {
  const lines = text.slice(end).split('\n')
  const trailing = /^[ \t]*;?[ \t]*(?:\/\/(.*))?$/.exec(lines[0])
  if (!trailing) return undefined
  const comments = trailing[1] === undefined ? [] : [trailing[1]]
  for (const line of lines.slice(1)) {
    const comment = /^\s*\/\/(.*)$/.exec(line)
    if (!comment) break
    comments.push(comment[1])
  }
  const stated = comments.map((comment, index) => (index === 0 ? comment.trim().replace(/^(=>|→)\s*/, '') : comment))
  const most = /^[[{(`]/.test(stated[0] ?? '') ? stated.length : Math.min(1, stated.length)
  for (let count = 1; count <= most; count++) {
    const candidate = stated.slice(0, count).join('\n')
    if (isStatement(candidate)) return candidate
  }
  return undefined
}

function hasAwait(node) {
  if (ts.isFunctionLike(node)) return false
  return ts.isAwaitExpression(node) || Boolean(ts.forEachChild(node, (child) => hasAwait(child) || undefined))
}

/** `console.log(x) // value` states what x is. */
function subjectOf({ expression }) {
  const isLog = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log'
  return isLog && expression.arguments.length === 1 ? expression.arguments[0] : expression
}

function assertionFor(statement, line) {
  const source = statement.getSourceFile()
  const stated = statedAfter(source.text, statement.expression.end)
  if (!stated) return undefined
  const subject = subjectOf(statement)
  const thunk = `${hasAwait(subject) ? 'async ' : ''}() => (${subject.getText()})`
  const code = THROWS.exec(stated)?.[1]
  return code
    ? `await $example.throws(${line}, ${thunk}, '${code}');`
    : `await $example.equal(${line}, ${thunk}, () => (${stated}\n));`
}

function isTraced(statement) {
  return !(ts.isDeclarationStatement(statement) || ts.isImportDeclaration(statement) || ts.isBlock(statement))
}

/**
 * @param {string} code The example, with its imports.
 * @param {number} firstLine The line in its file of the first line of code.
 * @param {(specifier: string) => string} resolve Gives the module to load for what is imported.
 * @returns {{ module: string, assertions: number }} JavaScript.
 */
export function toModule(code, firstLine, resolve) {
  const source = parse(code)
  const edits = importsOf(source).map(({ specifier, literal }) => ({
    start: literal.getStart(),
    end: literal.end,
    text: `'${resolve(specifier)}'`,
  }))
  let assertions = 0
  const visit = (node) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return
    if (ts.isStatement(node) && isTraced(node) && (node.parent === source || ts.isBlock(node.parent))) {
      const line = firstLine + source.getLineAndCharacterOfPosition(node.getStart()).line
      const assertion = ts.isExpressionStatement(node) ? assertionFor(node, line) : undefined
      if (assertion) assertions++
      edits.push({
        start: node.getStart(),
        end: assertion ? node.end : node.getStart(),
        text: `;$example.at(${line});${assertion ?? ''}`,
      })
      if (assertion) return
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  let text = code
  for (const edit of edits.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end)
  }
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  })
  return { module: outputText, assertions }
}
