import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsup'

// Every package is built alike: one ES module and one declaration file for each entry of its "exports".
const here = fileURLToPath(new URL('.', import.meta.url))

function entriesOf(name: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(`${here}${name}/package.json`, 'utf8'))
  const targets = Object.values(manifest.exports as Record<string, string | { default: string }>)
    .map((target) => (typeof target === 'string' ? target : target.default))
    .concat(Object.values((manifest.bin ?? {}) as Record<string, string>))
    .filter((target) => target.startsWith('./dist/'))
  return Object.fromEntries(
    targets.map((target) => {
      const entry = target.slice('./dist/'.length, -'.js'.length)
      return [entry, `${here}${name}/src/${entry}.ts`]
    }),
  )
}

export default defineConfig(
  readdirSync(here)
    .filter((name) => existsSync(`${here}${name}/package.json`))
    .map((name) => ({
      name,
      entry: entriesOf(name),
      outDir: `${here}${name}/dist`,
      tsconfig: `${here}${name}/tsconfig.json`,
      format: 'esm' as const,
      target: 'es2022',
      platform: 'neutral' as const,
      // Whatever is not a file of the package stays an import.
      external: [/^[@a-z]/],
      clean: true,
      // Deno and edge runtimes know Node's modules by this prefix alone.
      removeNodeProtocol: false,
      silent: true,
      sourcemap: true,
      treeshake: true,
      dts: { compilerOptions: { ignoreDeprecations: '6.0', noEmit: false } },
    })),
)
