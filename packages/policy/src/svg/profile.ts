/**
 * The elements and attributes of SVG Tiny Portable/Secure: draft-svg-tiny-ps-abrotman-12 section 2, on SVG Tiny 1.2
 * (appendix K for the elements, J for the attributes).
 */

import type { SvgRule } from './rules.ts'

const words = (text: string): readonly string[] => text.split(' ')

const CORE = words(
  'about class content datatype id property rel resource rev role typeof xml:base xml:id xml:lang xml:space',
)
const CONDITIONAL = words('requiredExtensions requiredFeatures requiredFonts requiredFormats systemLanguage')
const PRESENTATION = words(
  'color color-rendering direction display display-align fill fill-opacity fill-rule font-family font-size font-style ' +
    'font-variant font-weight line-increment shape-rendering solid-color solid-opacity stop-color stop-opacity stroke ' +
    'stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width ' +
    'text-align text-anchor text-rendering unicode-bidi vector-effect viewport-fill viewport-fill-opacity visibility',
)
const DRAWN = [...CORE, ...CONDITIONAL, ...PRESENTATION, 'transform']
const PAINT = [...CORE, ...PRESENTATION]

function attributes(all: readonly string[], own = ''): ReadonlySet<string> {
  return new Set([...all, ...words(own)])
}

/**
 * The attributes of each element that the profile has; those of namespaces, which are told apart elsewhere, left out.
 *
 * @internal
 */
export const ELEMENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'svg',
    attributes(
      PAINT,
      'baseProfile contentScriptType externalResourcesRequired focusable height playbackOrder preserveAspectRatio ' +
        'snapshotTime timelineBegin version viewBox width zoomAndPan',
    ),
  ],
  ['title', attributes([...CORE, ...CONDITIONAL, ...PRESENTATION])],
  ['desc', attributes([...CORE, ...CONDITIONAL, ...PRESENTATION])],
  ['metadata', attributes([...CORE, ...CONDITIONAL, ...PRESENTATION])],
  ['g', attributes(DRAWN)],
  ['defs', attributes(PAINT)],
  ['use', attributes(DRAWN, 'href x y')],
  ['path', attributes(DRAWN, 'd pathLength')],
  ['rect', attributes(DRAWN, 'height rx ry width x y')],
  ['circle', attributes(DRAWN, 'cx cy r')],
  ['ellipse', attributes(DRAWN, 'cx cy rx ry')],
  ['line', attributes(DRAWN, 'x1 x2 y1 y2')],
  ['polyline', attributes(DRAWN, 'points')],
  ['polygon', attributes(DRAWN, 'points')],
  ['text', attributes(DRAWN, 'rotate x y')],
  ['textArea', attributes(DRAWN, 'height width x y')],
  ['tspan', attributes([...CORE, ...CONDITIONAL, ...PRESENTATION])],
  ['tbreak', attributes([...CORE, ...CONDITIONAL])],
  ['solidColor', attributes(PAINT)],
  ['linearGradient', attributes(PAINT, 'gradientUnits x1 x2 y1 y2')],
  ['radialGradient', attributes(PAINT, 'cx cy gradientUnits r')],
  ['stop', attributes(PAINT, 'offset')],
  ['font', attributes(CORE, 'horiz-adv-x horiz-origin-x')],
  [
    'font-face',
    attributes(
      CORE,
      'accent-height alphabetic ascent bbox cap-height descent font-family font-stretch font-style font-variant ' +
        'font-weight hanging ideographic mathematical overline-position overline-thickness panose-1 slope stemh stemv ' +
        'strikethrough-position strikethrough-thickness underline-position underline-thickness unicode-range ' +
        'units-per-em widths x-height',
    ),
  ],
  ['glyph', attributes(CORE, 'arabic-form d glyph-name horiz-adv-x lang unicode')],
  ['missing-glyph', attributes(CORE, 'd horiz-adv-x')],
  ['hkern', attributes(CORE, 'g1 g2 k u1 u2')],
])

function refused(rule: SvgRule, names: string): readonly (readonly [string, SvgRule])[] {
  return words(names).map((name) => [name, rule])
}

/**
 * Elements of SVG that the profile leaves out for a reason of their own.
 *
 * @internal
 */
export const REFUSED: ReadonlyMap<string, SvgRule> = new Map([
  ...refused('script', 'script handler'),
  ...refused('animation', 'animate animateColor animateMotion animateTransform discard mpath set'),
  ...refused('raster', 'audio feImage image video'),
  ...refused('foreign-object', 'foreignObject iframe'),
  ...refused('interaction', 'a cursor ev:listener listener prefetch view'),
  ...refused('style', 'style'),
])
