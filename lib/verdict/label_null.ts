/**
 * How far would the farthest feature be if the relations' names meant nothing? Labels are permuted,
 * within persons where they can be, and of each arrangement the largest score over features, relations and sites counts.
 *
 * @module
 */
import { maxT, permutedGroups } from "../stats/max_t.ts";
import { blockScores, type PersonBlocks, personBlocks } from "../stats/person_blocks.ts";
import { personsActive } from "../stats/persons_active.ts";
import type { Part, Questions } from "./questions.ts";
import { column, listedFree, type Site } from "./site.ts";

/** Features that fewer persons have active are left out: they would set the border for all. */
export const LEAST_ACTIVE = 20;
/** The seed of the arrangements: the same at every site, so that their largest scores belong together. */
const SEED = 2;
/** A feature passes if so few of the arrangements reach it. */
const LEVEL = 0.05;

/** What was found at a site. */
export interface SiteScores {
  /** How many listed features at least twenty persons have active. */
  readonly features: number;
  /** x²/σ² of each of them for each group. */
  readonly squares: Float64Array;
  /** The largest of all, in each arrangement. */
  readonly largest: Float64Array;
}

/** What permuting shows at a site. */
export interface LabelNull {
  /** How many listed features were looked at. */
  readonly features: number;
  /** How many pairs of a feature and a relation were looked at. */
  readonly tests: number;
  /** How many of these pass: p over all sites is at most .05. */
  readonly passing: number;
  /** The largest |x|/σ. */
  readonly largest: number | null;
}

/** What permuting shows over all sites. */
export interface LabelNulls {
  /** Among what labels were permuted. */
  readonly permuted: Permuted;
  /** How many arrangements there are. */
  readonly permutations: number;
  /** |x|/σ that 95 % of the arrangements do not reach anywhere; null if too few were drawn. */
  readonly border: number | null;
  /** Site by site. */
  readonly sites: readonly LabelNull[];
}

/** The scores of a site's listed free features on the half on which they were not chosen. */
export function siteScores(
  site: Site,
  questions: Questions,
  { part, permutations }: { part: Part; permutations: number },
): SiteScores {
  const threshold = site.found.record.activation_threshold;
  const blocks = blocksOf(questions, part);
  const scores = listedFree(site).map((feature) => column(site, feature, part))
    .filter((values) => personsActive(values, part.persons, threshold) >= LEAST_ACTIVE)
    .map((values) => blockScores(values, blocks));
  const { squares, largest } = maxT(
    scores,
    blocks,
    permutedGroups(blocks, { permutations, seed: SEED }),
  );
  return { features: scores.length, squares, largest };
}

/** Puts the sites together. */
export function labelNulls(
  sites: readonly SiteScores[],
  { permutations, permuted }: { permutations: number; permuted: Permuted },
): LabelNulls {
  const largest = new Float64Array(permutations);
  for (const site of sites) {
    site.largest.forEach((square, i) => largest[i] = Math.max(largest[i]!, square));
  }
  largest.sort();
  // p = (b + 1)/(B + 1) is at most .05 where at most so many reach it.
  const mayReach = Math.floor(LEVEL * (permutations + 1)) - 1;
  const border = mayReach < 0 ? null : largest[permutations - 1 - mayReach]!;
  return {
    permuted,
    permutations,
    border: border === null ? null : Math.sqrt(border),
    sites: sites.map(({ features, squares }) => ({
      features,
      tests: squares.length,
      passing: border === null ? 0 : squares.reduce((n, square) => n + Number(square > border), 0),
      largest: squares.length === 0
        ? null
        : Math.sqrt(squares.reduce((most, square) => Math.max(most, square), 0)),
    })),
  };
}

/**
 * Among what labels are permuted: within each person; among persons, where none of them is asked about two
 * relations; among questions, where persons are not known.
 */
export type Permuted = "within persons" | "among persons" | "among questions";

/** Among what the labels of a part's questions are permuted. */
export function permutedAmong(questions: Questions, { groups, persons }: Part): Permuted {
  if (!questions.arePersonsKnown) return "among questions";
  return personBlocks(groups, persons).isWithinPersons ? "within persons" : "among persons";
}

/** Blocks whose labels are permuted within persons; among all, where no person has two relations. */
export function blocksOf(
  { arePersonsKnown }: Pick<Questions, "arePersonsKnown">,
  { groups, persons }: Pick<Part, "groups" | "persons">,
): PersonBlocks {
  const blocks = personBlocks(groups, arePersonsKnown ? persons : undefined);
  if (blocks.isWithinPersons) return blocks;
  return { ...blocks, starts: Int32Array.of(0, blocks.groupOf.length) };
}
