/** Validators and sealers of chains that others wrote, each a process that answers jobs by lines of JSON. */
import { fileURLToPath } from 'node:url'
import { nodeBinary } from '../../runtimes/hosts/node-binary.js'
import { LinePeer } from './line-peer.ts'

const DKIMPY = `
import sys, json, base64, dkim
def work(job):
    message = base64.b64decode(job['message'])
    if 'key' in job:
        results = b'Authentication-Results: mx.example; arc=' + job['status'].encode() + b'; spf=pass smtp.mailfrom=ann@example.com\\r\\n'
        fields = dkim.arc_sign(results + message, b's', b'example.com', job['key'].encode(), b'mx.example')
        return {'fields': base64.b64encode(b''.join(fields)).decode()}
    def dns(name, timeout=5):
        name = name.decode() if isinstance(name, bytes) else name
        return job['records'][name.rstrip('.')].encode()
    status, _, comment = dkim.arc_verify(message, dnsfunc=dns)
    return {'result': status.decode() if status else 'fail', 'comment': comment}
for line in sys.stdin:
    print(json.dumps(work(json.loads(line))), flush=True)
`

/** What a peer says of a chain. */
export interface PeerChain {
  readonly result: string
  readonly comment?: string
}

/** Who seals as selector `s` of `example.com`. */
export interface PeerSealer {
  /** PEM. */
  readonly key: string
  readonly algorithm: string
  /** What the chain is so far. */
  readonly status: string
}

/** A peer at work. */
export class ArcPeer extends LinePeer {
  /** Validates a chain with what the DNS has. */
  validate(message: Uint8Array, records: Readonly<Record<string, string>>, strict = false): Promise<PeerChain> {
    return this.ask({ message: base64(message), records, strict })
  }

  /** Seals; gives the fields that belong before the message. */
  async seal(message: Uint8Array, sealer: PeerSealer): Promise<Uint8Array> {
    const { fields } = await this.ask<{ readonly fields: string }>({ message: base64(message), ...sealer })
    return new Uint8Array(Buffer.from(fields, 'base64'))
  }
}

/** Debian's dkimpy. */
export const startDkimpy = (): ArcPeer => new ArcPeer('/usr/bin/python3', ['-c', DKIMPY])

/** mailauth, which needs a newer Node than the oldest that we run on. */
export const startMailauth = (): ArcPeer =>
  new ArcPeer(nodeBinary(24), [fileURLToPath(new URL('arc-peer-mailauth.js', import.meta.url))])

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
