/** The Authentication-Results field as a value: RFC 8601 section 2.2. */

/** What one host found of a message. */
export interface AuthenticationResults {
  /** Who says so, as written, without quotes. */
  readonly authservId: string
  /** The version of the field's format; absent where the field has none, which means 1. */
  readonly version?: number
  /** What was found, in order; none when nothing was tried (`none`). */
  readonly results: readonly AuthenticationResult[]
}

/** What one method found. */
export interface AuthenticationResult {
  /** The method in lower case, as `dkim`. */
  readonly method: string
  /** The version of the method; absent where the field has none, which means 1. */
  readonly methodVersion?: number
  /** The result in lower case, as `pass`. */
  readonly result: string
  /** Why, for people. */
  readonly reason?: string
  /** What was looked at, in order. */
  readonly properties: readonly AuthenticationProperty[]
  /** What is outside the grammar, and was read all the same because that was asked for; absent where there is none. */
  readonly defects?: readonly ResultDefect[]
}

/** A property that does not say where it comes from, as `action=none` of Exchange Online. It is told, and never written. */
export interface ResultDefect {
  /** What it is. */
  readonly code: 'untyped-property'
  /** Its name, in lower case. */
  readonly property: string
  /** Its value, without quotes. */
  readonly value: string
}

/** One thing that a method looked at, as `header.d=example.com`. */
export interface AuthenticationProperty {
  /** Where it comes from, in lower case: `smtp`, `header`, `body`, `policy`, or another. */
  readonly ptype: string
  /** Which it is, in lower case. */
  readonly property: string
  /** Its value, without quotes; of an address the quotes of its local part are kept. */
  readonly value: string
}
