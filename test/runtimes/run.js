/**
 * Runs one suite over the built packages in Node 20, 22 and 24, Bun, Deno, workerd, Chromium and, where it is installed,
 * Firefox. Those that have sockets send a signed message to a Postfix. Chromium and Postfix are Debian's, and installed
 * where that is allowed; without Postfix nothing is sent, and that is counted as skipped.
 *
 *   POSTHORN_WRITE=1 npm run test:runtimes      writes the tables of docs/runtimes.md
 */
import { fileURLToPath } from 'node:url'
import { requireChromium } from '../browser/chromium.js'
import { runToClosingLine } from '../closing.js'
import { providePackages } from '../interop/packages.js'
import { nodeBinary } from './hosts/node-binary.js'

const PACKAGES = ['postfix', 'sasl2-bin', 'libsasl2-modules', 'python3-dkim', 'python3-nacl']
const main = fileURLToPath(new URL('./main.js', import.meta.url))

requireChromium()
const args = [main, ...(providePackages(PACKAGES) ? ['--postfix'] : [])]
// It runs TypeScript as it is, of which the tests of interop are made.
process.exitCode = await runToClosingLine(nodeBinary(24), ['--disable-warning=ExperimentalWarning', ...args])
