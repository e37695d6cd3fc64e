/**
 * Domain names as SMTP and DNS write them: RFC 5321 section 4.1.2, RFC 1035 section 2.3.4, RFC 6531 section 3.3.
 * Out of scope: address literals, and the mapping between U-labels and A-labels, which knows more rules for U-labels.
 */

const MAX_NAME = 253
const MAX_LABEL = 63
// sub-domain = Let-dig [Ldh-str]                  ; RFC 5321 section 4.1.2
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/
// The same for a whole name, whose length bounds what this tries.
const PLAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.(?!$)|$))+$/
// The names of RFC 8552: DKIM and DMARC keys stand below labels that begin with an underscore.
const DNS_LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/
const PLAIN_DNS = /^(?:\w(?:[\w-]{0,61}\w)?(?:\.(?!$)|$))+$/
// sub-domain =/ U-label                           ; RFC 6531 section 3.3
const UNICODE_LABEL = /^[\p{L}\p{N}](?:(?:[\p{L}\p{N}\p{M}\u00b7-]|\u200c|\u200d)*[\p{L}\p{N}\p{M}])?$/u

/** Which labels {@link isDomain} takes beside letters, digits and hyphens. */
export interface DomainOptions {
  /** Takes U-labels, as SMTPUTF8 allows; default `false`, because a plain server refuses them. */
  readonly unicode?: boolean
  /** Takes underscores, as in `_domainkey`; default `false`, because no host or mail domain has them. */
  readonly underscore?: boolean
}

/**
 * Tells whether text is a domain name: labels of 1 to 63 characters, 253 in all, no final dot.
 *
 * A U-label must be in NFKC, its letter case aside: one that is not (`ｅ` for `e`) names another domain once it is mapped.
 *
 * @param text The name.
 * @param options Which further labels to take.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2 | RFC 5321 section 4.1.2}
 * @example
 * isDomain('mail.example') // true
 * isDomain('-mail.example') // false
 * isDomain('bücher.example', { unicode: true }) // true
 */
export function isDomain(text: string, options: DomainOptions = {}): boolean {
  if (text.length === 0 || text.length > MAX_NAME) return false
  return (
    (options.underscore ? PLAIN_DNS : PLAIN).test(text) || text.split('.').every((label) => isLabel(label, options))
  )
}

function isLabel(label: string, options: DomainOptions): boolean {
  if (label.length > MAX_LABEL) return false
  if (LABEL.test(label)) return true
  if (options.underscore && DNS_LABEL.test(label)) return true
  return options.unicode === true && UNICODE_LABEL.test(label) && isStable(label)
}

// HAZARD: RFC 5892 section 2.2 disallows what compatibility mapping changes; two spellings would pass for two domains. Of
// small letters alone one could not tell: that of the Kelvin sign is a "k".
function isStable(label: string): boolean {
  const folded = label.toLowerCase()
  return label.normalize('NFC') === label && folded.normalize('NFKC') === folded
}
