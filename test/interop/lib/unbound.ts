/** An unbound of the test's own that validates: one zone signed, of which it knows the key, and one that is not. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Daemon, freePort } from './process.ts'

/** It at work. */
export interface Unbound {
  /** Where it listens, on loopback, by UDP and TCP. */
  readonly port: number
  stop(): Promise<void>
}

/** Its zones, as text below their `$ORIGIN`. */
export interface UnboundZones {
  readonly signed: { readonly origin: string; readonly text: string }
  readonly plain: { readonly origin: string; readonly text: string }
}

const zoneText = ({ origin, text }: UnboundZones['plain']): string => `$ORIGIN ${origin}.\n${text}`

const authority = (origin: string, file: string): string => `auth-zone:
  name: "${origin}."
  zonefile: "${file}"
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
`

/** Starts one. */
export async function startUnbound({ signed, plain }: UnboundZones): Promise<Unbound> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-unbound-'))
  const port = await freePort()
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: folder, encoding: 'utf8' })
  writeFileSync(join(folder, 'plain.zone'), zoneText(plain))
  writeFileSync(join(folder, 'signed.zone'), zoneText(signed))
  const key = run('ldns-keygen', '-a', 'ECDSAP256SHA256', '-k', signed.origin).trim()
  run('ldns-signzone', '-f', 'signed.zone.signed', 'signed.zone', key)
  copyFileSync(join(folder, `${key}.ds`), join(folder, 'anchor.ds'))
  writeFileSync(
    join(folder, 'unbound.conf'),
    `server:
  interface: 127.0.0.1@${port}
  do-ip6: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "validator iterator"
  trust-anchor-file: "${folder}/anchor.ds"
remote-control:
  control-enable: no
${authority(signed.origin, `${folder}/signed.zone.signed`)}${authority(plain.origin, `${folder}/plain.zone`)}`,
  )
  const daemon = new Daemon('/usr/sbin/unbound', ['-d', '-c', join(folder, 'unbound.conf')])
  await daemon.ready(port)
  return {
    port,
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
