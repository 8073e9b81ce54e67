/**
 * What can be asked of the pictures of results by name, kept apart from what it takes to draw them.
 *
 * @module
 */

/** How many features the picture of the most active ones shows if nothing is said: the guide's. */
export const TOP_FEATURES = 50;

/**
 * How features are chosen: for each relation its strongest and most selective ones, or the selective
 * ones alone, or those with the highest mean over all relations, as AlignSAE's script does.
 */
export const FEATURE_RANKS = ["relation", "selective", "mean"] as const;

/** A way to choose features. */
export type FeatureRank = (typeof FEATURE_RANKS)[number];
