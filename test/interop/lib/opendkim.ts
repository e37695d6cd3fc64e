/** Debian's OpenDKIM as verifier: a process for each message, which has the DNS in a file and the time from the system. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DkimVerifier, VerifyJob } from './dkim-peers.ts'

/** OpenDKIM at work; it tells of one signature. */
export class OpenDkim implements DkimVerifier {
  readonly #folder = mkdtempSync(join(tmpdir(), 'posthorn-opendkim-'))

  async verify(message: Uint8Array, { zone }: VerifyJob): Promise<readonly string[]> {
    const [conf, names, eml] = ['opendkim.conf', 'zone', 'message'].map((name) => join(this.#folder, name))
    const lines = Object.entries(zone).flatMap(([name, { records = [] }]) =>
      records.slice(0, 1).map((text) => `${name} ${text}\n`),
    )
    writeFileSync(names!, lines.join(''))
    writeFileSync(conf!, `Mode v\nAuthservID x\nTestDNSData file:${names}\nAlwaysAddARHeader yes\n`)
    writeFileSync(eml!, message)
    const { stdout } = spawnSync('/usr/sbin/opendkim', ['-x', conf!, '-vvv', '-t', eml!], { encoding: 'latin1' })
    return Array.from(stdout.matchAll(/\bdkim=(\w+)/g), ([, result]) => result!)
  }

  stop(): void {
    rmSync(this.#folder, { recursive: true })
  }
}
