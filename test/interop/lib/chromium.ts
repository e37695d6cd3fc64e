/** Chromium for tests, by the `playwright` of test/runtimes, which the default install leaves out. */
import { createRequire } from 'node:module'
import { CHROMIUM_ARGS, findChromium } from '../../browser/chromium.js'

/** As much of a page as the tests use. */
export interface Page {
  goto(url: string): Promise<unknown>
  fill(selector: string, text: string): Promise<void>
  click(selector: string): Promise<void>
  setInputFiles(selector: string, files: readonly FilePayload[]): Promise<void>
  /** Runs an expression in the page; the tests know no DOM, so it is a text. */
  evaluate(expression: string): Promise<unknown>
  addInitScript(script: { readonly content: string }): Promise<unknown>
  waitForSelector(selector: string, options?: { readonly timeout?: number }): Promise<unknown>
  on(event: 'dialog', listener: (dialog: { accept(): Promise<void> }) => void): void
  on(event: 'pageerror', listener: (error: Error) => void): void
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void
  screenshot(options: { readonly path: string; readonly fullPage?: boolean }): Promise<unknown>
  close(): Promise<void>
}

/** A file as a person would choose it. */
export interface FilePayload {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** How a window looks. */
export interface PageOptions {
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
}

/** A browser at work. */
export interface Browser {
  newPage(options?: PageOptions): Promise<Page>
  close(): Promise<void>
}

interface Playwright {
  readonly chromium: {
    launch(options: { readonly executablePath: string | undefined; readonly args: readonly string[] }): Promise<Browser>
  }
}

/** Starts a Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  const require = createRequire(new URL('../../runtimes/package.json', import.meta.url))
  const { chromium } = require('playwright') as Playwright
  return chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
}
