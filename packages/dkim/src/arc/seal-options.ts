/** Who seals, with what, and over which results. */

import type { SignDkimOptions } from '../sign-options.ts'
import type { FormatArcOptions } from './field.ts'
import type { ArcVerdict } from './verdict.ts'

/** What {@link sealArc} needs. */
export interface SealArcOptions
  extends FormatArcOptions,
    Pick<
      SignDkimOptions,
      'domain' | 'selector' | 'key' | 'algorithm' | 'canonicalization' | 'oversign' | 'now' | 'unicode'
    > {
  /** What {@link validateArc} said of the message as it was received. */
  readonly validation: ArcVerdict
  /**
   * What was found of the message as it was received: the content of an Authentication-Results field, from its identifier on;
   * or the identifier alone, for those fields of the message that have it. Fields by that name that others wrote must have
   * been taken out before.
   */
  readonly authenticationResults: string | { readonly authservId: string }
  /** Names of fields to sign where they are; default those of `signDkim`, and DKIM-Signature. */
  readonly fields?: readonly string[]
}
