/**
 * The one file of a zip archive: its directory, and where the file stands (APPNOTE.TXT 6.3, section 4.3).
 * Out of scope: encryption, archives over 4 GiB, methods other than deflate.
 */

import { decodeUtf8, type MailError } from '@posthorn/core'
import type { ReportDefects } from './defect.ts'
import { reportFault } from './error.ts'
import { type InflateBudget, type Inflated, inflate } from './inflate.ts'

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_SIZE = 22
const CENTRAL_SIZE = 46
const LOCAL_SIZE = 30
const MAX_COMMENT = 65_535
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 1
const SIZE_BEHIND = 8
const NOT_HERE = 0xffffffff

interface ZipFile {
  readonly name: string
  readonly flags: number
  readonly method: number
  /** Compressed; nothing where it is not told. */
  readonly size?: number
  /** Where its local header stands. */
  readonly at: number
}

/** @internal */
export interface ZipOptions {
  readonly maxFiles: number
  readonly budget: InflateBudget
  readonly defects: ReportDefects
}

/**
 * Gives the content of the file of an archive that is most likely the report. Names are but data here.
 *
 * @internal
 * @throws {MailError} `DMARC_REPORT_UNREADABLE` where there is none, or it is encrypted; `DMARC_REPORT_TOO_LARGE` beyond
 * the budget, or with more files than may be.
 */
export function unzip(data: Uint8Array, { maxFiles, budget, defects }: ZipOptions): Inflated {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const listed = readDirectory(data, view, maxFiles)
  const files = listed ?? firstFile(data, view)
  const candidates = files.filter(({ name }) => !name.endsWith('/') && !name.startsWith('__MACOSX/'))
  const file = candidates.find(({ name }) => /\.xml$/i.test(name)) ?? candidates[0]
  if (!file) throw unreadable('its archive holds no file')
  if (candidates.length > 1) defects.tell('several-files', '', candidates.map(({ name }) => name).join(' '))
  const content = contentOf(data, view, file)
  if (file.flags & ENCRYPTED) throw unreadable('its archive is encrypted')
  if (file.method === STORED) {
    budget.check(content.length)
    return { bytes: content, complete: listed !== undefined }
  }
  if (file.method !== DEFLATED) throw unreadable(`its archive is compressed by method ${file.method}`)
  const { bytes, complete } = inflate(content, 'deflate', budget)
  return { bytes, complete: complete && listed !== undefined }
}

function unreadable(what: string): MailError {
  return reportFault('DMARC_REPORT_UNREADABLE', `read report: ${what}`, 'rfc9990#section-3.5.2')
}

// The end of the directory is looked for from the end of the archive, behind which a comment may stand.
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_SIZE - MAX_COMMENT)
  for (let at = view.byteLength - END_SIZE; at >= first; at--) if (view.getUint32(at, true) === END) return at
  return -1
}

// The files that the directory lists; nothing where there is no directory, or it is broken.
function readDirectory(data: Uint8Array, view: DataView, maxFiles: number): readonly ZipFile[] | undefined {
  const end = findEnd(view)
  if (end < 0) return undefined
  const count = view.getUint16(end + 10, true)
  if (count > maxFiles) {
    throw reportFault('DMARC_REPORT_TOO_LARGE', `read report: its archive lists ${count} files`, 'rfc9990#section-8.1')
  }
  const files: ZipFile[] = []
  let at = view.getUint32(end + 16, true)
  for (let left = count; left > 0; left--) {
    if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL) return undefined
    const nameLength = view.getUint16(at + 28, true)
    files.push({
      name: decodeUtf8(data.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      size: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    })
    at += CENTRAL_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return files
}

// Of an archive that was cut off the first file is still there.
function firstFile(data: Uint8Array, view: DataView): readonly ZipFile[] {
  if (data.length < LOCAL_SIZE || view.getUint32(0, true) !== LOCAL) return []
  const flags = view.getUint16(6, true)
  const name = decodeUtf8(data.subarray(LOCAL_SIZE, LOCAL_SIZE + view.getUint16(26, true)))
  const size = flags & SIZE_BEHIND ? {} : { size: view.getUint32(18, true) }
  return [{ name, flags, method: view.getUint16(8, true), at: 0, ...size }]
}

function contentOf(data: Uint8Array, view: DataView, { at, size = data.length }: ZipFile): Uint8Array {
  if (at === NOT_HERE || at + LOCAL_SIZE > data.length || view.getUint32(at, true) !== LOCAL) {
    throw unreadable('its archive is damaged')
  }
  const start = at + LOCAL_SIZE + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  return data.subarray(start, start + size)
}
