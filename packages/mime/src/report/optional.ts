/** Values of which parts lack. */

type Undefinable<T> = { [Key in keyof T]: T[Key] | (object extends Pick<T, Key> ? undefined : never) }

/**
 * Leaves out the properties that are undefined.
 *
 * @internal
 */
export function defined<T extends object>(value: Undefinable<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}
