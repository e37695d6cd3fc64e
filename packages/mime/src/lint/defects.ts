/** Which rule the defects of the parser, and of the readers of fields, break. What another check tells better is left out. */

import type { EntityDefect } from '../parse/outline.ts'
import type { DefectCode } from '../syntax/defect.ts'
import type { LintRule } from './rule.ts'

/** How the value of a field is read. */
export type ValueKind =
  | 'addresses'
  | 'date'
  | 'disposition'
  | 'encoding'
  | 'ids'
  | 'list-id'
  | 'list-urls'
  | 'received'
  | 'type'
  | 'words'

/** Left to the look at single octets, which knows their place, to that at all fields, and to that at all lines. */
type ByOthers = 'bare-cr' | 'eight-bit' | 'duplicate-field' | 'long-delimiter'

/**
 * The rules of what the parser doubts.
 *
 * @internal
 */
export const ENTITY_RULES: Readonly<Record<Exclude<EntityDefect, ByOthers>, LintRule>> = {
  'blank-before-colon': 'blank-before-colon',
  'boundary-reused': 'boundary-reused',
  'byte-order-mark': 'byte-order-mark',
  'cr-line-ends': 'cr-line-ends',
  'defect-limit': 'beyond-limit',
  'encoded-container': 'encoded-container',
  'epilogue-content': 'epilogue-content',
  'header-too-long': 'beyond-limit',
  'mbox-line': 'mbox-line',
  'missing-close-delimiter': 'close-delimiter-missing',
  'missing-delimiter': 'delimiter-missing',
  'no-field': 'no-field',
  'too-deep': 'beyond-limit',
  'too-many-fields': 'beyond-limit',
  'too-many-parts': 'beyond-limit',
  'unended-header': 'unended-header',
}

type DefectRules = Readonly<Partial<Record<DefectCode, LintRule>>>

const LIMITS: DefectRules = {
  'address-limit': 'beyond-limit',
  'clause-limit': 'beyond-limit',
  'deep-comment': 'beyond-limit',
  'defect-limit': 'beyond-limit',
  'id-limit': 'beyond-limit',
  'parameter-limit': 'beyond-limit',
  'section-limit': 'beyond-limit',
  'url-limit': 'beyond-limit',
  'word-limit': 'beyond-limit',
}

const PARAMETERS: DefectRules = /* @__PURE__ */ (() => ({
  ...LIMITS,
  'bad-escape': 'parameter-bad-escape',
  'bad-parameter': 'parameter-bad',
  'bad-parameter-name': 'parameter-bad-name',
  'comment-in-value': 'parameter-comment',
  'control-character': 'parameter-control',
  'duplicate-parameter': 'parameter-repeated',
  'empty-parameter': 'parameter-empty',
  'empty-value': 'parameter-empty-value',
  'encoded-word-in-parameter': 'parameter-encoded-word',
  'malformed-octets': 'parameter-malformed',
  'missing-charset': 'parameter-missing-charset',
  'missing-semicolon': 'parameter-missing-semicolon',
  'obsolete-spacing': 'parameter-spacing',
  'odd-escape': 'parameter-odd-escape',
  'quoted-extended-value': 'parameter-quoted-extended',
  'refused-charset': 'parameter-charset',
  'section-gap': 'parameter-section-gap',
  'single-quoted': 'parameter-single-quoted',
  'trailing-text': 'parameter-trailing-text',
  'two-forms': 'parameter-two-forms',
  'unclosed-comment': 'parameter-unclosed',
  'unclosed-quoted-string': 'parameter-unclosed',
  'unclosed-value': 'parameter-unclosed',
  'unknown-charset': 'parameter-charset',
  'unquoted-value': 'parameter-unquoted',
  'utf8-in-token': 'parameter-utf8',
}))()

/**
 * The rules of what the readers of fields doubt. Raw controls and line breaks are left to the look at single octets, and
 * charsets that runtimes decode differently break no rule.
 *
 * @internal
 */
