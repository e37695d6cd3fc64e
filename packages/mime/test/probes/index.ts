/** All probes, by what they are of. */

import { CHARSET_PROBES } from './charset.ts'
import { ENCODING_PROBES } from './encoding.ts'
import { HEADER_PROBES } from './header.ts'
import { MULTIPART_PROBES } from './multipart.ts'
import type { Probe } from './probe.ts'
import { TYPE_PROBES } from './type.ts'

export const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  Headers: HEADER_PROBES,
  'Types and boundaries': TYPE_PROBES,
  Parts: MULTIPART_PROBES,
  'Transfer encodings': ENCODING_PROBES,
  'Charsets and lines': CHARSET_PROBES,
}
