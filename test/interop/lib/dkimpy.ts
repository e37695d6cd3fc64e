/** The DKIM verifier of Python's dkimpy, with one key record for a DNS. */
import { run } from './process.ts'

const SCRIPT = `
import sys, dkim
record = sys.argv[1].encode()
asked = []
def dns(name, timeout=5):
    asked.append(name.decode() if isinstance(name, bytes) else name)
    return record
verified = dkim.verify(sys.stdin.buffer.read(), dnsfunc=dns)
print(verified, *asked)
`

/** Verifies the first signature of a message; gives the verdict and the name that was asked for. */
export async function verifyWithDkimpy(
  message: Uint8Array,
  record: string,
): Promise<{ readonly verified: boolean; readonly asked: string }> {
  // Debian's interpreter, which sees Debian's modules whatever else is on the PATH.
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT, record], { input: message })
  if (code !== 0) throw new Error(`dkimpy: ${stderr}`)
  const [verdict, asked = ''] = stdout.trim().split(' ')
  return { verified: verdict === 'True', asked }
}
