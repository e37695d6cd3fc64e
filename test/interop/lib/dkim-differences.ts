/**
 * Which cases of our suite for RFC 6376 the verifiers of others decide otherwise, and why. Each is `file name: what they let
 * pass`, signature by signature.
 */
import type { DifferenceGroup } from './dmarc-differences.ts'

const U_LABELS_UNKNOWN: DifferenceGroup = {
  reason: 'U-labels are not known: RFC 8616 section 5',
  cases: [
    'names.yaml U-labels from right to left: not',
    'names.yaml U-labels in d and From: not',
    'names.yaml U-labels in s, A-labels in d: not',
    'names.yaml U-labels in s, a number after them: not',
    'names.yaml U-labels in s: not',
    'names.yaml U-labels to the top: not',
    'names.yaml UTF-8 in the local part of i, U-labels after it: not',
    'names.yaml a U-label of 75 octets: not',
    'names.yaml a domain that looks alike, signed by its own key: not',
    'names.yaml a final sigma: not',
    'names.yaml a sharp s, which is no "ss": not',
    'names.yaml an A-label beside a U-label: not',
    'names.yaml i below the domain, in the other form: not',
    'names.yaml i of the domain, d in the other form: not',
    'names.yaml i of the domain, in the other form: not',
    'names.yaml t=s, and i in the other form: not',
  ],
}

