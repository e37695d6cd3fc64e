/** The codes of the errors that reports raise. */

import { MailError } from '@posthorn/core'

/** Every `code` of a `MailError` from `@posthorn/dmarc/report`. */
export type DmarcReportErrorCode =
  | 'DMARC_REPORT_BAD_NAME'
  | 'DMARC_REPORT_BAD_VALUE'
  | 'DMARC_REPORT_DEFECTIVE'
  | 'DMARC_REPORT_NOT_DUE'
  | 'DMARC_REPORT_TOO_LARGE'
  | 'DMARC_REPORT_UNREADABLE'

/**
 * Makes an error of reports.
 *
 * @internal
 * @param spec The rule that was broken, as `rfc9990#section-4`.
 */
export function reportFault(
  code: DmarcReportErrorCode,
  message: string,
  spec: string,
): MailError<DmarcReportErrorCode> {
  return new MailError(code, `Cannot ${message}`, { spec })
}
