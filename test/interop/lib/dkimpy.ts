/** Python's dkimpy as signer and verifier: one process that answers jobs, a line of JSON each. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const SCRIPT = `
import sys, json, base64, dkim
def work(job):
    message = base64.b64decode(job['message'])
    if 'key' in job:
        key = job['key'].encode()
        header, body = (part.encode() for part in job['canonicalization'].split('/'))
        field = dkim.sign(message, b's', b'example.com', key, canonicalize=(header, body),
                          signature_algorithm=job['algorithm'].encode())
        return {'field': base64.b64encode(field).decode()}
    asked = []
    def dns(name, timeout=5):
        asked.append(name.decode() if isinstance(name, bytes) else name)
        return job['record'].encode()
    verified = dkim.verify(message, dnsfunc=dns)
    return {'verified': bool(verified), 'asked': asked}
for line in sys.stdin:
    print(json.dumps(work(json.loads(line))), flush=True)
`

/** A job's answer. */
interface Answer {
  readonly field?: string
  readonly verified?: boolean
  readonly asked?: readonly string[]
}

/** dkimpy at work. */
export class Dkimpy {
  // Debian's interpreter, which sees Debian's modules whatever else is on the PATH.
  readonly #child: ChildProcess = spawn('/usr/bin/python3', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] })
  readonly #lines: AsyncIterator<string> = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()

  /** Verifies the first signature of a message; the DNS has one record, whatever name is asked for. */
  async verify(message: Uint8Array, record: string): Promise<{ verified: boolean; asked: string | undefined }> {
    const { verified = false, asked = [] } = await this.#ask({ message: base64(message), record })
    return { verified, asked: asked[0] }
  }

  /** Signs for selector `s` of `example.com`; gives the field that belongs before the message. */
  async sign(
    message: Uint8Array,
    job: { readonly key: string; readonly algorithm: string; readonly canonicalization: string },
  ): Promise<Uint8Array> {
    const { field = '' } = await this.#ask({ message: base64(message), ...job })
    return new Uint8Array(Buffer.from(field, 'base64'))
  }

  stop(): void {
    this.#child.kill()
  }

  async #ask(job: Readonly<Record<string, string>>): Promise<Answer> {
    this.#child.stdin!.write(`${JSON.stringify(job)}\n`)
    const { done, value } = await this.#lines.next()
    if (done) throw new Error('dkimpy has ended')
    return JSON.parse(value) as Answer
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
