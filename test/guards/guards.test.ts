import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, test } from 'vitest'
import { PLANTED, plant, SOUND } from './fixture.ts'

const LIMIT_MS = 300_000
const GUARDS = [
  'layers',
  'platform',
  'types',
  'lint',
  'documented',
  'examples',
  'packaging',
  'bundle',
  'speech',
  'docs',
  'states',
  'extensions',
  'rules',
]

function runGuard(name: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const script = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  return new Promise((resolve) => {
    const options = { timeout: LIMIT_MS, maxBuffer: 64e6 }
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) || 1 : 0, output: `${stdout}${stderr}` })
    })
  })
}

async function runOn(files: Readonly<Record<string, string>>, guard: string): ReturnType<typeof runGuard> {
  const root = plant(files)
  try {
    return await runGuard(guard, root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

describe.concurrent('guards', { timeout: LIMIT_MS }, () => {
  test.for(GUARDS)('%s: finds nothing in the repository', async (guard, { expect }) => {
    const { code, output } = await runGuard(guard)
    expect(code, `\n${output}`).toBe(0)
  })

  test.for(Object.keys(PLANTED))('%s: finds nothing where all is well', async (guard, { expect }) => {
    const { code, output } = await runOn(SOUND, guard)
    expect(code, `\n${output}`).toBe(0)
  })

  test.for(Object.entries(PLANTED))('%s: finds each planted violation', async ([guard, planted], { expect }) => {
    const { code, output } = await runOn({ ...SOUND, ...planted.files }, guard)
    expect(code).toBe(1)
    for (const finding of planted.findings) expect(output).toContain(finding)
  })
})
