/**
 * Which cases of our suite for RFC 9989 the evaluators of others decide otherwise, and why. Each is `file name: what it says,
 * not what the suite has`.
 */

/** Cases that differ for one reason. */
export interface DifferenceGroup {
  readonly reason: string
  readonly cases: readonly string[]
}

const MAILAUTH: readonly DifferenceGroup[] = [
  {
    reason:
      'a record without a policy that can be read is taken for none: none for permerror, which RFC 9989 leaves open',
    cases: [
      'alignment.yaml a record with a policy that cannot be read does not pass: none, not permerror',
      'policy.yaml an inherited record that asks for nothing: none, not permerror',
      'records.yaml a bad np and no address: none, not permerror',
      'records.yaml a bad policy and a bad address: none, not permerror',
      'records.yaml a bad policy and no address: none, not permerror',
      'records.yaml a bad sp and no address: none, not permerror',
      'records.yaml no policy and an address for failures alone: none, not permerror',
      'records.yaml no policy and no address: none, not permerror',
      'walk.yaml a record that asks for nothing still ends the walk: none, not permerror',
    ],
  },
  {
    reason:
      'an author domain that is no name of the DNS has no policy, where the suite has none to evaluate: RFC 9989 section 5.3.1',
    cases: [
      'identities.yaml an address literal: none, not permerror',
      'identities.yaml an author domain that is no name: none, not permerror',
    ],
  },
  {
    reason:
      'past ten walks it says that it cannot tell, where the suite has the others not align: RFC 9989 leaves it open',
    cases: ['limits.yaml ten walks and no more: temperror, not fail'],
  },
  {
    reason: 'white space before the version is taken off; the grammar of RFC 9989 section 4.8 has none there',
    cases: ['records.yaml white space before the version: fail, not none'],
  },
]

