export type { SvgFinding } from './svg/finding.ts'
export { lintSvg } from './svg/lint.ts'
export type { SvgRule, SvgSeverity } from './svg/rules.ts'
