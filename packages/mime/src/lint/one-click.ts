/** Leaving a list by one click, and what mail to many needs for it: RFC 8058. */

import { readListUrls } from '../header/list-header.ts'
import type { MimePart } from '../parse/part.ts'
import { addAtField, fieldOf, type LintContext, type LintEntity } from './context.ts'

const VALUE = /^\s*List-Unsubscribe\s*=\s*One-Click\s*$/i
const POST = 'list-unsubscribe-post'

/**
 * Looks at List-Unsubscribe and List-Unsubscribe-Post.
 *
 * @internal
 */
export function lintOneClick(context: LintContext, { part, isMessage }: LintEntity): void {
  if (!isMessage) return
  const unsubscribe = fieldOf(part, 'list-unsubscribe')
  const post = fieldOf(part, POST)
  if (!post) {
    if (unsubscribe) addAtField(context, 'no-one-click', { part, name: 'list-unsubscribe' })
    return
  }
  if (!VALUE.test(post.value)) addAtField(context, 'one-click-value', { part, name: POST })
  if (!unsubscribe) addAtField(context, 'one-click-without-unsubscribe', { part, name: POST })
  else {
    const web = readListUrls(unsubscribe.value).urls.filter(({ url }) => /^https?:/i.test(url))
    const hasHttps = web.some(({ url }) => /^https:/i.test(url))
    if (!hasHttps) addAtField(context, 'one-click-without-https', { part, name: 'list-unsubscribe' })
    else if (web.length > 1) addAtField(context, 'one-click-several-urls', { part, name: 'list-unsubscribe' })
  }
  if (isUncovered(part)) addAtField(context, 'one-click-unsigned', { part, name: POST })
}

// Where there is no signature yet, there will be one.
function isUncovered({ fields }: MimePart): boolean {
  const signatures = fields.filter(({ name }) => name.toLowerCase() === 'dkim-signature')
  const covered = signatures.map(({ value }) => signedNames(value))
  return covered.length > 0 && !covered.some((names) => names.has(POST) && names.has('list-unsubscribe'))
}

// sig-h-tag = %x68 [FWS] "=" [FWS] hdr-name *( [FWS] ":" [FWS] hdr-name )
function signedNames(signature: string): ReadonlySet<string> {
  const tag = /(?:^|;)h=([^;]*)/.exec(signature.replace(/\s+/g, ''))
  return new Set(tag?.[1]?.toLowerCase().split(':'))
}
