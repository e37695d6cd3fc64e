/** What readers of values doubt, as data. */

/**
 * What can be doubted of values: types and parameters, encoded words, dates, charsets.
 *
 * Of types and parameters (RFC 2045 section 5.1, RFC 2183, RFC 2231): `bad-type`, no type and subtype, so the default
 * of the field is taken; `bad-encoding`, no content-transfer-encoding; `bad-parameter`, what stands where a parameter
 * should; `bad-parameter-name`, an asterisk or a section number out of place; `bad-boundary`, empty, too long, or of
 * characters that it may not have; `bad-escape`, a "%" that no two digits follow; `comment-in-value`;
 * `duplicate-parameter`; `empty-parameter`, nothing between semicolons; `empty-value`; `encoded-word-in-parameter`;
 * `missing-boundary`; `missing-charset` and `quoted-extended-value`, of `name*=`; `missing-semicolon`; `odd-escape`, a
 * backslash before what needs none; `parameter-limit`; `section-gap`; `section-limit`; `single-quoted`; `two-forms`, a
 * value is there by RFC 2045 and another by RFC 2231; `unclosed-value`, with what it is if it ends at a semicolon;
 * `unquoted-value`, which should be in quotes.
 *
 * Of encoded words (RFC 2047): `bad-base64`; `bad-escape`, an "=" that no two digits follow; `blank-in-word`;
 * `character-in-word`, one that its place does not allow; `long-word`, over 75 characters; `unclosed-word`;
 * `word-limit`; `word-spacing`, no blank parts it from what stands beside it.
 *
 * Of dates (RFC 5322 section 3.3 and 4.3): `bad-date`; `missing-time`; `missing-zone`; `obsolete-year`, not of four
 * digits; `obsolete-zone`, a name or another form; `odd-date`, another form, of asctime, RFC 850 and RFC 3339 among them;
 * `unknown-zone`; `wrong-day`, the day's name is another's.
 *
 * Of charsets: `malformed-octets`, octets that are no character, so that U+FFFD stands for them; `refused-charset`,
 * one that hides US-ASCII; `runtime-charset`, one that runtimes decode differently; `unknown-charset`.
 */
export type ValueDefectCode =
  | 'bad-base64'
  | 'bad-boundary'
  | 'bad-encoding'
  | 'bad-escape'
  | 'bad-parameter'
  | 'bad-parameter-name'
  | 'bad-type'
  | 'blank-in-word'
  | 'character-in-word'
  | 'comment-in-value'
  | 'duplicate-parameter'
  | 'empty-parameter'
  | 'empty-value'
  | 'encoded-word-in-parameter'
  | 'long-word'
  | 'malformed-octets'
  | 'missing-boundary'
  | 'missing-charset'
  | 'missing-semicolon'
  | 'missing-time'
  | 'missing-zone'
  | 'obsolete-year'
  | 'obsolete-zone'
  | 'odd-date'
  | 'odd-escape'
  | 'parameter-limit'
  | 'quoted-extended-value'
  | 'refused-charset'
  | 'runtime-charset'
  | 'section-gap'
  | 'section-limit'
  | 'single-quoted'
  | 'two-forms'
  | 'unclosed-value'
  | 'unclosed-word'
  | 'unknown-charset'
  | 'unknown-zone'
  | 'unquoted-value'
  | 'word-limit'
  | 'word-spacing'
  | 'wrong-day'
