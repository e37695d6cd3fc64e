import { encodeLatin1 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { MessageParser, type MimePart } from '../src/index.ts'
import { readProbe } from './probe-reading.ts'
import { PROBES } from './probes/index.ts'
import type { Probe } from './probes/probe.ts'

// What is read of messages that can be read in several ways. Others are compared with it in test/interop, and
// docs/differences.md has it as a table; addresses and single values have tables of their own there.
describe.each(Object.entries(PROBES))('parseMessage: %s', (_, probes) => {
  test.each(probes.map((probe): [string, Probe] => [`${probe.name} [${probe.spec}]`, probe]))('%s', (_name, probe) => {
    const { reading, told } = readProbe(probe.input)
    const asked = Object.keys(probe.reads) as (keyof typeof reading)[]
    expect(Object.fromEntries(asked.map((key) => [key, reading[key]]))).toEqual(probe.reads)
    expect(told).toEqual(probe.tells ?? [])
  })
})

test('parseMessage: no two probes have one name', () => {
  const names = Object.values(PROBES).flatMap((probes) => probes.map(({ name }) => name))
  expect(new Set(names).size).toBe(names.length)
})

test.each([1, 2, 5])('MessageParser: a probe that comes %i octets at a time has the same outline', (size) => {
  const shape = ({ path, header, body, parts }: MimePart): unknown => [path, header, body, parts.map(shape)]
  const outline = (input: Uint8Array, step: number): unknown => {
    const parser = new MessageParser()
    for (let start = 0; start < input.length; start += step) parser.push(input.slice(start, start + step))
    parser.end()
    return [shape(parser.root!), parser.defects.map(({ code, part }) => `${code} ${part}`)]
  }
  for (const { name, input } of Object.values(PROBES).flat()) {
    const octets = encodeLatin1(input)
    expect([name, outline(octets, size)]).toEqual([name, outline(octets, octets.length + 1)])
  }
})
