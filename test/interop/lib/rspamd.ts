/**
 * Debian's rspamd, with no more of it at work than what authenticates and signs: asked by HTTP, with a server of the DNS
 * that answers from what each question comes with.
 */
import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concatBytes, encodeLatin1 } from '@posthorn/core'
import type { Resolver } from '@posthorn/dns'
import type { PeerChain } from './arc-peers.ts'
import type { DkimSigner, DkimVerifier, SignJob, VerifyJob, Zone } from './dkim-peers.ts'
import { type DnsServer, startDnsServer } from './dns-server.ts'
import { userId } from './maildir.ts'
import { Daemon, freePort } from './process.ts'

const PLUGINS = '/usr/share/rspamd/plugins'
const MODULES = ['spf', 'dmarc', 'arc', 'dkim_signing']
const USER = '_rspamd'

/** Who hands in a message. */
export interface Envelope {
  readonly clientAddress: string
  readonly helo: string
  readonly reversePath: string
}

const STRANGER: Envelope = { clientAddress: '192.0.2.1', helo: 'h.example', reversePath: 'x@h.example' }

/** What it says of a message. */
export interface RspamdVerdict {
  /** The names of its findings, with what is said beside each. */
  readonly symbols: ReadonlyMap<string, readonly string[]>
  /** The bodies of the fields that it wants to be added, by name. */
  readonly added: ReadonlyMap<string, string>
  /** The body of the DKIM-Signature field that it made. */
  readonly signature?: string
}

/** What comes of a whole message. */
export interface RspamdAuthentication {
  readonly spf: string
  readonly dkim: readonly string[]
  readonly dmarc: string
  /** The domain that DMARC passed for. */
  readonly author?: string
  readonly arc: string
}

interface Reply {
  readonly symbols: Readonly<Record<string, { readonly options?: readonly string[] }>>
  readonly milter?: { readonly add_headers: Readonly<Record<string, { readonly value: string }>> }
  readonly 'dkim-signature'?: string
}

// It keeps no keys and no records, so that a name may have others in the next question.
function configuration(folder: string, port: number, dns: DnsServer): string {
  return `options {
  filters = "dkim";
  tempdir = "${folder}";
  control_socket = "${folder}/control.sock mode=0600";
  cache_file = "${folder}/symbols.cache";
  url_tld = "${folder}/suffixes";
  disable_hyperscan = true;
  local_addrs = [];
  dns { nameserver = ["127.0.0.1:${dns.port}"]; timeout = 1s; retransmits = 2; }
}
logging { type = "console"; level = "error"; }
lang_detection { languages = "${folder}/no-languages"; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; }
dkim { dkim_cache_size = 0; time_jitter = 0; }
spf { spf_cache_size = 0; }
dmarc { }
arc { use_http_headers = true; }
dkim_signing { use_http_headers = true; }
modules { path = "${folder}/plugins"; }
`
}

function writeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-rspamd-'))
  mkdirSync(join(folder, 'plugins'))
  for (const name of MODULES) symlinkSync(join(PLUGINS, `${name}.lua`), join(folder, 'plugins', `${name}.lua`))
  // Of public suffixes; the whole list takes long to compile.
  writeFileSync(join(folder, 'suffixes'), 'example\ncom\nnet\norg\n')
  chownSync(folder, userId(USER), 0)
  return folder
}

function post(port: number, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method: 'POST', path: '/checkv2', headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve(JSON.parse(Buffer.concat(chunks).toString('latin1')))
    })
    asked.on('error', reject).end(body)
  })
}

/** What goes with a message. */
interface Question {
  readonly envelope?: Envelope
  readonly headers?: Readonly<Record<string, string>>
}

/** rspamd at work. */
export class Rspamd implements DkimSigner, DkimVerifier {
  readonly #folder: string
  readonly #port: number
  readonly #daemon: Daemon
  readonly #dns: DnsServer

  /** It is made by {@link startRspamd}. */
  constructor(folder: string, port: number, daemon: Daemon, dns: DnsServer) {
    this.#folder = folder
    this.#port = port
    this.#daemon = daemon
    this.#dns = dns
  }

