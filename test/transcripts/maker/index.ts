/** Runs each tool through its dialogues, and writes its logs with what should be read from them. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../interop/lib/process.ts'
import { DIALOGUES, loginBy } from './dialogues.ts'
import { expectDialogue } from './expectation.ts'
import type { Turn } from './recorder.ts'
import { rewriter } from './rewrite.ts'
import { type Sink, startSink } from './sink.ts'
import type { Tool } from './tool.ts'
import { CAPTURES } from './tools/captures.ts'
import { COMMANDS } from './tools/commands.ts'
import { EXIM } from './tools/exim.ts'
import { LIBRARIES } from './tools/libraries.ts'
import { OTHERS } from './tools/others.ts'
import { POSTFIX } from './tools/postfix.ts'

const TOOLS: readonly Tool[] = [...COMMANDS, ...LIBRARIES, ...POSTFIX, ...EXIM, ...OTHERS, ...CAPTURES]

async function versionOf({ version }: Tool): Promise<string | undefined> {
  if (!version) return undefined
  const [command = '', ...args] = version
  const { stdout, stderr } = await run(command, args)
  return `${stdout}${stderr}`.split('\n')[0]?.trim()
}

function rewriteTurn(turn: Turn, rewrite: (text: string) => string): Turn {
  return 'text' in turn ? { ...turn, text: rewrite(turn.text) } : turn
}

async function runTool(tool: Tool, sink: Sink, folder: string): Promise<void> {
  const version = await versionOf(tool)
  const rewrite = rewriter(sink, tool.rewrites)
  const usual = DIALOGUES.filter(({ name }) => tool.dialogues?.includes(name) ?? true)
  for (const dialogue of [...usual, ...(tool.mechanisms ?? []).map(loginBy)]) {
    const before = sink.sessions.length
    const log = await tool.run(dialogue, sink)
    const { text, turns } = typeof log === 'string' ? { text: log, turns: undefined } : log
    const session = sink.sessions[before]
    if (turns === undefined) await session?.ended
    const rewritten = rewrite(text).trimEnd()
    const said = (turns ?? session?.turns ?? []).map((turn) => rewriteTurn(turn, rewrite))
    const { name, format, perspective } = tool
    const facts = { tool: name, ...(version && { version }), dialogue: dialogue.name, format, perspective }
    const expectation = (tool.expect ?? expectDialogue)(facts, rewritten, said, tool)
    const file = join(folder, name, dialogue.name)
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(`${file}.txt`, `${rewritten}\n`)
    writeFileSync(`${file}.json`, `${JSON.stringify(expectation, null, 2)}\n`)
    console.log(`${name} ${dialogue.name}: ${rewritten.split('\n').length} lines, ${said.length} turns`)
  }
}

/** Makes the logs of all tools, or of those that are named. */
export async function makeCorpus(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const sink = await startSink()
  try {
    for (const tool of TOOLS) {
      if (names.length > 0 && !names.includes(tool.name)) continue
      await runTool(tool, sink, folder)
      await tool.stop?.()
    }
  } finally {
    await sink.stop()
  }
}
