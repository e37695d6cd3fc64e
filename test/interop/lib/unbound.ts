/** An Unbound of the test's own that serves zones, signed or not, and validates what it serves. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Daemon, freePort, run } from './process.ts'

/** A zone that it serves. */
export interface ServedZone {
  /** Its name, as `posthorn.test`. */
  readonly origin: string
  /** Its records, in the form of RFC 1035 section 5, below its `$ORIGIN`. */
  readonly text: string
  /** Whether it is signed, and its key trusted; default `false`. */
  readonly isSigned?: boolean | undefined
  /** What stands in the zone in place of what was signed, so that it does not validate. */
  readonly forged?: readonly [signed: string, served: string] | undefined
}

/** An Unbound at work. */
export interface Unbound {
  /** Where it listens, on loopback, by UDP and TCP. */
  readonly port: number
  stop(): Promise<void>
}

function configuration(folder: string, port: number, zones: readonly ServedZone[]): string {
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
  trust-anchor-file: "${folder}/anchors"
  do-not-query-localhost: no
  local-zone: "test." nodefault
remote-control:
  control-enable: no
${zones.map(({ origin }) => authority(origin, join(folder, origin))).join('')}`
}

const authority = (origin: string, file: string): string => `auth-zone:
  name: "${origin}."
  zonefile: "${file}"
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
`

async function writeZone(folder: string, { origin, text, isSigned, forged }: ServedZone): Promise<void> {
  const file = join(folder, origin)
  writeFileSync(file, `$ORIGIN ${origin}.\n${text}\n`)
  if (isSigned) await sign(folder, origin)
  if (forged) writeFileSync(file, readFileSync(file, 'utf8').replace(...forged))
}

async function sign(folder: string, origin: string): Promise<void> {
  const tools = `set -e
cd "${folder}"
key=$(ldns-keygen -a ECDSAP256SHA256 -k ${origin})
ldns-signzone -f signed ${origin} "$key"
mv signed ${origin}
mv "$key.ds" anchor`
  const { code, stderr } = await run('/bin/sh', ['-c', tools])
  if (code !== 0) throw new Error(`Cannot sign: ${stderr}`)
  appendFileSync(join(folder, 'anchors'), readFileSync(join(folder, 'anchor')))
}

/** Starts one. */
export async function startUnbound(...zones: readonly ServedZone[]): Promise<Unbound> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-unbound-'))
  const port = await freePort()
  writeFileSync(join(folder, 'anchors'), '')
  for (const zone of zones) await writeZone(folder, zone)
  writeFileSync(join(folder, 'unbound.conf'), configuration(folder, port, zones))
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
