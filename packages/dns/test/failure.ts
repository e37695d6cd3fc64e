import { MailError } from '@posthorn/core'

/** The code with which an action fails; anything but a `MailError` passes through. */
export async function failureOf(action: () => unknown): Promise<string | undefined> {
  try {
    await action()
    return undefined
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}
