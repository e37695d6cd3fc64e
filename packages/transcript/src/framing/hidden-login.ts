/** Jakarta Mail hides the exchange of AUTH, and tells in words of its own what it asked for and what came of it. RFC 4954 section 6. */

import { type Line, LineBuilder, partOf } from '../import/line.ts'

const ASKED = /^DEBUG SMTP: (AUTH [A-Z0-9_-]{2,30}) command trace suppressed$/
const TAKEN = /^DEBUG SMTP: (AUTH [A-Z0-9_-]{2,30} succeeded)$/
const REFUSED = /AuthenticationFailedException: ([45]\d\d[ -].*)$/

/** Gives the command and its reply for what was hidden. */
export function showHiddenLogins(lines: readonly Line[]): readonly Line[] {
  let asked = false
  return lines.map((line) => {
    const [, command] = ASKED.exec(line.text) ?? []
    if (command !== undefined) {
      asked = true
      return shown(line, command)
    }
    const [, words] = (asked && TAKEN.exec(line.text)) || []
    const [, reply] = (asked && REFUSED.exec(line.text)) || []
    if (words === undefined && reply === undefined) return line
    asked = false
    return reply === undefined ? withCode(line, words ?? '') : shown(line, reply)
  })
}

function shown(line: Line, words: string): Line {
  const at = line.text.indexOf(words)
  return partOf(line, at, at + words.length)
}

// There is one code of success
function withCode(line: Line, words: string): Line {
  const builder = new LineBuilder()
  builder.add('235 ', line.start)
  builder.copy(line, line.text.indexOf(words))
  return builder.take(line.number, line.end)
}
