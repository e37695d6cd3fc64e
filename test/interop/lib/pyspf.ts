/** Python's pyspf as evaluator: one process that answers jobs, a line of JSON each. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const SCRIPT = `
import sys, json, spf
zone = {}
def lookup(name, qtype, tcpfallback=True, timeout=30):
    entries = zone.get(name.lower().rstrip('.'), {})
    if entries.get('FAIL'):
        raise spf.TempError('DNS failed')
    found = entries.get(qtype, [])
    if qtype == 'TXT':
        return [((name, qtype), [text.encode('latin1')]) for text in found]
    if qtype == 'MX':
        return [((name, qtype), (preference, exchange)) for preference, exchange in found]
    return [((name, qtype), data) for data in found]
spf.DNSLookup = lookup
for line in sys.stdin:
    job = json.loads(line)
    zone = job['zone']
    query = spf.query(i=job['i'], s=job['s'], h=job['h'], strict=True, timeout=20, querytime=0)
    query.set_default_explanation('DEFAULT')
    try:
        result, _, explanation = query.check()
    except Exception as error:
        result, explanation = 'raised', repr(error)
    print(json.dumps({'result': result, 'explanation': explanation}), flush=True)
`

/** What is known of one name: records by type; MX as pairs; FAIL for a server that does not answer. */
export type PyspfZone = Readonly<Record<string, Readonly<Record<string, readonly unknown[] | true>>>>

/** One check. */
export interface PyspfJob {
  readonly zone: PyspfZone
  readonly clientAddress: string
  readonly helo: string
  readonly reversePath: string
}

/** What pyspf says. */
export interface PyspfVerdict {
  readonly result: string
  readonly explanation: string
}

/** pyspf at work. */
export class Pyspf {
  // Debian's interpreter, which sees Debian's modules whatever else is on the PATH.
  readonly #child: ChildProcess = spawn('/usr/bin/python3', ['-W', 'ignore', '-c', SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  readonly #lines: AsyncIterator<string> = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()

  /** Checks a client against a zone. */
  async check({ zone, clientAddress, helo, reversePath }: PyspfJob): Promise<PyspfVerdict> {
    this.#child.stdin!.write(`${JSON.stringify({ zone, i: clientAddress, h: helo, s: reversePath })}\n`)
    const { done, value } = await this.#lines.next()
    if (done) throw new Error('pyspf has ended')
    return JSON.parse(value)
  }

  stop(): void {
    this.#child.kill()
  }
}
