/** Signers and verifiers of DKIM that others wrote, each a process that answers jobs by lines of JSON. */
import { fileURLToPath } from 'node:url'
import { nodeBinary } from '../../runtimes/hosts/node-binary.js'
import { LinePeer } from './line-peer.ts'

/** What is in the DNS, by name in lower case, aliases followed. */
export type Zone = Readonly<Record<string, { readonly status: string; readonly records?: readonly string[] }>>

/** What a verifier is given. */
export interface VerifyJob {
  readonly zone: Zone
  /** In seconds since 1970. */
  readonly now: number
  /** How many signatures there are. */
  readonly count: number
}

/** What a signer is given. */
export interface SignJob {
  readonly domain: string
  readonly selector: string
  /** As the signer takes it. */
  readonly key: string
  readonly algorithm: string
  readonly canonicalization: string
  readonly by?: 'nodemailer'
}

/** What verifies a message: gives, in the verifier's words, the result of each signature. */
export interface DkimVerifier {
  verify(message: Uint8Array, job: VerifyJob): Promise<readonly string[]>
  stop(): void | Promise<void>
}

/** What signs a message: gives it whole. */
export interface DkimSigner {
  sign(message: Uint8Array, job: SignJob): Promise<Uint8Array>
  stop(): void | Promise<void>
}

interface Answer {
  readonly results?: readonly string[]
  readonly field?: string
  readonly message?: string
  readonly error?: string
}

/** The seed of an Ed25519 key, which dkimpy takes in place of PEM. */
export const seedOf = (pem: string): string =>
  Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64')
    .subarray(-32)
    .toString('base64')

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** A peer at work. */
export class DkimPeer extends LinePeer implements DkimSigner, DkimVerifier {
  readonly #how: object

  constructor(command: string, file: string, how: object = {}) {
    super(command, [fileOf(file)])
    this.#how = how
  }

  /** Verifies all signatures; one that it could not evaluate at all has the error as its result. */
  async verify(message: Uint8Array, job: VerifyJob): Promise<readonly string[]> {
    const answer = await this.ask<Answer>({ job: 'verify', message: toBase64(message), ...this.#how, ...job })
    return answer.results ?? Array.from({ length: job.count }, () => answer.error!)
  }

  /** Whether the first signature of a message passes now, by a record at one name. */
  async takes(message: Uint8Array, owner: string, record: string): Promise<boolean> {
    const zone = { [owner]: { status: 'found', records: [record] } }
    const [result] = await this.verify(message, { zone, now: Math.floor(Date.now() / 1000), count: 1 })
    return result === 'pass'
  }

  /** Signs a message; gives it whole. */
  async sign(message: Uint8Array, job: SignJob): Promise<Uint8Array> {
    const { by = 'sign', ...how } = job
    const answer = await this.ask<Answer>({ job: by, message: toBase64(message), ...how })
    if (answer.error) throw new Error(answer.error)
    if (answer.message) return new Uint8Array(Buffer.from(answer.message, 'base64'))
    return new Uint8Array(Buffer.concat([Buffer.from(answer.field!, 'base64'), message]))
  }
}

/** mailauth, which needs a newer Node than the oldest that we run on; nodemailer as a signer too. */
export const startMailauth = (strict = false): DkimPeer =>
  new DkimPeer(nodeBinary(24), 'dkim-peer-mailauth.js', { strict })

/** Debian's dkimpy. */
export const startDkimpy = (): DkimPeer => new DkimPeer('/usr/bin/python3', 'dkim-peer-dkimpy.py')

/** Debian's Mail::DKIM. */
export const startMailDkim = (): DkimPeer => new DkimPeer('/usr/bin/perl', 'dkim-peer-mail-dkim.pl')
