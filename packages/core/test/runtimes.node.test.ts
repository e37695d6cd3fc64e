import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { digest } from './digest.ts'

const installed = fileURLToPath(new URL('../../../test/runtimes/node_modules/', import.meta.url))
const source = new URL('./digest.ts', import.meta.url).href
const script = `import(${JSON.stringify(source)}).then(({ digest }) => console.log(digest()))`

function programOf(name: string, path: string): string {
  return existsSync(`${installed}${name}`) ? `${realpathSync(`${installed}${name}`)}/${path}` : ''
}

const RUNTIMES = [
  { name: 'Node.js 24', program: programOf('node24', 'bin/node'), args: ['-e'] },
  { name: 'Bun', program: programOf('bun', `../@oven/bun-linux-${process.arch}/bin/bun`), args: ['-e'] },
  {
    name: 'Deno',
    program: programOf('deno', `../@deno/linux-${process.arch}-glibc/deno`),
    args: ['eval', '--no-lock'],
  },
]

for (const { name, program, args } of RUNTIMES) {
  const absent = !existsSync(program) || spawnSync(program, ['--version']).status !== 0
  if (absent) console.warn(`${name} is absent: its codecs are not compared; "node test/setup.js runtimes" installs it`)

  test.skipIf(absent)(`codecs: give the same in ${name}`, { timeout: 60_000 }, () => {
    const { stdout, stderr } = spawnSync(program, [...args, script], { encoding: 'utf8' })
    expect(stdout.trim(), stderr).toBe(digest())
  })
}