/** By evaluator. */
export const DIFFERENCES: Readonly<Record<string, readonly DifferenceGroup[]>> = {
  mailauth: [
    ...MAILAUTH,
    {
      reason: 'names of tags are folded to lower case; those of a tag-list are case-sensitive, RFC 6376 section 3.2',
      cases: ['records.yaml a policy tag in upper case: reject, not none'],
    },
  ],
  'mailauth, strict': [
    ...MAILAUTH,
    {
      reason: 'a tag that comes twice makes the whole record none, where the suite has the tag count as malformed',
      cases: ['records.yaml the policy twice: none, not fail'],
    },
  ],
  'Mail::DMARC': [
    {
      reason:
        'it is of RFC 7489: no record above the domain but that of the one below a listed suffix, so none at a suffix or between',
      cases: [
        'alignment.yaml one registrant below a public suffix: none, not pass',
        'alignment.yaml the public suffix signs for a registrant: none, not fail',
        'alignment.yaml two registrants below a public suffix: none, not fail',
        'alignment.yaml two registrants below a suffix that says nothing: none, not pass',
        'policy.yaml np of a public suffix: none, not fail',
        'policy.yaml p of a public suffix: none, not fail',
        'policy.yaml sp of a public suffix: none, not fail',
        'walk.yaml PSD in upper case: none, not fail',
        'walk.yaml a record at the seventh label: none, not fail',
        'walk.yaml a record of the top level: none, not fail',
        'walk.yaml a record one below psd=y: reject, not quarantine',
        'walk.yaml a record two below psd=y: none, not fail',
        'walk.yaml psd=n ends the walk: reject, not none',
        'walk.yaml psd=y at the top level: none, not fail',
        'walk.yaml psd=y right above: none, not fail',
        'walk.yaml the middle record alone: none, not fail',
      ],
    },
    {
      reason:
        'it is of RFC 7489: domains align below a listed suffix, whatever psd says and whether anything is published',
      cases: [
        'alignment.yaml a subdomain whose parents publish nothing: pass, not fail',
        'alignment.yaml psd=n at the author domain: pass, not fail',
        'alignment.yaml psd=n at the signer: pass, not fail',
        'alignment.yaml psd=n between: pass, not fail',
        'alignment.yaml psd=y at the author domain: pass, not fail',
        'alignment.yaml psd=y at the signer itself: pass, not fail',
        'alignment.yaml psd=y between: pass, not fail',
      ],
    },
    {
      reason: 'it is of RFC 7489: np and t are unknown, and pct counts',
      cases: [
        'policy.yaml np for one that does not exist: quarantine, not reject',
        'policy.yaml np weaker than sp: reject, not none',
        'policy.yaml np where the parent too does not exist: none, not reject',
        'policy.yaml np without sp: none, not reject',
        'policy.yaml testing of an inherited sp: reject, not quarantine',
        'records.yaml a bad np beside a good policy: reject, not none',
        'records.yaml a malformed pct is ignored: quarantine, not reject',
        'records.yaml pct is ignored: quarantine, not reject',
        'records.yaml testing quarantine: quarantine, not none',
        'records.yaml testing reject: reject, not quarantine',
      ],
    },
    {
      reason: 'a DNS that does not answer is taken for one that has nothing',
      cases: [
        'failures.yaml a timeout there: none, not temperror',
        'failures.yaml above a record: fail, not temperror',
        'failures.yaml above it: none, not temperror',
        'failures.yaml at the author domain: fail, not temperror',
        'failures.yaml for the existence of the domain: fail, not temperror',
      ],
    },
    {
      reason: 'the list of suffixes needs no walk that could fail, or be too much',
      cases: [
        'failures.yaml on the way from the signer: pass, not temperror',
        'failures.yaml the same with the signature of a relative: pass, not temperror',
        'limits.yaml ten walks and no more: pass, not fail',
      ],
    },
    {
      reason: 'SPF or DKIM that could not be evaluated counts as failed, where the suite has temperror',
      cases: [
        'failures.yaml for DKIM of the author domain: fail, not temperror',
        'failures.yaml for SPF of the author domain: fail, not temperror',
      ],
    },
    {
      reason: 'it fails where it takes no action: a record that cannot be used, or more than one',
      cases: [
        'alignment.yaml a record with a policy that cannot be read does not pass: fail, not permerror',
        'policy.yaml an inherited record that asks for nothing: fail, not permerror',
        'records.yaml a bad np and no address: fail, not permerror',
        'records.yaml a bad policy and a bad address: fail, not permerror',
        'records.yaml a bad policy and no address: fail, not permerror',
        'records.yaml a bad sp and no address: fail, not permerror',
        'records.yaml no policy and an address for failures alone: fail, not permerror',
        'records.yaml no policy and no address: fail, not permerror',
        'walk.yaml a record that asks for nothing still ends the walk: fail, not permerror',
        'walk.yaml two records at the author domain: fail, not none',
      ],
    },
    {
      reason: 'it dies of an author domain that it takes for no name, or fails without one',
      cases: [
        'identities.yaml an address literal: died, not permerror',
        'identities.yaml an author domain that is no name: died, not permerror',
        'identities.yaml an empty author domain: died, not permerror',
        'identities.yaml an underscore in the author domain: died, not fail',
        'identities.yaml no author domain: fail, not permerror',
      ],
    },
    {
      reason: 'it dies of a final dot',
      cases: ['walk.yaml upper case and a final dot: died, not fail'],
    },
    {
      reason: 'HELO counts when MAIL FROM did not pass; RFC 9989 section 3.2 counts MAIL FROM alone',
      cases: [
        'identities.yaml HELO does not count: pass, not fail',
        'identities.yaml HELO passes and MAIL FROM does not: pass, not fail',
      ],
    },
    {
      reason: 'a signer without a name aligns, since it is taken for the author',
      cases: ['alignment.yaml a signer that is empty: pass, not fail'],
    },
    {
      reason: 'only the first eight octets are looked at, in either case, and what follows need be no tag',
      cases: [
        'records.yaml a blank for the semicolon: fail, not none',
        'records.yaml a comma for the semicolon: fail, not none',
        'records.yaml a version with more behind it: fail, not none',
        'records.yaml the version in lower case: fail, not none',
        'records.yaml the version in mixed case: fail, not none',
      ],
    },
    {
      reason: 'a record with white space in its first eight octets is passed over',
      cases: ['records.yaml white space around equals signs: none, not fail'],
    },
    {
      reason: 'other records of the name that begin alike count as further ones',
      cases: ['walk.yaml other records beside one: none, not reject'],
    },
    {
      reason: 'names of tags are folded to lower case; those of a tag-list are case-sensitive, RFC 6376 section 3.2',
      cases: ['records.yaml a policy tag in upper case: reject, not none'],
    },
  ],
}
