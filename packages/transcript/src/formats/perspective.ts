/** Whose view a log is. */

import type { Marks } from '../payload/roles.ts'
import type { Perspective } from '../session.ts'
import type { Format } from './format.ts'

/** Says whose view a log is: in some formats only who speaks under which mark tells. */
export function perspectiveOf({ id, perspective }: Format, { roles }: Marks): Perspective {
  if (id !== 'exim' && id !== 'mdaemon') return perspective
  const incoming = id === 'exim' ? '<<' : '<--'
  for (const [signature, role] of roles)
    if (signature.includes(incoming)) return role === 'client' ? 'server' : 'client'
  return perspective
}