export const VALUE_RULES: Readonly<Record<ValueKind, DefectRules>> = /* @__PURE__ */ (() => ({
  addresses: {
    ...LIMITS,
    'address-in-name': 'address-in-name',
    'bad-address': 'address-bad',
    'bad-domain': 'address-bad-domain',
    'doubled-brackets': 'address-doubled-brackets',
    'empty-entry': 'address-empty-entry',
    'encoded-address': 'address-in-words',
    'encoded-in-quotes': 'word-in-quotes',
    'encoded-local-part': 'address-encoded',
    'missing-comma': 'address-missing-comma',
    'missing-domain': 'address-missing-domain',
    'name-in-comment': 'address-name-in-comment',
    'nested-group': 'address-nested-group',
    'obsolete-spacing': 'address-obsolete-spacing',
    'quoted-at': 'address-quoted-at',
    'source-route': 'address-source-route',
    'stray-character': 'address-stray-character',
    'stray-dot': 'address-stray-dot',
    'trailing-text': 'address-trailing-text',
    'unclosed-bracket': 'address-unclosed',
    'unclosed-comment': 'address-unclosed',
    'unclosed-group': 'address-unclosed',
    'unclosed-literal': 'address-unclosed',
    'unclosed-quoted-string': 'address-unclosed',
    'unopened-group': 'address-unopened-group',
  },
  date: {
    ...LIMITS,
    'bad-date': 'date-bad',
    'missing-time': 'date-missing-time',
    'missing-zone': 'date-missing-zone',
    'obsolete-year': 'date-obsolete-year',
    'obsolete-zone': 'date-obsolete-zone',
    'odd-date': 'date-odd',
    'trailing-text': 'date-trailing-text',
    'unclosed-comment': 'date-bad',
    'unknown-zone': 'date-unknown-zone',
    'wrong-day': 'date-wrong-day',
  },
  disposition: { ...PARAMETERS, 'bad-type': 'disposition-bad' },
  encoding: {
    ...LIMITS,
    'bad-encoding': 'encoding-bad',
    'comment-in-value': 'encoding-comment',
    'trailing-text': 'encoding-trailing-text',
    'unclosed-comment': 'encoding-comment',
    'unclosed-quoted-string': 'encoding-bad',
    'utf8-in-token': 'encoding-bad',
  },
  ids: {
    ...LIMITS,
    'bad-id': 'id-bad',
    'doubled-brackets': 'id-bad',
    'missing-brackets': 'id-missing-brackets',
    'obsolete-spacing': 'id-obsolete-spacing',
    'stray-character': 'id-stray-character',
    'trailing-text': 'id-trailing-text',
    'unclosed-bracket': 'id-bad',
    'unclosed-comment': 'id-bad',
    'unclosed-literal': 'id-bad',
    'unclosed-quoted-string': 'id-bad',
  },
  'list-id': {
    ...LIMITS,
    'bad-id': 'list-id-bad',
    'encoded-in-quotes': 'word-in-quotes',
    'missing-brackets': 'list-id-unbracketed',
    'trailing-text': 'list-trailing-text',
    'unclosed-bracket': 'list-id-bad',
    'unclosed-comment': 'list-id-bad',
    'unclosed-literal': 'list-id-bad',
    'unclosed-quoted-string': 'list-id-bad',
  },
  'list-urls': {
    ...LIMITS,
    'bad-url': 'list-url-bad',
    'missing-brackets': 'list-url-unbracketed',
    'trailing-text': 'list-trailing-text',
    'unclosed-bracket': 'list-url-bad',
    'unclosed-comment': 'list-url-bad',
    'unclosed-literal': 'list-url-bad',
    'unclosed-quoted-string': 'list-url-bad',
  },
  received: {
    ...LIMITS,
    'bad-clause': 'received-clause',
    'duplicate-clause': 'received-clause',
    'missing-date': 'received-without-date',
    'unclosed-comment': 'received-clause',
    'unclosed-literal': 'received-clause',
    'unclosed-quoted-string': 'received-clause',
  },
  type: {
    ...PARAMETERS,
    'bad-boundary': 'boundary-bad',
    'bad-type': 'type-bad',
    'missing-boundary': 'boundary-missing',
  },
  words: {
    ...LIMITS,
    'bad-base64': 'word-bad-base64',
    'bad-escape': 'word-bad-escape',
    'blank-in-word': 'word-blank',
    'character-in-word': 'word-character',
    'control-character': 'word-control',
    'long-word': 'word-long',
    'malformed-octets': 'word-malformed',
    'refused-charset': 'word-refused-charset',
    'unclosed-word': 'word-unclosed',
    'unknown-charset': 'word-charset',
    'word-spacing': 'word-spacing',
  },
}))()
