/** What a runtime is to the runner. */

/**
 * @typedef {(origin?: string) => Promise<import('../suite/check.js').Target | undefined>} TargetFor
 * Gives the server of the run, whose bridge takes pages of this origin; nothing where there is no server.
 * @typedef {{ targetFor: TargetFor, suites: Record<string, Record<string, any>[]> }} Given
 * `suites`: cases of conformance suites, by suite.
 * @typedef {{
 *   name: string,
 *   version: string,
 *   pinned: boolean,
 *   run: (given: Given, onLine: (line: string) => void) => Promise<string>,
 * }} Host
 * `pinned`: the version is that of test/runtimes/package.json, not the machine's. `run` resolves, when the runtime has ended, to what it had to complain of.
 */
