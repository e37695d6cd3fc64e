/** Makes one file of an entry and the built packages that it imports, for runtimes that load no packages. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * @param {string} entry A file of this folder.
 * @returns {Promise<string>} The module. An import of anything of Node's is an error.
 */
export async function bundleEntry(entry) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['cloudflare:*'],
    // That of the workspace leads to the sources.
    tsconfigRaw: '{}',
    logLevel: 'silent',
  })
  return outputFiles[0].text
}
