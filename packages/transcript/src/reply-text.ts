/** A reply as the lines that go over the wire, whatever stands in it: RFC 5321 section 4.2. */

import { formatEnhancedStatus, type Reply } from '@posthorn/reply'

/** Gives the lines, without their line endings; the enhanced status code stands on each. */
export function replyLines({ code, enhanced, lines }: Reply): string[] {
  const status = enhanced ? [formatEnhancedStatus(enhanced)] : []
  const texts = lines.length === 0 ? [''] : lines
  return texts.map((text, i) => {
    const said = [...status, ...(text === '' ? [] : [text])].join(' ')
    return `${code}${i < texts.length - 1 ? '-' : ' '}${said}`
  })
}
