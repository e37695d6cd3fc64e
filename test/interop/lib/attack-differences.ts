/**
 * Which cases of our suite of attacks others that authenticate decide otherwise, and why. Each is `file name: what they say`, of
 * SPF, the signature and DMARC, with the domain that DMARC passed for.
 */
import type { DifferenceGroup } from './dmarc-differences.ts'

/** The cases by who authenticates. */
export const DIFFERENCES: Readonly<Record<string, readonly DifferenceGroup[]>> = {
  mailauth: [
    {
      reason: 'a NUL in s= goes into the question, so that a key of another domain may answer: RFC 6376 section 3.5',
      cases: [
        'composition.yaml a NUL in s=, behind a name without a final dot: pass pass pass bank.example',
        'composition.yaml a NUL in s=, behind the name of a key: pass pass pass bank.example',
        'injection.yaml a NUL in s=: pass pass pass bank.example',
      ],
    },
    {
      reason: 'd= is not held to its grammar: RFC 6376 section 3.5',
      cases: [
        'composition.yaml a single quote in d=: pass pass fail',
        'injection.yaml a backslash in d=: pass pass fail',
        'injection.yaml a closing parenthesis in d=: pass pass fail',
        'injection.yaml a double quote in d=: pass pass fail',
        'injection.yaml a single quote in d=: pass pass fail',
        'injection.yaml an equals sign in d=: pass pass fail',
        'injection.yaml an opening parenthesis in d=: pass pass fail',
      ],
    },
    {
      reason: 'i= that is not of the domain, or outside its grammar, is taken: RFC 6376 section 3.5',
      cases: [
        'injection.yaml a NUL in the domain of i=: pass pass fail',
        'injection.yaml a NUL in the local part of i=: pass pass fail',
        'injection.yaml a backslash in the domain of i=: pass pass fail',
        'injection.yaml a closing parenthesis in the domain of i=: pass pass fail',
        'injection.yaml a double quote in the domain of i=: pass pass fail',
        'injection.yaml a semicolon in the domain of i=: pass pass fail',
        'injection.yaml a semicolon in the local part of i=: pass pass fail',
        'injection.yaml a single quote in the domain of i=: pass pass fail',
        'injection.yaml an equals sign in the domain of i=: pass pass fail',
        'injection.yaml an opening parenthesis in the domain of i=: pass pass fail',
      ],
    },
  ],
  'mailauth, strict': [],
  rspamd: [
    {
      reason: 'it reads no address in MAIL FROM, and checks HELO in its place: RFC 7208 section 2.4',
      cases: [
        'composition.yaml a parenthesis at the start of MAIL FROM: pass pass fail',
        'composition.yaml a parenthesis in MAIL FROM: pass pass fail',
        'injection.yaml a backslash in the domain of MAIL FROM: pass pass fail',
        'injection.yaml a closing parenthesis in the domain of MAIL FROM: pass pass fail',
        'injection.yaml a double quote in the domain of MAIL FROM: pass pass fail',
        'injection.yaml a semicolon in the domain of MAIL FROM: pass pass fail',
        'injection.yaml a single quote in the domain of MAIL FROM: pass pass fail',
        'injection.yaml an equals sign in the domain of MAIL FROM: pass pass fail',
        'injection.yaml an opening parenthesis in the domain of MAIL FROM: pass pass fail',
      ],
    },
    {
      reason: 'i= outside its grammar is taken: RFC 6376 section 3.5',
      cases: [
        'injection.yaml a backslash in the domain of i=: pass pass fail',
        'injection.yaml a closing parenthesis in the domain of i=: pass pass fail',
        'injection.yaml a double quote in the domain of i=: pass pass fail',
        'injection.yaml a single quote in the domain of i=: pass pass fail',
        'injection.yaml an equals sign in the domain of i=: pass pass fail',
        'injection.yaml an opening parenthesis in the domain of i=: pass pass fail',
      ],
    },
    {
      reason: 'a field whose name has white space after it is not known by its name',
      cases: [
        'composition.yaml a blank behind the name of the first From: pass fail pass evil.example',
        'composition.yaml a blank behind the name of the second From: pass fail pass evil.example',
        'composition.yaml a fold in the name of the second From: pass none pass evil.example',
      ],
    },
    {
      reason: 'where it does not find one author, DMARC has no result',
      cases: [
        'composition.yaml a backslash before the comma between two authors: pass pass none',
        'composition.yaml a blank before the first From, which is the forged one: pass none none',
        'composition.yaml a blank before the first From: pass none none',
        'composition.yaml a customer of the bank’s mail service with two From fields: pass none none',
        'composition.yaml a customer of the bank’s mail service with two authors: pass none none',
        'composition.yaml a fold in the name of From, and Resent-From: pass none none',
        'composition.yaml a fold in the name of From, and Sender: pass none none',
        'composition.yaml an address behind the brackets: pass pass none',
        'composition.yaml an address without brackets before one with them: pass pass none',
        'composition.yaml two From fields, the forged one first: pass fail none',
        'composition.yaml two From fields: pass fail none',
        'composition.yaml two authors, and Sender: pass pass none',
        'composition.yaml two authors, the forged one first: pass pass none',
      ],
    },
  ],
}
