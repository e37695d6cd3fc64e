/** Answers of the DNS that say nothing: RFC 2308 section 7. */

import type { Answer, FailedAnswer } from '@posthorn/dns'

/** @internal */
export function isFailure(answer: Answer): answer is FailedAnswer {
  return answer.status === 'servfail' || answer.status === 'timeout'
}
