/** An Unbound of the test's own that serves one zone, signed or not, and validates what it serves. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Resolver } from '@posthorn/dns'
import { serverResolver } from '@posthorn/node'
import { Daemon, freePort, run } from './process.ts'

/** What it serves. */
export interface ServedZone {
  /** The zone, as `posthorn.test`. */
  readonly origin: string
  /** Its records but for SOA and NS, in the form of RFC 1035 section 5. */
  readonly records: string
  /** Whether it is signed, and its key trusted. */
  readonly isSigned: boolean
  /** What stands in the signed zone in place of what was signed, so that it does not validate. */
  readonly forged?: readonly [signed: string, served: string]
}

/** An Unbound at work. */
export interface Unbound {
  /** Asks it, and believes what it says to have validated. */
  readonly resolver: Resolver
  stop(): Promise<void>
}

function configuration(folder: string, port: number, origin: string): string {
  return `server:
  interface: 127.0.0.1@${port}
  do-ip6: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "validator iterator"
  trust-anchor-file: "${folder}/anchor"
  do-not-query-localhost: no
  local-zone: "test." nodefault
remote-control:
  control-enable: no
auth-zone:
  name: "${origin}."
  zonefile: "${folder}/zone"
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
`
}

async function sign(folder: string, origin: string): Promise<void> {
  const tools = `set -e
cd ${folder}
key=$(ldns-keygen -a ECDSAP256SHA256 -k ${origin})
ldns-signzone -f zone.signed zone "$key"
mv zone.signed zone`
  const { code, stderr } = await run('/bin/sh', ['-c', tools])
  if (code !== 0) throw new Error(`Cannot sign: ${stderr}`)
  const key = readdirSync(folder).find((name) => name.endsWith('.ds'))!
  writeFileSync(join(folder, 'anchor'), readFileSync(join(folder, key)))
}

/** Starts one. */
export async function startUnbound({ origin, records, isSigned, forged }: ServedZone): Promise<Unbound> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-unbound-'))
  const port = await freePort()
  const head = `$ORIGIN ${origin}.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n`
  writeFileSync(join(folder, 'zone'), `${head}${records}\n`)
  writeFileSync(join(folder, 'anchor'), '')
  if (isSigned) await sign(folder, origin)
  if (forged) {
    const zone = readFileSync(join(folder, 'zone'), 'utf8')
    writeFileSync(join(folder, 'zone'), zone.replace(...forged))
  }
  writeFileSync(join(folder, 'unbound.conf'), configuration(folder, port, origin))
  const daemon = new Daemon('/usr/sbin/unbound', ['-d', '-c', join(folder, 'unbound.conf')])
  await daemon.ready(port)
  return {
    resolver: serverResolver(`127.0.0.1:${port}`),
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
