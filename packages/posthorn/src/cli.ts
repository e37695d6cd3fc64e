#!/usr/bin/env node
/** The command line tool: finds the command, runs it, and turns errors into one line and an exit code. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MailError } from '@posthorn/core'
import { DEMO_USAGE, parseDemoOptions } from './demo/options.ts'
import { runDemo } from './demo/run.ts'
import { createStage } from './demo/stage.ts'
import { painter, wantsColour } from './terminal.ts'

const USAGE = `Usage: posthorn <command> [options]

  demo        sends a message from end to end and shows every step; see posthorn demo --help

  --help      shows this
  --version   shows the version
`

const FAILED = 1
const BAD_USAGE = 2

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args
  const asksForHelp = args.includes('--help') || args.includes('-h')
  if (command === 'demo') return asksForHelp ? show(DEMO_USAGE) : demo(rest)
  if (asksForHelp) return show(USAGE)
  if (command === '--version') return show(`${version()}\n`)
  process.stderr.write(USAGE)
  return BAD_USAGE
}

function show(text: string): number {
  process.stdout.write(text)
  return 0
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

async function demo(args: readonly string[]): Promise<number> {
  const paint = painter(wantsColour(process.stdout, process.env))
  const stage = createStage((line) => process.stdout.write(`${line}\n`), paint, process.stdout.columns ?? 100)
  const passed = await runDemo(parseDemoOptions(args, fileURLToPath(new URL('../README.md', import.meta.url))), stage)
  return passed ? 0 : FAILED
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const code = error instanceof MailError ? error.code : undefined
  process.stderr.write(
    `posthorn: ${error instanceof Error ? error.message : String(error)}${code ? ` [${code}]` : ''}\n`,
  )
  process.exitCode = code === 'POSTHORN_BAD_USAGE' || code === 'MAILER_BAD_URL' ? BAD_USAGE : FAILED
}
