/** Finds the code that documentation shows: examples in comments of the sources, and fences in Markdown. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { parseFile, walk } from './syntax.js'
import { filesUnder, root } from './workspace.js'

/**
 * @typedef {{
 *   file: string, line: number, code: string, run: boolean, owner: import('./workspace.js').Package | undefined,
 * }} Snippet `line` is that of the first line of code, counted from 1.
 */

/** Cuts the TypeScript fences out of lines; `run` is false for those marked `no-run`. */
function fencesIn(lines, firstLine) {
  const found = []
  let open
  lines.forEach((text, index) => {
    const fence = /^\s*(`{3,})(.*)$/.exec(text)
    if (open && fence?.[1].length >= open.ticks && fence[2].trim() === '') {
      if (open.wanted) found.push({ line: open.line, code: open.code.join('\n'), run: open.run })
      open = undefined
    } else if (open) open.code.push(text)
    else if (fence) {
      const [language, ...flags] = fence[2].trim().split(/\s+/)
      const wanted = language === 'ts' || language === 'typescript'
      open = { ticks: fence[1].length, wanted, run: !flags.includes('no-run'), line: firstLine + index + 1, code: [] }
    }
  })
  return found
}

function examplesIn(comment, firstLine) {
  const lines = comment
    .replace(/\s*\*\/$/, '')
    .split('\n')
    .map((text) => text.replace(/^\s*(\/\*\*|\*) ?/, ''))
  const found = []
  for (let index = 0; index < lines.length; index++) {
    if (!/^@example\b/.test(lines[index])) continue
    const start = index + 1
    let fenced = false
    for (index = start; index < lines.length; index++) {
      if (/^\s*```/.test(lines[index])) fenced = !fenced
      else if (!fenced && /^@[a-z]/i.test(lines[index])) break
    }
    const body = lines.slice(start, index--)
    const fences = fencesIn(body, firstLine + start)
    if (fences.length > 0) found.push(...fences)
    else if (body.some((text) => text.trim())) found.push({ line: firstLine + start, code: body.join('\n'), run: true })
  }
  return found
}

function commentsOf(source) {
  const comments = new Map()
  walk(source, (node) => {
    for (const comment of ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)) comments.set(comment.pos, comment)
  })
  return [...comments.values()]
}

/**
 * @param {import('./workspace.js').Package[]} all The packages.
 * @returns {Snippet[]} Every example of every source file.
 */
export function sourceSnippets(all) {
  return all.flatMap((owner) =>
    filesUnder(owner.src, /\.ts$/).flatMap((file) => {
      const source = parseFile(file)
      return commentsOf(source).flatMap(({ pos, end }) =>
        examplesIn(source.text.slice(pos, end), source.getLineAndCharacterOfPosition(pos).line + 1).map((snippet) => ({
          ...snippet,
          file,
          owner,
        })),
      )
    }),
  )
}

/**
 * @param {import('./workspace.js').Package[]} all The packages.
 * @returns {Snippet[]} Every TypeScript fence of the guides and the READMEs.
 */
export function markdownSnippets(all) {
  const files = [join(root, 'README.md'), ...all.map(({ folder }) => join(folder, 'README.md'))]
  const api = join(root, 'docs/api')
  files.push(...filesUnder(join(root, 'docs'), /\.md$/).filter((file) => !file.startsWith(api)))
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) =>
      fencesIn(readFileSync(file, 'utf8').split('\n'), 1).map((fence) => ({ ...fence, file, owner: undefined })),
    )
}
