/** Runs to be compared, tiny: two relations, six features. */
import type { ComparedSite } from "../../lib/comparison/compared_side.ts";
import { noiseAt, siteOf } from "./selectivity_sites.ts";

/** Two groups; features 0 and 1 tell them apart, the others are noise; the last two may be slots. */
export function run(
  { seed = 0, strength = 1, slots = 2, sae = "sae", persons, names, ...how }: {
    /** How many wordings there are, and how far an activation goes with them. */
    wordings?: number;
    drift?: number;
    questionFile?: string;
    seed?: number;
    strength?: number;
    slots?: number;
    sae?: string;
    persons?: number;
    names?: string[];
  } = {},
): ComparedSite {
  const { wordings = 2, drift = 0, questionFile } = how;
  const selectivity = siteOf({
    groups: 2,
    features: 6,
    persons: persons ?? 40,
    wordings,
    ...(names !== undefined && { personNames: names }),
    value: (feature, group, person) =>
      (feature === group || feature - 4 === group ? strength : 0) +
      noiseAt(feature, group, person, seed) +
      drift * noiseAt(feature % 2, group, 77 + person % wordings),
  });
  return { selectivity, freeCount: 6 - slots, sae, questionFile };
}

/** Persons who are asked with wordings that matter. */
export const DRIFTING = { strength: 0.4, drift: 1, persons: 60 };
