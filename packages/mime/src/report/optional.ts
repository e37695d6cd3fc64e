/** Values of which parts lack. */

import { known } from '@posthorn/core'

type Undefinable<T> = { [Key in keyof T]: T[Key] | (object extends Pick<T, Key> ? undefined : never) }

/**
 * Leaves out the properties that are undefined.
 *
 * @internal
 */
export function defined<T extends object>(value: Undefinable<T>): T {
  return known(value) as T
}
