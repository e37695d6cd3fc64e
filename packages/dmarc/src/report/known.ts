/** Values of which some are not known. */

type Known<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> }

/**
 * Leaves out what is not known.
 *
 * @internal
 */
export function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Known<T>
}