  /** Has a message looked at. */
  async check(message: Uint8Array, resolver: Resolver, question: Question = {}): Promise<RspamdVerdict> {
    const { envelope = STRANGER, headers } = question
    const { clientAddress, helo, reversePath } = envelope
    this.#dns.resolver = resolver
    const reply = await post(this.#port, message, {
      IP: clientAddress,
      Helo: helo,
      From: reversePath || '<>',
      ...headers,
    })
    const { symbols, milter = { add_headers: {} }, 'dkim-signature': signature } = reply
    return {
      symbols: new Map(Object.entries(symbols).map(([name, { options = [] }]) => [name, options])),
      added: new Map(Object.entries(milter.add_headers).map(([name, { value }]) => [name, value])),
      ...(signature && { signature }),
    }
  }

  /** Authenticates a message: SPF, the signatures that it can read, DMARC and ARC. */
  async authenticate(message: Uint8Array, resolver: Resolver, envelope: Envelope): Promise<RspamdAuthentication> {
    const { symbols } = await this.check(message, resolver, { envelope })
    const signatures = signaturesOf(symbols)
    return {
      spf: resultOf(symbols, SPF_RESULTS),
      dkim: signatures.length > 0 ? signatures : ['none'],
      dmarc: resultOf(symbols, DMARC_RESULTS),
      author: symbols.get('DMARC_POLICY_ALLOW')?.[0],
      arc: resultOf(symbols, ARC_RESULTS),
    }
  }

  /** Verifies all signatures. It says nothing of those that it cannot read; where there are such, they come first. */
  async verify(message: Uint8Array, { zone, count }: VerifyJob): Promise<readonly string[]> {
    const { symbols } = await this.check(message, resolverOf(zone))
    const read = signaturesOf(symbols)
    return [...Array.from({ length: count - read.length }, () => 'unread'), ...read]
  }

  /** Validates a chain, with TXT records alone in the DNS. */
  async validate(message: Uint8Array, records: Readonly<Record<string, string>>): Promise<PeerChain> {
    const { symbols } = await this.check(message, resolverOf(zoneOf(records)))
    const comment = Object.keys(ARC_RESULTS).flatMap((symbol) => symbols.get(symbol) ?? [])
    return { result: resultOf(symbols, ARC_RESULTS), comment: comment.join() }
  }

  /** Signs a message, always in the relaxed forms; gives it whole. */
  async sign(message: Uint8Array, job: SignJob): Promise<Uint8Array> {
    const { signature } = await this.check(message, resolverOf({}), { headers: signingHeaders(job) })
    if (!signature) throw new Error(`It does not sign:\n${this.#daemon.output}`)
    return concatBytes([encodeLatin1(`DKIM-Signature: ${signature}\r\n`), message])
  }

  /** Seals a message, always by RSA, after it has validated the chain; gives the message whole. */
  async seal(message: Uint8Array, job: Signer, records: Readonly<Record<string, string>>): Promise<Uint8Array> {
    const { added } = await this.check(message, resolverOf(zoneOf(records)), { headers: signingHeaders(job) })
    const fields = ['ARC-Seal', 'ARC-Message-Signature', 'ARC-Authentication-Results'].map(
      (name) => `${name}: ${added.get(name)}\r\n`,
    )
    return concatBytes([...fields.map(encodeLatin1), message])
  }

  async stop(): Promise<void> {
    // Its workers take long to clear away what they have in memory.
    await this.#daemon.kill()
    await this.#dns.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const ABSENT = { status: 'nxdomain', name: '', ttl: 0, authenticated: false }
const resolverOf = (zone: Zone): Resolver =>
  ({ resolve: async (name: string) => zone[name.toLowerCase()] ?? ABSENT }) as unknown as Resolver

const zoneOf = (records: Readonly<Record<string, string>>): Zone =>
  Object.fromEntries(Object.entries(records).map(([name, text]) => [name, { status: 'found', records: [text] }]))

type Results = Readonly<Record<string, string>>

const SPF_RESULTS: Results = {
  R_SPF_ALLOW: 'pass',
  R_SPF_FAIL: 'fail',
  R_SPF_SOFTFAIL: 'softfail',
  R_SPF_NEUTRAL: 'neutral',
  R_SPF_DNSFAIL: 'temperror',
  R_SPF_PERMFAIL: 'permerror',
  R_SPF_NA: 'none',
}
const DMARC_RESULTS: Results = {
  DMARC_POLICY_ALLOW: 'pass',
  DMARC_POLICY_REJECT: 'fail',
  DMARC_POLICY_QUARANTINE: 'fail',
  DMARC_POLICY_SOFTFAIL: 'fail',
  DMARC_BAD_POLICY: 'permerror',
  DMARC_DNSFAIL: 'temperror',
  DMARC_NA: 'none',
}
const ARC_RESULTS: Results = {
  ARC_ALLOW: 'pass',
  ARC_REJECT: 'fail',
  ARC_INVALID: 'fail',
  ARC_DNSFAIL: 'temperror',
  ARC_NA: 'none',
}

const resultOf = (symbols: RspamdVerdict['symbols'], results: Results): string =>
  Object.entries(results).find(([symbol]) => symbols.has(symbol))?.[1] ?? 'nothing'

const DKIM_RESULTS: Results = { '+': 'pass', '-': 'fail', '?': 'temperror', '~': 'permerror' }

// Each is the domain, a colon, and a sign.
const signaturesOf = (symbols: RspamdVerdict['symbols']): readonly string[] =>
  (symbols.get('DKIM_TRACE') ?? []).map((told) => DKIM_RESULTS[told.slice(-1)]!)

/** The key as PEM, or in the Base64 that it takes. */
type Signer = Pick<SignJob, 'domain' | 'selector' | 'key'>

function signingHeaders({ domain, selector, key }: Signer): Readonly<Record<string, string>> {
  const base64 = key.startsWith('-') ? key.split('\n').slice(1, -2).join('') : key
  return { PerformDkimSign: 'yes', DkimDomain: domain, DkimSelector: selector, DkimPrivateKey: base64 }
}

/** Starts it. */
export async function startRspamd(): Promise<Rspamd> {
  const folder = writeFolder()
  const [port, dns] = [await freePort(), await startDnsServer()]
  writeFileSync(join(folder, 'rspamd.conf'), configuration(folder, port, dns))
  const daemon = new Daemon('/usr/bin/rspamd', ['-f', '-u', USER, '-g', USER, '-c', join(folder, 'rspamd.conf')])
  await daemon.ready(port)
  return new Rspamd(folder, port, daemon, dns)
}
