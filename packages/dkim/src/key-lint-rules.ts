/** What is looked for in a key record: how much it matters, where it is written, and what to say of it. */

/** How much a finding matters: `error` makes signatures fail, `warning` may at some receivers, `info` is worth knowing. */
export type DkimSeverity = 'error' | 'warning' | 'info'

/** What is looked for in a key record. */
export type DkimKeyRule =
  | 'bad-base64'
  | 'bad-flag'
  | 'bad-list'
  | 'bad-tag'
  | 'bad-version'
  | 'ed25519-in-der'
  | 'ed25519-length'
  | 'escaped-semicolon'
  | 'key-malformed'
  | 'key-short'
  | 'key-type-unknown'
  | 'key-very-long'
  | 'key-weak'
  | 'no-key'
  | 'no-version'
  | 'not-for-mail'
  | 'not-sha256'
  | 'quoted'
  | 'repeated-tag'
  | 'retired-tag'
  | 'revoked'
  | 'sha1'
  | 'strict-identity'
  | 'tag-case'
  | 'testing'
  | 'too-long'
  | 'unknown-flag'
  | 'unknown-service'
  | 'unknown-tag'
  | 'version-not-first'

/** @internal */
export interface KeyRuleText {
  readonly severity: DkimSeverity
  readonly spec: string
  readonly text: string
}

const RECORD = 'rfc6376#section-3.6.1'
const TAG_LIST = 'rfc6376#section-3.2'
const ED25519 = 'rfc8463#section-4'

/** @internal */
export const KEY_RULES: Readonly<Record<DkimKeyRule, KeyRuleText>> = {
  'bad-base64': {
    severity: 'error',
    spec: RECORD,
    text: 'The key is no Base64, with its padding and nothing else, so that no signature can be verified.',
  },
  'bad-flag': { severity: 'error', spec: RECORD, text: 'The flags are no words with colons between them.' },
  'bad-list': { severity: 'error', spec: RECORD, text: 'The value is no list of words with colons between them.' },
  'bad-tag': {
    severity: 'error',
    spec: TAG_LIST,
    text: 'This is not a tag of a name, an equals sign and printable text, so that receivers take the record for none.',
  },
  'bad-version': {
    severity: 'error',
    spec: RECORD,
    text: 'A version other than DKIM1 makes receivers leave the record out.',
  },
  'ed25519-in-der': {
    severity: 'error',
    spec: ED25519,
    text: 'An Ed25519 key is published as its 32 octets alone, without the structure that openssl writes around them.',
  },
  'ed25519-length': { severity: 'error', spec: ED25519, text: 'An Ed25519 key has 32 octets.' },
  'escaped-semicolon': {
    severity: 'error',
    spec: TAG_LIST,
    text: 'Semicolons are escaped as in a zone file, so that receivers see backslashes in the tags.',
  },
  'key-malformed': {
    severity: 'error',
    spec: RECORD,
    text: 'The key cannot be used: it is no RSA key in DER, or a key that anyone can sign for.',
  },
  'key-short': {
    severity: 'warning',
    spec: 'rfc8301#section-3.2',
    text: 'An RSA key of less than 2,048 bits is to be replaced: some receivers take none, and it will not hold for long.',
  },
  'key-type-unknown': {
    severity: 'error',
    spec: RECORD,
    text: 'The type of the key is neither rsa nor ed25519, and receivers know no other.',
  },
  'key-very-long': {
    severity: 'warning',
    spec: 'rfc8301#section-3.2',
    text: 'Receivers need not take an RSA key of more than 4,096 bits, and its record may not fit into an answer over UDP.',
  },
  'key-weak': {
    severity: 'error',
    spec: 'rfc8301#section-3.2',
    text: 'Receivers must not take an RSA key of less than 1,024 bits.',
  },
  'no-key': {
    severity: 'error',
    spec: RECORD,
    text: 'There is no p= with the key, so that receivers take the record for none.',
  },
  'no-version': {
    severity: 'info',
    spec: RECORD,
    text: 'The version is recommended: beside other records of the name it tells which is the key.',
  },
  'not-for-mail': {
    severity: 'error',
    spec: RECORD,
    text: 'The services of the key leave out mail, so that receivers do not take it for messages.',
  },
  'not-sha256': {
    severity: 'error',
    spec: 'rfc8301#section-3.1',
    text: 'The hashes of the key leave out sha256, which is the one that can be used.',
  },
  quoted: {
    severity: 'error',
    spec: TAG_LIST,
    text: 'The quotes of a zone file are part of what is published, so that receivers take the record for none.',
  },
  'repeated-tag': {
    severity: 'error',
    spec: TAG_LIST,
    text: 'A tag that comes twice makes receivers take the record for none.',
  },
  'retired-tag': { severity: 'info', spec: 'rfc6376#appendix-C.2', text: 'The tag g= was removed, and has no effect.' },
  revoked: {
    severity: 'warning',
    spec: RECORD,
    text: 'The key is empty: it has been revoked, and every signature by it fails.',
  },
  sha1: { severity: 'warning', spec: 'rfc8301#section-3.1', text: 'Nothing may be signed with sha1 any more.' },
  'strict-identity': {
    severity: 'info',
    spec: RECORD,
    text: 'The flag s makes signatures on behalf of a subdomain fail.',
  },
  'tag-case': {
    severity: 'error',
    spec: TAG_LIST,
    text: 'Names of tags are written in lower case, so that receivers do not know this one.',
  },
  testing: {
    severity: 'warning',
    spec: RECORD,
    text: 'The flag y says that the domain only tests, so that receivers may take a failure for no signature.',
  },
  'too-long': { severity: 'error', spec: TAG_LIST, text: 'No TXT record is longer than 65,535 characters.' },
  'unknown-flag': {
    severity: 'info',
    spec: RECORD,
    text: 'Receivers pay no attention to a flag that they do not know.',
  },
  'unknown-service': {
    severity: 'info',
    spec: RECORD,
    text: 'Receivers pay no attention to a service that they do not know.',
  },
  'unknown-tag': { severity: 'info', spec: RECORD, text: 'Receivers pay no attention to a tag that they do not know.' },
  'version-not-first': {
    severity: 'error',
    spec: RECORD,
    text: 'A version that is there stands first, or receivers take the record for none.',
  },
}
