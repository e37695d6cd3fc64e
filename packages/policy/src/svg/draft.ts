/** @internal */
export const SVG_DRAFT = 'draft-svg-tiny-ps-abrotman-12'
