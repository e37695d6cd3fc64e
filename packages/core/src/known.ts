/** Values of which some are not known. */

/** The properties of `T`, each absent where it may be undefined. */
export type Known<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> }

/**
 * Leaves out the properties that are undefined.
 *
 * @param values Any properties.
 * @returns Those that have a value, in the same order.
 * @example
 * known({ a: 1, b: undefined }) // { a: 1 }
 */
export function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Known<T>
}
