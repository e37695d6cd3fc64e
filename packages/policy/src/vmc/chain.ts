/** The way from a mark certificate to a trusted root: RFC 5280 section 6.1, as far as chains of marks need it. */

import { equalBytes } from '@posthorn/core'
import type { ReadCertificate } from './certificate.ts'
import { verifySignature } from './signature.ts'

/** @internal */
export type ChainProblem =
  | 'bad-signature'
  | 'duplicate'
  | 'expired'
  | 'issuer-purpose'
  | 'not-an-authority'
  | 'not-yet-valid'
  | 'out-of-order'
  | 'path-too-long'
  | 'unsupported-algorithm'
  | 'unsupported-extension'
  | 'untrusted'
  | 'weak-key'

/** id-kp-BrandIndicatorforMessageIdentification. @internal */
export const MARK_PURPOSE = '1.3.6.1.5.5.7.3.31'

/**
 * Verifies a chain.
 *
 * @internal
 * @param chain The mark certificate, then the issuer of each; the last may be a root.
 * @param options The roots that are trusted, and the time in milliseconds since 1970.
 * @returns Every problem, none twice.
 */
export async function verifyChain(
  chain: readonly ReadCertificate[],
  options: { readonly roots: readonly ReadCertificate[]; readonly now: number },
): Promise<ReadonlySet<ChainProblem>> {
  const problems = new Set<ChainProblem>()
  const anchor = await findAnchor(chain, options.roots, problems)
  const path = anchor && !chain.includes(anchor) ? [...chain, anchor] : chain
  for (const [index, certificate] of path.entries()) {
    if (options.now < certificate.notBefore) problems.add('not-yet-valid')
    if (options.now > certificate.notAfter) problems.add('expired')
    if (certificate.unsupported !== undefined) problems.add('unsupported-extension')
    if (path.slice(0, index).some(({ der }) => equalBytes(der, certificate.der))) problems.add('duplicate')
    if (index > 0) checkAuthority(certificate, index, problems)
  }
  // The purpose of the immediate issuer is said in it, unless it is trusted for this alone.
  const issuer = path[1]
  if (issuer && issuer !== anchor && !issuer.keyPurposes?.includes(MARK_PURPOSE)) problems.add('issuer-purpose')
  for (let index = 0; index + 1 < chain.length; index++) {
    const [one, next] = [chain[index]!, chain[index + 1]!]
    if (one.issuerName !== next.subjectName) problems.add('out-of-order')
    else await addResult(one, next, problems)
  }
  return problems
}

function checkAuthority(certificate: ReadCertificate, index: number, problems: Set<ChainProblem>): void {
  if (!certificate.isAuthority || !certificate.mayIssue) problems.add('not-an-authority')
  if (certificate.pathLength !== undefined && index - 1 > certificate.pathLength) problems.add('path-too-long')
}

async function addResult(
  certificate: ReadCertificate,
  issuer: ReadCertificate,
  problems: Set<ChainProblem>,
): Promise<boolean> {
  const result = await verifySignature(certificate, issuer)
  if (result !== 'good') problems.add(result)
  return result === 'good'
}

// The last certificate is trusted itself, or a trusted one issued it.
async function findAnchor(
  chain: readonly ReadCertificate[],
  roots: readonly ReadCertificate[],
  problems: Set<ChainProblem>,
): Promise<ReadCertificate | undefined> {
  const last = chain.at(-1)!
  // HAZARD: the mark certificate itself is never its own anchor.
  if (chain.length > 1 && roots.some(({ der }) => equalBytes(der, last.der))) return last
  const issuers = roots.filter(({ subjectName, der }) => subjectName === last.issuerName && !equalBytes(der, last.der))
  const found = new Set<ChainProblem>()
  for (const root of issuers) if (await addResult(last, root, found)) return root
  for (const problem of found.size > 0 ? found : new Set(['untrusted' as const])) problems.add(problem)
  return undefined
}
