/** The texts that BIMI is read from; each is a draft, so that the version is part of the name. */

/** @internal */
export const BIMI_DRAFT = 'draft-brand-indicators-for-message-identification-14'
