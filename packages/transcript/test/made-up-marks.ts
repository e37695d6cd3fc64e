/** Of what marks are made that no tool has. */

export const ARROWS = [
  '<',
  '>',
  '<<',
  '>>',
  '->',
  '<-',
  '-->',
  '<--',
  '=>',
  '<=',
  '>>>',
  '<<<',
  '~>',
  '#',
  '|',
  '%',
  '$',
  '@',
]

export const WORDS = ['C:', 'S:', 'in', 'out', 'rx', 'tx', 'client', 'server', 'sent', 'recv', 'us', 'them']
