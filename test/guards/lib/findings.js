/** How every guard reports: one line a finding, and exit code 1 when there is any. */
import { display } from './workspace.js'

export class Findings {
  #lines = []

  /**
   * @param {string} file Where; absolute.
   * @param {number | undefined} line Counted from 1.
   * @param {string} message What is wrong.
   */
  add(file, line, message) {
    this.#lines.push(`${display(file)}${line ? `:${line}` : ''}: ${message}`)
  }

  get count() {
    return this.#lines.length
  }

  /**
   * @param {string} guard Its name.
   * @param {string} checked What was looked at, for the line that says all is well.
   */
  finish(guard, checked) {
    for (const line of this.#lines.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) console.log(line)
    console.log(`${guard}: ${this.count === 0 ? `clean (${checked})` : `${this.count} finding(s)`}`)
    process.exitCode = this.count === 0 ? 0 : 1
  }
}
