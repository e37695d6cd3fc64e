/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type CommandErrorCode =
  | 'COMMAND_BAD_ARGUMENT'
  | 'COMMAND_BAD_DOMAIN'
  | 'COMMAND_BAD_PARAMETER'
  | 'COMMAND_BAD_PATH'
  | 'COMMAND_BAD_SYNTAX'
  | 'COMMAND_NEEDS_SMTPUTF8'
  | 'COMMAND_TOO_LONG'
  | 'COMMAND_UNKNOWN'
