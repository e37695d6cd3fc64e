import { spawnSync } from 'node:child_process'
import { decodeLatin1 } from '../packages/core/src/index.ts'

/** Whether there is a Python to compare with. */
export const hasPython: boolean = spawnSync('python3', ['--version']).status === 0

/**
 * What Python makes of each of some octets.
 *
 * @param expression Of `raw`, the octets; gives octets.
 */
export function askPython(inputs: readonly Uint8Array[], expression: string): string[] {
  const script = [
    'import base64, binascii, email, email.policy, json, quopri, sys',
    'def body(encoding, raw):',
    '    head = b"Content-Type: application/x\\r\\nContent-Transfer-Encoding: " + encoding + b"\\r\\n\\r\\n"',
    '    return email.message_from_bytes(head + raw, policy=email.policy.default).get_payload(decode=True)',
    'raws = [text.encode("latin1") for text in json.load(sys.stdin)]',
    `json.dump([(${expression}).decode("latin1") for raw in raws], sys.stdout)`,
  ]
  const input = JSON.stringify(inputs.map(decodeLatin1))
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script.join('\n')], options)
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
