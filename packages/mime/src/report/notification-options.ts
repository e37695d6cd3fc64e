/** What a request for a disposition notification asks beside it: Disposition-Notification-Options, RFC 8098 section 2.2. */

import { isSpecial } from '../address/addr-spec.ts'
import { blankControls } from '../syntax/character.ts'
import { DefectList } from '../syntax/defect.ts'
import { Scanner } from '../syntax/scanner.ts'

/** One thing that is asked. */
export interface DispositionOption {
  /** What, in lower case. */
  readonly name: string
  /** Whether no notification is wanted from who does not know of it. */
  readonly isRequired: boolean
  /** Its values. */
  readonly values: readonly string[]
}

const MAX_OPTIONS = 100

/**
 * Reads the value of the field; what is no option is left out.
 *
 * @internal
 */
export function readDispositionOptions(text: string): DispositionOption[] {
  const scanner = new Scanner(text, new DefectList(), { grammar: 'rfc2045' })
  const options: DispositionOption[] = []
  let words: string[] = []
  for (let token = scanner.next(); token && options.length < MAX_OPTIONS; token = scanner.next()) {
    if (isSpecial(token, ';')) {
      options.push(...optionOf(words))
      words = []
    } else words.push(token.type === 'special' ? token.value : blankControls(token.value))
  }
  return [...options, ...optionOf(words)]
}

// attribute "=" importance "," value *( "," value )
function optionOf([name, equals, importance, ...rest]: readonly string[]): DispositionOption[] {
  if (name === undefined || equals !== '=' || importance === undefined) return []
  const values = rest.filter((word) => word !== ',')
  // HAZARD: what is neither word would be taken lightly.
  return [{ name: name.toLowerCase(), isRequired: importance.toLowerCase() !== 'optional', values }]
}
