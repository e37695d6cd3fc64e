import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type DemoOptions, parseDemoOptions } from '../src/demo/options.ts'
import { type OwnServer, startOwnServer } from '../src/demo/own-server.ts'
import { runDemo } from '../src/demo/run.ts'
import { createStage } from '../src/demo/stage.ts'
import { columnsOf } from '../src/terminal.ts'

const out = mkdtempSync(join(tmpdir(), 'posthorn-test-'))
const attach = join(out, 'grüße.bin')
writeFileSync(
  attach,
  Uint8Array.from({ length: 1000 }, (_, index) => index & 255),
)
afterAll(() => rmSync(out, { recursive: true }))

async function perform(options: DemoOptions, columns = 100): Promise<{ passed: boolean; text: string }> {
  const lines: string[] = []
  const stage = createStage(
    (line) => lines.push(line),
    (_, text) => text,
    columns,
  )
  const passed = await runDemo(options, stage)
  for (const line of lines.filter((one) => !one.includes(out))) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
  return { passed, text: lines.join('\n') }
}

describe('posthorn demo', () => {
  test.each(['rsa-sha256', 'ed25519-sha256'])(
    'with its own server and %s: every step, and a message that verifies',
    async (algorithm) => {
      const attach = join(out, 'grüße.bin')
      writeFileSync(
        attach,
        Uint8Array.from({ length: 1000 }, (_, index) => index & 255),
      )
      const { passed, text } = await perform(parseDemoOptions(['--out', out, '--algorithm', algorithm], attach))
      expect(passed).toBe(true)
      for (const step of [
        'STARTTLS',
        'certificate verified',
        'AUTH SCRAM-SHA-256 ***',
        '550 5.1.1',
        '(the message, ',
        '221 2.0.0',
      ]) {
        expect(text).toContain(step)
      }
      expect(text).toMatch(/RCPT TO +<nobody@posthorn.example>\n +rejected/)
      expect(text).toContain('From        Zoë Ångström <zoe@posthorn.example>')
      expect(text).toContain(`pass for posthorn.example, ${algorithm}, relaxed/relaxed`)
      const eml = readFileSync(join(out, 'message.eml'), 'latin1')
      expect(eml).toMatch(/^DKIM-Signature: /)
      expect(eml).not.toMatch(/[^\0-\x7f]|[^\r]\n/)
      expect(readFileSync(join(out, 'dkim-record.txt'), 'utf8')).toMatch(
        /^demo\._domainkey\.posthorn\.example\. 3600 IN TXT "v=DKIM1; /,
      )
    },
  )

  test.each([60, 80, 140])('fits a terminal of %i columns', async (columns) => {
    const { passed } = await perform(parseDemoOptions(['--out', out], attach), columns)
    expect(passed).toBe(true)
  })

  describe('with a server that is there already', () => {
    async function sendTo(
      change: (server: OwnServer) => readonly string[],
    ): Promise<{ passed: boolean; text: string; server: OwnServer }> {
      const server = await startOwnServer()
      try {
        const ca = join(out, 'ca.pem')
        writeFileSync(ca, server.ca)
        const people = ['--from', 'zoe@posthorn.example', '--rcpt', 'yamada@posthorn.example', '--out', out]
        const options = parseDemoOptions([...people, ...change(server)], attach)
        return { ...(await perform(options)), server }
      } finally {
        await server.close()
      }
    }

    const urlOf = ({ url }: OwnServer, password = url.credentials!.password): string =>
      `smtp://${url.credentials!.username}:${encodeURIComponent(password)}@${url.host}:${url.port}`

    test('the message arrives, and no secret is shown', async () => {
      const { passed, text, server } = await sendTo((one) => ['--to', urlOf(one), '--insecure'])
      expect(passed).toBe(true)
      expect(text).toContain('certificate NOT verified')
      expect(text).not.toContain(server.url.credentials!.password)
      expect(server.arrivals).toHaveLength(1)
    })

    test('a certificate that proves the name asked for', async () => {
      const { passed, text } = await sendTo((one) => [
        ...['--to', urlOf(one), '--ca', join(out, 'ca.pem')],
        ...['--server-name', one.hostname],
      ])
      expect(passed).toBe(true)
      expect(text).toContain('certificate verified')
    })

    test.each([
      [
        'a certificate for another name',
        (one: OwnServer) => ['--to', urlOf(one), '--ca', join(out, 'ca.pem')],
        'NODE_TLS_FAILED',
      ],
      ['a wrong password', (one: OwnServer) => ['--to', urlOf(one, 'wrong'), '--insecure'], 'SMTP_AUTH_FAILED'],
    ])('%s: rejects', async (_, change, code) => {
      await expect(sendTo(change)).rejects.toMatchObject({ code })
    })

    test('a recipient that is refused: all is shown, and it did not go as it should', async () => {
      const { passed, text } = await sendTo((one) => [
        '--to',
        urlOf(one),
        '--insecure',
        '--rcpt',
        'nobody@posthorn.example',
      ])
      expect(passed).toBe(true)
      expect(text).toContain('rejected (550 5.1.1 No such user here)')
      const alone = await sendTo(({ url }) => ['--to', `smtp://${url.host}:${url.port}`, '--tls', 'none'])
      expect(alone.passed).toBe(false)
    })
  })
})

describe('parseDemoOptions', () => {
  test.each([
    [['--to', 'smtp://mx.example']],
    [['--to', 'smtp://mx.example', '--from', 'a@b.example']],
    [['--insecure']],
    [['--ca', 'file']],
    [['--server-name', 'mx.example']],
    [['--tls', 'maybe']],
    [['--algorithm', 'rsa-sha1']],
    [['--bogus']],
    [['--attach']],
    [['hunter2']],
  ])('%j: POSTHORN_BAD_USAGE', (args) => {
    let error: unknown
    try {
      parseDemoOptions(args, attach)
    } catch (cause) {
      error = cause
    }
    expect(error).toMatchObject({ code: 'POSTHORN_BAD_USAGE' })
    expect(String(error)).not.toContain('hunter2')
  })
})
