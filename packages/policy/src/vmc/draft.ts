/** @internal */
export const MARK_DRAFT = 'draft-fetch-validation-vmc-wchuang-11'