/** The cases by verifier. */
export const DIFFERENCES: Readonly<Record<string, readonly DifferenceGroup[]>> = {
  mailauth: [
    {
      reason: 'a c= outside its grammar is read as far as it goes',
      cases: ['forms.yaml c=relaxed/: pass', 'forms.yaml c=relaxed/relaxed/relaxed: pass'],
    },
    {
      reason: 'a bare LF is taken for the end of a line',
      cases: [
        'forms.yaml bare LF in the body is content, simple: not',
        'forms.yaml CRLF that became LF, simple: pass',
        'forms.yaml a bare LF at the end is content, simple: pass',
        'forms.yaml bare LF in the body is content, relaxed: not',
        'forms.yaml CRLF that became LF, relaxed: pass',
        'forms.yaml a bare LF at the end is content, relaxed: pass',
      ],
    },
    {
      reason: 'an exponent that makes forging easy is not refused',
      cases: ['keys.yaml an exponent of 1: pass', 'keys.yaml an even exponent: pass'],
    },
    {
      reason: 'v= of a key record is not looked at: RFC 6376 section 3.6.1',
      cases: ['records.yaml v that is not first: pass', 'records.yaml v=DKIM1 in lower case: pass'],
    },
    {
      reason: 'a tag that comes twice does not make the list invalid: RFC 6376 section 3.2',
      cases: [
        'records.yaml p twice: pass',
        'records.yaml k twice: pass',
        'tags.yaml d twice: pass',
        'tags.yaml d twice, another domain first: pass',
        'tags.yaml v twice: pass',
        'tags.yaml an unknown tag twice: pass',
      ],
    },
    {
      reason: 'names of tags are known in either case',
      cases: [
        'records.yaml p in upper case is another tag: pass',
        'tags.yaml a tag that differs by case is another: not',
      ],
    },
    {
      reason: 't=s of a key record is not looked at',
      cases: ['records.yaml t=s, and i below the domain: pass', 'records.yaml t=y:s, and i below the domain: pass'],
    },
    {
      reason: 'v= is not looked at',
      cases: [
        'tags.yaml no v: pass',
        'tags.yaml v=2: pass',
        'tags.yaml v=1.0: pass',
        'tags.yaml v=01: pass',
        'tags.yaml v in upper case: pass',
      ],
    },
    {
      reason: 'text that is no tag is passed over',
      cases: [
        'tags.yaml a tag __proto__: pass',
        'tags.yaml a tag name that begins with a digit: pass',
        'tags.yaml a part without an equals sign: pass',
        'tags.yaml an empty part: pass',
      ],
    },
    {
      reason: 'a From field that is not signed does not keep a signature from passing',
      cases: ['tags.yaml a second From above, not signed: pass', 'tags.yaml a message without From: pass'],
    },
    {
      reason: 'a list of field names is not held to its grammar',
      cases: ['tags.yaml a name with a space: pass'],
    },
    {
      reason: 'i= of another domain is not refused: RFC 6376 section 6.1.1',
      cases: [
        'tags.yaml i of another domain: pass',
        'tags.yaml i of a domain that ends alike: pass',
        'tags.yaml i of a domain that ends alike without a dot: pass',
        'tags.yaml i of the domain above: pass',
        'tags.yaml i without an at sign: pass',
        'tags.yaml i with nothing after the at sign: pass',
        'tags.yaml i with two at signs, the last of another domain: pass',
      ],
    },
    {
      reason: 'a domain may have one label',
      cases: ['tags.yaml d of one label: pass'],
    },
    {
      reason: 'names are not checked before the DNS is asked, which cuts them at a NUL',
      cases: [
        'tags.yaml NUL in s, behind a name of the attacker: pass',
        'tags.yaml NUL in d, behind a name of the attacker: pass',
      ],
    },
    {
      reason: 'rsa-sha1 passes: RFC 8301 section 3.1',
      cases: ['tags.yaml rsa-sha1: pass'],
    },
    {
      reason: 'q= is not looked at',
      cases: ['tags.yaml q=http/well-known: pass', 'tags.yaml q=dns: pass', 'tags.yaml q=: pass'],
    },
    {
      reason: 'times outside their grammar are taken, or x= at or before t=',
      cases: [
        'tags.yaml t of thirteen digits: pass',
        'tags.yaml t that is no number: pass',
        'tags.yaml t below zero: pass',
        'tags.yaml x of thirteen digits: pass',
        'tags.yaml x at t: pass',
      ],
    },
    {
      reason: 'l= outside its grammar, or beyond the body, is taken',
      cases: [
        'tags.yaml l longer than the body: pass',
        'tags.yaml l below zero: pass',
        'tags.yaml l of 76 digits: pass',
        'tags.yaml l of 77 digits: pass',
        'tags.yaml l that is no number: pass',
        'tags.yaml l in hexadecimal: pass',
      ],
    },
    {
      reason: 'a signature that cannot be read is left out of the results, or ends all',
      cases: ['tags.yaml a signature that cannot be read beside a good one: pass not'],
    },
    {
      reason: 'Base64 or the number in it is read with octets that do not belong there',
      cases: [
        'values.yaml an asterisk in b: pass',
        'values.yaml b in the alphabet of URLs: pass',
        'values.yaml more after the padding of b: pass',
      ],
    },
    {
      reason: 'what is no U-label is mapped to one: RFC 5891 section 5',
      cases: [
        'names.yaml a Kelvin sign for a k in d: pass',
        'names.yaml a full-width dot in d: pass',
        'names.yaml a full-width dot in s: pass',
        'names.yaml an ideographic dot in d: pass',
        'names.yaml d in NFD: pass',
      ],
    },
    {
      reason: 'what no U-label may hold is taken: RFC 5891 section 4.2',
      cases: [
        'names.yaml a label with two directions in d: pass',
        'names.yaml a mark first in d: pass',
        'names.yaml an emoji in d: pass',
        'names.yaml hyphens where A-labels have them in d: pass',
        'names.yaml what is no A-label beside a U-label: pass',
      ],
    },
    {
      reason: 'a domain may have one label, in UTF-8',
      cases: ['names.yaml one label in UTF-8 in d: pass'],
    },
    {
      reason: 'i= that is not of the domain is taken',
      cases: [
        'names.yaml i of a domain that ends alike, in the other form: pass',
        'names.yaml i of a domain that looks alike: pass',
        'names.yaml i of a domain with one letter more: pass',
        'names.yaml i that is no U-label: pass',
        'names.yaml t=s, and i below the domain in the other form: pass',
      ],
    },
  ],
  'mailauth, strict': [
    {
      reason: 'a c= outside its grammar is read as far as it goes',
      cases: ['forms.yaml c=relaxed/: pass', 'forms.yaml c=relaxed/relaxed/relaxed: pass'],
    },
    {
      reason: 'a bare LF is taken for the end of a line',
      cases: [
        'forms.yaml bare LF in the body is content, simple: not',
        'forms.yaml CRLF that became LF, simple: pass',
        'forms.yaml a bare LF at the end is content, simple: pass',
        'forms.yaml bare LF in the body is content, relaxed: not',
        'forms.yaml CRLF that became LF, relaxed: pass',
        'forms.yaml a bare LF at the end is content, relaxed: pass',
      ],
    },
    {
      reason: 'an exponent that makes forging easy is not refused',
      cases: ['keys.yaml an exponent of 1: pass', 'keys.yaml an even exponent: pass'],
    },
    {
      reason: 'a From field that is not signed does not keep a signature from passing',
      cases: ['tags.yaml a second From above, not signed: pass', 'tags.yaml a message without From: pass'],
    },
    {
      reason: 'a list of field names is not held to its grammar',
      cases: ['tags.yaml a name with a space: pass'],
    },
    {
      reason: 'i= in quoted-printable is refused',
      cases: ['tags.yaml i in quoted-printable: not'],
    },
    {
      reason: 'l= outside its grammar, or beyond the body, is taken',
      cases: ['tags.yaml l longer than the body: pass', 'tags.yaml l of 76 digits: pass'],
    },
    {
      reason: 'Base64 or the number in it is read with octets that do not belong there',
      cases: [
        'values.yaml an asterisk in b: pass',
        'values.yaml b in the alphabet of URLs: pass',
        'values.yaml more after the padding of b: pass',
      ],
    },
    {
      reason: 'what is no U-label is mapped to one: RFC 5891 section 5',
      cases: [
        'names.yaml a Kelvin sign for a k in d: pass',
        'names.yaml a full-width dot in d: pass',
        'names.yaml a full-width dot in s: pass',
        'names.yaml an ideographic dot in d: pass',
        'names.yaml d in NFD: pass',
        'names.yaml i that is no U-label: pass',
      ],
    },
    {
      reason: 'what no U-label may hold is taken: RFC 5891 section 4.2',
      cases: [
        'names.yaml a label with two directions in d: pass',
        'names.yaml a mark first in d: pass',
        'names.yaml an emoji in d: pass',
        'names.yaml hyphens where A-labels have them in d: pass',
        'names.yaml what is no A-label beside a U-label: pass',
      ],
    },
  ],
  dkimpy: [
    {
      reason: 'a field whose name has white space after it is not known by its name',
      cases: [
        'forms.yaml a header spaced and folded otherwise, relaxed: not',
        'forms.yaml white space before the colon of a field: not',
      ],
    },
    {
      reason: 'a bare LF is taken for the end of a line',
      cases: [
        'forms.yaml bare LF in the body is content, simple: not',
        'forms.yaml CRLF that became LF, simple: pass',
        'forms.yaml a bare LF at the end is content, simple: pass',
        'forms.yaml bare LF in the body is content, relaxed: not',
        'forms.yaml CRLF that became LF, relaxed: pass',
        'forms.yaml a bare LF at the end is content, relaxed: pass',
      ],
    },
    {
      reason: 'a last line without its CRLF has another canonical form',
      cases: [
        'forms.yaml a last line of white space without line end, relaxed: not',
        'forms.yaml white space alone, relaxed: not',
      ],
    },
    {
      reason: 'an exponent that makes forging easy is not refused',
      cases: ['keys.yaml an exponent of 1: pass', 'keys.yaml an even exponent: pass'],
    },
    {
      reason: 'v= of a key record is not looked at: RFC 6376 section 3.6.1',
      cases: ['records.yaml v that is not first: pass'],
    },
    {
      reason: 'h= of a key record is not looked at',
      cases: ['records.yaml h=sha1: pass', 'records.yaml h with an unknown hash alone: pass'],
    },
    {
      reason: 'of s= in a key record only a single word is known',
      cases: ['records.yaml s=other:email: not'],
    },
    {
      reason: 't=s of a key record is not looked at',
      cases: ['records.yaml t=s, and i below the domain: pass', 'records.yaml t=y:s, and i below the domain: pass'],
    },
    {
      reason: 'Base64 or the number in it is read with octets that do not belong there',
      cases: ['records.yaml an asterisk in p: pass', 'values.yaml b with a zero before it: pass'],
    },
    {
      reason: 'a From field that is not signed does not keep a signature from passing',
      cases: ['tags.yaml From is not signed: pass', 'tags.yaml a message without From: pass'],
    },
    {
      reason: 'a list of field names is not held to its grammar',
      cases: ['tags.yaml a name with a space: pass'],
    },
    {
      reason: 'a domain may have one label',
      cases: ['tags.yaml d of one label: pass'],
    },
    {
      reason: 'names are not checked before the DNS is asked, which cuts them at a NUL',
      cases: [
        'tags.yaml NUL in s, behind a name of the attacker: pass',
        'tags.yaml NUL in d, behind a name of the attacker: pass',
      ],
    },
    {
      reason: 'rsa-sha1 passes: RFC 8301 section 3.1',
      cases: ['tags.yaml rsa-sha1: pass'],
    },
    {
      reason: 'of q= only a single method is known',
      cases: ['tags.yaml q=dns/txt:http/well-known: not', 'tags.yaml q=http/well-known:dns/txt: not'],
    },
    {
      reason: 'times outside their grammar are taken, or x= at or before t=',
      cases: ['tags.yaml x of thirteen digits: pass', 'tags.yaml x at t: pass'],
    },
    {
      reason: 'l= outside its grammar, or beyond the body, is taken',
      cases: ['tags.yaml l longer than the body: pass', 'tags.yaml l of 76 digits: pass'],
    },
    {
      reason: 'a signature is longer than the modulus: RFC 8017 section 8.2.2',
      cases: ['values.yaml b plus the modulus: pass'],
    },
    {
      reason: 'names are mapped by IDNA 2003 where the DNS is asked',
      cases: [
        'names.yaml a Kelvin sign for a k in d: pass',
        'names.yaml a full-width dot in d: pass',
        'names.yaml a full-width dot in s: pass',
        'names.yaml an ideographic dot in d: pass',
        'names.yaml d in NFD: pass',
        'names.yaml a joiner out of place in d: pass',
        'names.yaml a soft hyphen in d: pass',
        'names.yaml a zero-width space in d: pass',
        'names.yaml full-width letters in d: pass',
        'names.yaml a sharp s, and the key at "ss": pass',
      ],
    },
    {
      reason: 'for IDNA 2003 these are other letters',
      cases: ['names.yaml a final sigma: not', 'names.yaml a sharp s, which is no "ss": not'],
    },
    {
      reason: 'what no U-label may hold is taken: RFC 5891 section 4.2',
      cases: [
        'names.yaml a mark first in d: pass',
        'names.yaml an emoji in d: pass',
        'names.yaml hyphens where A-labels have them in d: pass',
        'names.yaml what is no A-label beside a U-label: pass',
      ],
    },
    {
      reason: 'a domain may have one label, in UTF-8',
      cases: ['names.yaml one label in UTF-8 in d: pass'],
    },
    {
      reason: 'names in two forms are not compared in one',
      cases: [
        'names.yaml i below the domain, in the other form: not',
        'names.yaml i of the domain, d in the other form: not',
        'names.yaml i of the domain, in the other form: not',
        'names.yaml t=s, and i in the other form: not',
      ],
    },
  ],
  'Mail::DKIM': [
    {
      reason: 'a last line without its CRLF has another canonical form',
      cases: [
        'forms.yaml no line end at the end, simple: not',
        'forms.yaml a last line of white space without line end, simple: not',
      ],
    },
    {
      reason: 'a bare CR is not content as others are',
      cases: ['forms.yaml a body of bare CR at the end, simple: not'],
    },
    {
      reason: 'there is no least length of keys: RFC 8301 section 3.2',
      cases: ['keys.yaml RSA of 512 bits: pass', 'keys.yaml RSA of 768 bits: pass'],
    },
    {
      reason: 'a key is as long as its octets, or there is no least length: RFC 8301 section 3.2',
      cases: ['keys.yaml RSA of 1023 bits: pass'],
    },
    {
      reason: 'an exponent that makes forging easy is not refused',
      cases: ['keys.yaml an exponent of 1: pass', 'keys.yaml an even exponent: pass'],
    },
    {
      reason: 'of the forms of a key only SubjectPublicKeyInfo is read',
      cases: ['keys.yaml a bare RSAPublicKey: not'],
    },
    {
      reason: 'there is no Ed25519',
      cases: [
        'keys.yaml Ed25519: not',
        'tags.yaml two signatures of two domains: pass not',
        'tags.yaml a bad signature beside a good one: not not',
        'values.yaml Ed25519: not',
      ],
    },
    {
      reason: 'v= of a key record is not looked at: RFC 6376 section 3.6.1',
      cases: ['records.yaml v that is not first: pass'],
    },
    {
      reason: 'a tag that comes twice does not make the list invalid: RFC 6376 section 3.2',
      cases: [
        'records.yaml p twice: pass',
        'records.yaml k twice: pass',
        'tags.yaml d twice: pass',
        'tags.yaml d twice, another domain first: pass',
        'tags.yaml v twice: pass',
        'tags.yaml an unknown tag twice: pass',
      ],
    },
    {
      reason: 'white space in h= of a key record is not taken',
      cases: ['records.yaml h with white space: not'],
    },
    {
      reason: 'v= is not looked at',
      cases: ['tags.yaml no v: pass', 'tags.yaml v in upper case: pass'],
    },
    {
      reason: 'text that is no tag is passed over',
      cases: [
        'tags.yaml a tag __proto__: pass',
        'tags.yaml a tag name that begins with a digit: pass',
        'tags.yaml an empty part: pass',
      ],
    },
    {
      reason: 'a body without a hash is not refused',
      cases: ['tags.yaml no bh: pass', 'values.yaml an empty bh: pass'],
    },
    {
      reason: 'a From field that is not signed does not keep a signature from passing',
      cases: [
        'tags.yaml From is not signed: pass',
        'tags.yaml a second From above, not signed: pass',
        'tags.yaml a message without From: pass',
      ],
    },
    {
      reason: 'a list of field names is not held to its grammar',
      cases: ['tags.yaml a name with a space: pass'],
    },
    {
      reason: 'a domain may have one label',
      cases: ['tags.yaml d of one label: pass'],
    },
    {
      reason: 'names are not checked before the DNS is asked, which cuts them at a NUL',
      cases: [
        'tags.yaml NUL in s, behind a name of the attacker: pass',
        'tags.yaml NUL in d, behind a name of the attacker: pass',
      ],
    },
    {
      reason: 'rsa-sha1 passes: RFC 8301 section 3.1',
      cases: ['tags.yaml rsa-sha1: pass'],
    },
    {
      reason: 'times outside their grammar are taken, or x= at or before t=',
      cases: [
        'tags.yaml t of thirteen digits: pass',
        'tags.yaml t that is no number: pass',
        'tags.yaml t below zero: pass',
        'tags.yaml x of thirteen digits: pass',
        'tags.yaml x before t: pass',
        'tags.yaml x at t: pass',
      ],
    },
    {
      reason: 'l= outside its grammar, or beyond the body, is taken',
      cases: [
        'tags.yaml l longer than the body: pass',
        'tags.yaml l of 76 digits: pass',
        'tags.yaml l of 77 digits: pass',
      ],
    },
    {
      reason: 'a signature that cannot be read is left out of the results, or ends all',
      cases: ['tags.yaml a signature that cannot be read beside a good one: pass not'],
    },
    {
      reason: 'Base64 or the number in it is read with octets that do not belong there',
      cases: [
        'values.yaml an asterisk in b: pass',
        'values.yaml a hyphen in b: pass',
        'values.yaml more after the padding of b: pass',
        'values.yaml an asterisk in bh: pass',
      ],
    },
    U_LABELS_UNKNOWN,
  ],
  OpenDKIM: [
    {
      reason: 'as a milter it does not see how much white space stands after the colon of a field',
      cases: [
        'forms.yaml simple/simple, with folding and white space: not',
        'forms.yaml simple/relaxed, with folding and white space: not',
        'forms.yaml no c: not',
      ],
    },
    {
      reason: 'a bare LF is taken for the end of a line',
      cases: [
        'forms.yaml bare LF in the body is content, simple: not',
        'forms.yaml CRLF that became LF, simple: pass',
        'forms.yaml a bare LF at the end is content, simple: pass',
        'forms.yaml bare LF in the body is content, relaxed: not',
        'forms.yaml CRLF that became LF, relaxed: pass',
        'forms.yaml a bare LF at the end is content, relaxed: pass',
      ],
    },
    {
      reason: 'a bare CR is not content as others are',
      cases: [
        'forms.yaml a body of bare CR at the end, simple: not',
        'forms.yaml bare CR in the body is content, relaxed: not',
        'forms.yaml a body of bare CR at the end, relaxed: not',
      ],
    },
    {
      reason: 'a last line without its CRLF has another canonical form',
      cases: ['forms.yaml no line end at the end, relaxed: not'],
    },
    {
      reason: 'a body with a NUL has another hash',
      cases: ['forms.yaml NUL in the body: not'],
    },
    {
      reason: 'a field whose name has white space after it is not known by its name',
      cases: ['forms.yaml white space before the colon of a field: not'],
    },
    {
      reason: 'a key is as long as its octets, or there is no least length: RFC 8301 section 3.2',
      cases: ['keys.yaml RSA of 1023 bits: pass'],
    },
    {
      reason: 'an exponent that makes forging easy is not refused',
      cases: ['keys.yaml an exponent of 1: pass', 'keys.yaml an even exponent: pass'],
    },
    {
      reason: 'of the forms of a key only SubjectPublicKeyInfo is read',
      cases: ['keys.yaml a bare RSAPublicKey: not'],
    },
    {
      reason: 'a key of low order is not refused, so that nobody’s signature passes',
      cases: [
        'keys.yaml Ed25519 of low order: the identity: pass',
        'keys.yaml Ed25519 of low order: the identity, its sign set: pass',
        'keys.yaml Ed25519 of low order: 0, of order 4: pass',
        'keys.yaml Ed25519 of low order: p-1, of order 2: pass',
        'keys.yaml Ed25519 of low order: p, that is 0: pass',
        'keys.yaml Ed25519 of low order: p+1, that is the identity: pass',
        'keys.yaml Ed25519 of low order: the first of order 8: pass',
        'keys.yaml Ed25519 of low order: the second of order 8: pass',
      ],
    },
    {
      reason: 'the type of the key is not held against its octets',
      cases: ['keys.yaml an RSA key called ed25519: pass'],
    },
    {
      reason: 'v= of a key record is not looked at: RFC 6376 section 3.6.1',
      cases: ['records.yaml v that is not first: pass'],
    },
    {
      reason: 'a tag that comes twice does not make the list invalid: RFC 6376 section 3.2',
      cases: [
        'records.yaml p twice: pass',
        'records.yaml k twice: pass',
        'tags.yaml d twice: pass',
        'tags.yaml d twice, another domain first: pass',
        'tags.yaml v twice: pass',
        'tags.yaml an unknown tag twice: pass',
      ],
    },
    {
      reason: 'Base64 or the number in it is read with octets that do not belong there',
      cases: [
        'records.yaml an asterisk in p: pass',
        'values.yaml an asterisk in b: pass',
        'values.yaml a hyphen in b: pass',
        'values.yaml more after the padding of b: pass',
      ],
    },
    {
      reason: 'text that is no tag is passed over',
      cases: ['tags.yaml a tag name that begins with a digit: pass'],
    },
    {
      reason: 'a From field that is not signed does not keep a signature from passing',
      cases: ['tags.yaml a second From above, not signed: pass'],
    },
    {
      reason: 'a list of field names is not held to its grammar',
      cases: ['tags.yaml a name with a space: pass'],
    },
    {
      reason: 'UTF-8 is refused',
      cases: ['tags.yaml UTF-8 in i: not'],
    },
    {
      reason: 'a domain may have one label',
      cases: ['tags.yaml d of one label: pass'],
    },
    {
      reason: 'rsa-sha1 passes: RFC 8301 section 3.1',
      cases: ['tags.yaml rsa-sha1: pass'],
    },
    {
      reason: 'times outside their grammar are taken, or x= at or before t=',
      cases: ['tags.yaml x of thirteen digits: pass'],
    },
    {
      reason: 'a signature that cannot be read is left out of the results, or ends all',
      cases: ['tags.yaml a signature that cannot be read beside a good one: not not'],
    },
    U_LABELS_UNKNOWN,
  ],
  rspamd: [
    {
      reason: 'a bare LF or CR is taken for the end of a line',
      cases: [
        'forms.yaml CRLF that became LF, relaxed: pass',
        'forms.yaml CRLF that became LF, simple: pass',
        'forms.yaml a bare LF at the end is content, relaxed: pass',
        'forms.yaml a bare LF at the end is content, simple: pass',
        'forms.yaml a body of bare CR at the end, relaxed: not',
        'forms.yaml a body of bare CR at the end, simple: not',
        'forms.yaml bare CR in the body is content, relaxed: not',
        'forms.yaml bare CR in the body is content, simple: not',
        'forms.yaml bare LF in the body is content, relaxed: not',
        'forms.yaml bare LF in the body is content, simple: not',
      ],
    },
    {
      reason:
        'white space stays at the end of a body without its CRLF, or leaves an empty line: RFC 6376 section 3.4.4',
      cases: [
        'forms.yaml a last line of white space without line end, relaxed: not',
        'forms.yaml white space alone, relaxed: not',
      ],
    },
    {
      reason: 'a field whose name has white space after it is not known by its name',
      cases: [
        'forms.yaml a header spaced and folded otherwise, relaxed: not',
        'forms.yaml white space before the colon of a field: not',
      ],
    },
    {
      reason: 'there is no least length of keys: RFC 8301 section 3.2',
      cases: ['keys.yaml RSA of 1023 bits: pass', 'keys.yaml RSA of 512 bits: pass', 'keys.yaml RSA of 768 bits: pass'],
    },
    {
      reason: 'of the forms of a key only SubjectPublicKeyInfo is read',
      cases: ['keys.yaml a bare RSAPublicKey: not'],
    },
    {
      reason: 'an exponent that makes forging easy is not refused',
      cases: ['keys.yaml an even exponent: pass', 'keys.yaml an exponent of 1: pass'],
    },
    {
      reason: 'v=, h=, s= and t=s of a key record are not looked at: RFC 6376 section 3.6.1',
      cases: [
        'names.yaml t=s, and i below the domain in the other form: pass',
        'records.yaml h with an unknown hash alone: pass',
        'records.yaml h=sha1: pass',
        'records.yaml s=emails: pass',
        'records.yaml s=tlsrpt: pass',
        'records.yaml t=s, and i below the domain: pass',
        'records.yaml t=y:s, and i below the domain: pass',
        'records.yaml v that is not first: pass',
        'records.yaml v=DKIM1 in lower case: pass',
        'records.yaml v=DKIM2: pass',
      ],
    },
    {
      reason: 'an unknown type of key is taken for RSA',
      cases: ['records.yaml an unknown type: pass'],
    },
    {
      reason: 'a tag that comes twice does not make the list invalid: RFC 6376 section 3.2',
      cases: [
        'records.yaml k twice: pass',
        'records.yaml p twice, once revoked: pass',
        'records.yaml p twice: pass',
        'tags.yaml an unknown tag twice: pass',
        'tags.yaml d twice, another domain first: pass',
        'tags.yaml d twice: pass',
        'tags.yaml v twice: pass',
      ],
    },
    {
      reason: 'text that is no tag is passed over',
      cases: ['tags.yaml a tag __proto__: pass', 'tags.yaml a tag name that begins with a digit: pass'],
    },
    {
      reason: 'an empty value of an unknown tag is refused: RFC 6376 section 3.2',
      cases: ['tags.yaml an unknown tag without a value: not'],
    },
    {
      reason: 'a From field that is not signed does not keep a signature from passing',
      cases: ['tags.yaml a message without From: pass'],
    },
    {
      reason: 'a list of field names is not held to its grammar',
      cases: ['tags.yaml a name with a space: pass', 'tags.yaml an empty name: pass'],
    },
    {
      reason: 'i= of another domain is not refused: RFC 6376 section 6.1.1',
      cases: [
        'names.yaml i of a domain that ends alike, in the other form: pass',
        'names.yaml i of a domain that looks alike: pass',
        'names.yaml i of a domain with one letter more: pass',
        'names.yaml i that is no U-label: pass',
        'tags.yaml i of a domain that ends alike without a dot: pass',
        'tags.yaml i of a domain that ends alike: pass',
        'tags.yaml i of another domain: pass',
        'tags.yaml i of the domain above: pass',
        'tags.yaml i with nothing after the at sign: pass',
        'tags.yaml i with two at signs, the last of another domain: pass',
        'tags.yaml i without an at sign: pass',
      ],
    },
    {
      reason: 'a domain may have one label',
      cases: ['names.yaml one label in UTF-8 in d: pass', 'tags.yaml d of one label: pass'],
    },
    {
      reason: 'rsa-sha1 passes: RFC 8301 section 3.1',
      cases: ['tags.yaml rsa-sha1: pass'],
    },
    {
      reason: 'rsa-sha512 passes, which is none of the algorithms of RFC 8301',
      cases: ['tags.yaml rsa-sha512: pass'],
    },
    {
      reason: 'q= is not looked at',
      cases: ['tags.yaml q=dns: pass', 'tags.yaml q=http/well-known: pass'],
    },
    {
      reason: 'times outside their grammar are taken, and x=0 is none',
      cases: ['tags.yaml x of thirteen digits: pass', 'tags.yaml x=0: pass'],
    },
    {
      reason: 'l= outside its grammar, or beyond the body, is taken',
      cases: ['tags.yaml l longer than the body: pass'],
    },
    {
      reason: 'Base64 or the number in it is read with octets that do not belong there',
      cases: [
        'records.yaml an asterisk in p: pass',
        'values.yaml a hyphen in b: pass',
        'values.yaml an asterisk in b: pass',
        'values.yaml an asterisk in bh: pass',
        'values.yaml padding within b: pass',
      ],
    },
    {
      reason: 'names are mapped by UTS 46 as it was for the transition where the DNS is asked',
      cases: [
        'names.yaml a Kelvin sign for a k in d: pass',
        'names.yaml a full-width dot in d: pass',
        'names.yaml a full-width dot in s: pass',
        'names.yaml a joiner out of place in d: pass',
        'names.yaml a sharp s, and the key at "ss": pass',
        'names.yaml a soft hyphen in d: pass',
        'names.yaml a zero-width space in d: pass',
        'names.yaml an ideographic dot in d: pass',
        'names.yaml d in NFD: pass',
        'names.yaml full-width letters in d: pass',
      ],
    },
    {
      reason: 'for the transition these were other letters',
      cases: ['names.yaml a final sigma: not', 'names.yaml a sharp s, which is no "ss": not'],
    },
    {
      reason: 'what no U-label may hold is taken: RFC 5891 section 4.2',
      cases: [
        'names.yaml a label with two directions in d: pass',
        'names.yaml an emoji in d: pass',
        'names.yaml hyphens where A-labels have them in d: pass',
      ],
    },
  ],
}
