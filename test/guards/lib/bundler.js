/** Bundles imports of the workspace's packages with esbuild, as an application's build would. */
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from './workspace.js'

function workspacePlugin(all, pick) {
  const targets = new Map(
    all.flatMap((one) => one.entries.map((entry) => [`${one.name}${entry.subpath.slice(1)}`, entry[pick]])),
  )
  return {
    name: 'workspace',
    setup({ onResolve }) {
      onResolve({ filter: /^(@posthorn\/|posthorn$)/ }, ({ path }) => {
        const target = targets.get(path)
        return target ? { path: target, sideEffects: false } : { errors: [{ text: `"${path}" is no entry` }] }
      })
    },
  }
}

/**
 * @param {import('./workspace.js').Package[]} all The packages.
 * @param {string} contents The application: what it imports, exported again so that it is kept.
 * @param {{ from: 'target' | 'source' }} options Built packages, for sizes; or sources, to see which files are in.
 * @returns {Promise<{ min: number, gzip: number, later: number, files: string[], builtins: string[] }>} Octets, and what is inside, of
 * what is loaded at once; `later` are the octets after gzip of what is imported only when it is needed.
 */
export async function bundle(all, contents, { from }) {
  const { outputFiles, metafile, warnings } = await build({
    stdin: { contents, resolveDir: join(root, 'packages') },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    splitting: true,
    outdir: join(root, 'out'),
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    external: ['node:*', 'cloudflare:*', ...builtinModules],
    logLevel: 'silent',
    // Entries of one package share files, and those that share nothing with this one are named all the same.
    logOverride: { 'ignored-bare-import': 'silent' },
    plugins: [workspacePlugin(all, from)],
  })
  // A name that a package does not export is but a warning when its file looks like CommonJS.
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('; '))
  const loaded = loadedAtOnce(metafile.outputs)
  const chunks = loaded.map(([name]) => outputFiles.find(({ path }) => path.endsWith(`/${name}`)).contents)
  const inside = loaded.flatMap(([, { inputs }]) =>
    Object.entries(inputs).filter(([, input]) => input.bytesInOutput > 0),
  )
  return {
    min: sum(chunks.map(({ length }) => length)),
    gzip: sum(chunks.map(gzipped)),
    later: sum(
      outputFiles
        .map(({ contents }) => contents)
        .filter((one) => !chunks.includes(one))
        .map(gzipped),
    ),
    files: inside.map(([file]) => file),
    builtins: loaded.flatMap(([, { imports }]) => imports.filter(({ external }) => external).map(({ path }) => path)),
  }
}

const gzipped = (octets) => gzipSync(octets, { level: 9 }).length

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0)

/** The first output, and those that it imports without waiting for a need of them. */
function loadedAtOnce(outputs) {
  const names = [Object.keys(outputs).find((name) => outputs[name].entryPoint === '<stdin>')]
  for (const name of names) {
    for (const { path, kind, external } of outputs[name].imports) {
      if (kind === 'import-statement' && !external && !names.includes(path)) names.push(path)
    }
  }
  return names.map((name) => [name, outputs[name]])
}
