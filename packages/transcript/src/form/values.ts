/** Values of JSON that anybody may have written: taken as what they should be, or not at all. */

/** The members of an object. */
export type Values = Readonly<Record<string, unknown>>

const MAX_TEXTS = 1000

/** Reads an object; one without members for anything else. */
export function valuesOf(text: string): Values {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

/** Takes a value for an object. */
export function objectOf(value: unknown): Values {
  return typeof value === 'object' && value !== null ? (value as Values) : {}
}

/** Takes a value for a list of texts. */
export function textsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.slice(0, MAX_TEXTS).map((text) => (typeof text === 'string' ? text : ''))
}

/** Takes a value for a text. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Takes a value for a number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** Takes a value for one of those that there are. */
export function oneOf<T>(all: readonly T[], value: unknown): T | undefined {
  return all.find((one) => one === value)
}

/** Gives the members that are texts, and not empty. */
export function strings(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  )
}
