import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

// The built tool, as it is installed.
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'posthorn-test-'))
afterAll(() => rmSync(out, { recursive: true }))

function posthorn(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' }
    execFile(process.execPath, [cli, ...args], { env, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr })
    })
  })
}

test.each([
  ['--version', /^\d+\.\d+\.\d+\n$/],
  ['--help', /^Usage: posthorn <command>/],
  ['demo --help', /^Usage: posthorn demo/],
])('posthorn %s: prints and exits 0', async (args, expected) => {
  const { code, stdout, stderr } = await posthorn(...args.split(' '))
  expect(stdout).toMatch(expected)
  expect(stderr).toBe('')
  expect(code).toBe(0)
})

test.each([
  ['', /^Usage: posthorn/],
  ['bogus', /^Usage: posthorn/],
  ['demo --bogus', /^posthorn: Cannot run the demonstration: --bogus .*\[POSTHORN_BAD_USAGE\]\n$/],
  [
    'demo --to ftp://x --from a@b.example --rcpt c@d.example',
    /^posthorn: Cannot use server URL.*\[MAILER_BAD_URL\]\n$/,
  ],
])('posthorn %s: says why on stderr and exits 2', async (args, expected) => {
  const { code, stdout, stderr } = await posthorn(...args.split(' ').filter(Boolean))
  expect(stdout).toBe('')
  expect(stderr).toMatch(expected)
  expect(code).toBe(2)
})

test('posthorn demo: runs to its end by itself and exits 0', async () => {
  const { code, stdout, stderr } = await posthorn('demo', '--out', out)
  expect(stderr).toBe('')
  expect(stdout).toContain(join(out, 'message.eml'))
  expect(code).toBe(0)
})

test('posthorn demo: a server that is not there is one line on stderr and exit code 1', async () => {
  const args = ['--to', 'smtp://127.0.0.1:1', '--from', 'a@b.example', '--rcpt', 'c@d.example', '--out', out]
  const { code, stderr } = await posthorn('demo', ...args)
  expect(stderr).toMatch(/^posthorn: Cannot connect: .*\[NODE_CONNECT_FAILED\]\n$/)
  expect(code).toBe(1)
})
