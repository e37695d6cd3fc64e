/** What is looked for in an indicator: how much it matters, and what to do about it. */

/** How much a finding matters: `error` is outside the profile, `warning` may look wrong, `info` is worth knowing. */
export type SvgSeverity = 'error' | 'warning' | 'info'

/** What is looked for. */
export type SvgRule =
  | 'animation'
  | 'base-profile'
  | 'doctype'
  | 'empty-title'
  | 'event-attribute'
  | 'external-reference'
  | 'foreign-element'
  | 'foreign-object'
  | 'interaction'
  | 'long-title'
  | 'missing-title'
  | 'missing-view-box'
  | 'namespace'
  | 'no-description'
  | 'not-square'
  | 'not-svg'
  | 'not-utf8'
  | 'not-well-formed'
  | 'processing-instruction'
  | 'raster'
  | 'root-position'
  | 'script'
  | 'several-titles'
  | 'style'
  | 'too-deep'
  | 'too-large'
  | 'too-many-uses'
  | 'unknown-attribute'
  | 'unknown-element'
  | 'version'

/** @internal */
export interface SvgRuleText {
  readonly severity: SvgSeverity
  readonly text: string
}

function error(text: string): SvgRuleText {
  return { severity: 'error', text }
}

/** @internal */
export const SVG_RULES: Readonly<Record<SvgRule, SvgRuleText>> = {
  animation: error('The profile has no animation; take the element out.'),
  'base-profile': error('Write baseProfile="tiny-ps" in the svg element.'),
  doctype: error('A document type may define entities and load files; take it out.'),
  'empty-title': error('The title is empty; write the name of the brand.'),
  'event-attribute': error('The profile has no scripts; take the attribute out.'),
  'external-reference': error(
    'Only what is in the file may be referred to, as href="#name"; bring it in, or take it out.',
  ),
  'foreign-element': error('The element is not of SVG; save without the data of the editor.'),
  'foreign-object': error('Other languages inside the image are not allowed; take the element out.'),
  interaction: error('The profile has no links and nothing that reacts; take the element out.'),
  'long-title': {
    severity: 'warning',
    text: 'The title is longer than 64 characters; shorten it to the name of the brand.',
  },
  'missing-title': error('Write <title>, with the name of the brand, right inside the svg element.'),
  'missing-view-box': {
    severity: 'warning',
    text: 'Write viewBox="0 0 size size" in the svg element, so that the image can be scaled.',
  },
  namespace: error('Write xmlns="http://www.w3.org/2000/svg" in the svg element, and no other namespace for elements.'),
  'no-description': { severity: 'info', text: 'A <desc> would tell of the image those who do not see it.' },
  'not-square': {
    severity: 'warning',
    text: 'The image is not square, so that it is cut or gets borders; make width and height the same.',
  },
  'not-svg': error('The outermost element is not svg.'),
  'not-utf8': error('The file is not UTF-8, or says that it is not; save it as UTF-8.'),
  'not-well-formed': error('The file is not well-formed XML; nothing after this place was read.'),
  'processing-instruction': error('An instruction may load a style sheet; take it out.'),
  raster: error('The profile has no bitmaps, sounds or films; draw the image with paths.'),
  'root-position': error('The svg element must have neither x nor y; take the attribute out.'),
  script: error('The profile has no scripts; take the element out.'),
  'several-titles': error('There is more than one title right inside the svg element; leave one.'),
  style: error('The profile has no style sheets; write attributes such as fill="#000".'),
  'too-deep': error('Elements stand more than 100 deep inside each other; nothing after this place was read.'),
  'too-large': error('The file has more than 32,768 octets; simplify its paths.'),
  'too-many-uses': error(
    'What refers to itself, or is repeated more than 10,000 times, would keep whoever draws it busy; unfold it.',
  ),
  'unknown-attribute': error('The profile does not know the attribute on this element; take it out.'),
  'unknown-element': error('The profile does not know the element; draw it with paths.'),
  version: error('Write version="1.2" in the svg element.'),
}
