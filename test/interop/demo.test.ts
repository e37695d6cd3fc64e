import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DkimPeer, startDkimpy } from './lib/dkim-peers.ts'
import { ACCOUNT, HOSTNAME, type Postfix, startPostfix } from './lib/postfix.ts'
import { type Finished, run } from './lib/process.ts'
import { readWithPython } from './lib/python-email.ts'

// The demonstration sends to a real Postfix; Python's dkimpy and email package judge what Postfix stored.
const cli = fileURLToPath(new URL('../../packages/posthorn/dist/cli.js', import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'posthorn-out-'))
let postfix: Postfix
let dkimpy: DkimPeer

beforeAll(async () => {
  dkimpy = startDkimpy()
  postfix = await startPostfix()
})
afterAll(async () => {
  dkimpy.stop()
  await postfix.stop()
  rmSync(out, { recursive: true })
})

function demo(...args: string[]): Promise<Finished> {
  const { username, password } = ACCOUNT
  const url = `smtp://${encodeURIComponent(username)}:${encodeURIComponent(password)}@127.0.0.1:${postfix.port}`
  const people = ['--from', `alice@${HOSTNAME}`, '--rcpt', `bob@${HOSTNAME}`, '--rcpt', `nobody@${HOSTNAME}`]
  const fixed = ['--to', url, '--ca', postfix.caFile, '--server-name', HOSTNAME, '--out', out, ...people]
  return run(process.execPath, [cli, 'demo', ...fixed, ...args], { env: { NO_COLOR: '1' } })
}

/** The text of the record in the zone file line that the demonstration leaves. */
function recordOf(line: string): { owner: string; text: string } {
  const strings = [...line.matchAll(/"([^"]*)"/g)].map((match) => match[1]!)
  return { owner: line.slice(0, line.indexOf(' ')), text: strings.join('') }
}

describe.each(['rsa-sha256', 'ed25519-sha256'])('posthorn demo with %s', (algorithm) => {
  test('Postfix takes its message over TLS with AUTH, and dkimpy verifies what it stored', async () => {
    const attachment = fileURLToPath(new URL('../../README.md', import.meta.url))
    const { code, stdout, stderr } = await demo('--algorithm', algorithm, '--attach', attachment)
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toContain('certificate verified')
    expect(stdout).toContain('AUTH SCRAM-SHA-256 ***')
    expect(stdout).not.toContain(ACCOUNT.password)
    const stored = await postfix.take('bob')
    const text = new TextDecoder().decode(stored)
    expect(text).toMatch(/with ESMTPSA/)

    const record = recordOf(readFileSync(join(out, 'dkim-record.txt'), 'utf8'))
    const wire = new TextEncoder().encode(text.replaceAll('\n', '\r\n'))
    const owner = record.owner.slice(0, -1)
    expect(await dkimpy.takes(wire, owner, record.text)).toBe(true)
    const tampered = new TextEncoder().encode(text.replaceAll('\n', '\r\n').replace('Subject: ', 'Subject: Re: '))
    expect(await dkimpy.takes(tampered, owner, record.text)).toBe(false)

    const [read] = await readWithPython([stored])
    expect(read?.defects).toEqual([])
    expect(read?.from).toEqual([['Zoë Ångström', `alice@${HOSTNAME}`]])
    expect(read?.to.map(([name]) => name)).toEqual(['山田 太郎', 'Αλέξης Ζορμπάς'])
    expect(read?.subject).toContain('χαιρετίσματα, ご挨拶')
    expect(read?.plain).toContain('\n.\nThe line above is a lone dot')
    expect(read?.files).toEqual([{ name: 'README.md', base64: readFileSync(attachment).toString('base64') }])
  })
})
