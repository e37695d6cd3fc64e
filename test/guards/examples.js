/**
 * An example that does not run is worse than none. Every `@example` in the sources and every TypeScript fence in the
 * guides compiles against the sources and runs against the built packages, and states true values.
 */
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import { importsFor, toModule } from './lib/example-module.js'
import { Findings } from './lib/findings.js'
import { createProgram, exportsOf } from './lib/program.js'
import { markdownSnippets, sourceSnippets } from './lib/snippets.js'
import { root } from './lib/workspace.js'

const PROCESSES = 2
const LIMIT_MS = 120_000
const findings = new Findings()

function exportedNames(typed, owner) {
  const names = new Map()
  for (const { subpath, source } of owner?.entries ?? []) {
    for (const { name } of exportsOf(typed, source)) {
      if (!names.has(name)) names.set(name, `${owner.name}${subpath.slice(1)}`)
    }
  }
  return names
}

function prepare(typed) {
  const names = new Map(typed.all.map((owner) => [owner, exportedNames(typed, owner)]))
  return [...sourceSnippets(typed.all), ...markdownSnippets(typed.all)].map((snippet, index) => {
    const header = importsFor(snippet.code, names.get(snippet.owner) ?? new Map())
    const path = join(root, 'test', '.examples', `${index}.ts`)
    return { ...snippet, path, text: `${header}\n${snippet.code}` }
  })
}

function typeCheck(examples, oldProgram) {
  const { program } = createProgram(new Map(examples.map(({ path, text }) => [path, text])), oldProgram)
  return examples.filter(({ path, file, line }) => {
    const source = program.getSourceFile(path)
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    for (const { start = 0, messageText } of diagnostics) {
      const offset = source.getLineAndCharacterOfPosition(start).line
      findings.add(file, line + Math.max(0, offset - 1), ts.flattenDiagnosticMessageText(messageText, ' '))
    }
    return diagnostics.length === 0
  })
}

function generate(examples, all, folder) {
  const targets = new Map(
    all.flatMap(({ name, entries }) =>
      entries.map(({ subpath, target }) => [`${name}${subpath.slice(1)}`, pathToFileURL(target).href]),
    ),
  )
  let assertions = 0
  const modules = examples.map(({ text, line, file }, index) => {
    const made = toModule(text, line - 1, (specifier) => targets.get(specifier) ?? specifier)
    assertions += made.assertions
    const path = join(folder, `${index}.mjs`)
    writeFileSync(path, made.module)
    return { url: pathToFileURL(path).href, line, file }
  })
  return { modules, assertions }
}

function runBatch(modules) {
  const byUrl = new Map(modules.map((one) => [one.url, one]))
  const runner = fileURLToPath(new URL('lib/example-runner.js', import.meta.url))
  const child = fork(runner, { cwd: root, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  const left = new Map(byUrl)
  let current
  return new Promise((resolve) => {
    child.on('message', ({ started, done, failures = [] }) => {
      if (started) current = byUrl.get(started)
      if (!done) return
      left.delete(done)
      for (const { line, message } of failures) findings.add(byUrl.get(done).file, line, message)
    })
    child.on('close', () => {
      clearTimeout(timer)
      if (left.size > 0) findings.add(current.file, current.line, `ended the process; ${left.size - 1} did not run`)
      resolve()
    })
    child.send(modules.map(({ url, line }) => ({ url, line })))
  })
}

async function run(examples, all) {
  const cache = join(root, 'test/node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'examples-'))
  try {
    const { modules, assertions } = generate(examples, all, folder)
    const batches = Array.from({ length: PROCESSES }, (_, batch) => modules.filter((_, at) => at % PROCESSES === batch))
    await Promise.all(batches.filter((batch) => batch.length > 0).map(runBatch))
    return assertions
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const typed = createProgram()
const examples = prepare(typed)
const compiled = typeCheck(examples, typed.program)
const assertions = await run(
  compiled.filter((example) => example.run),
  typed.all,
)
findings.finish('examples', `${examples.length} examples, ${assertions} stated values`)
