/**
 * The truth of a law: what very many persons give.
 *
 * @module
 */
import { doubledMidranks } from "../../lib/stats/doubled_midranks.ts";
import { topFeatures } from "../../lib/stats/top_features.ts";
import { drawWorld, type World } from "./draw.ts";
import { type Law, RELATIONS } from "./law.ts";

/** How many persons the truth is of: its own error is then a seventeenth of that of 200 persons. */
export const TRUTH_PERSONS = 60_000;

/** What is true at a layer. */
export interface LayerTruth {
  /** The AUROC of each feature for each relation, slots after the free features, `[features][relations]`. */
  readonly auroc: readonly (readonly number[])[];
  /** The AUROC of each relation's slot; empty without slots. */
  readonly slotAuroc: readonly number[];
  /** The mean of each relation's own slot on its questions; empty without slots. */
  readonly own: readonly number[];
  /** The same of the other slots. */
  readonly others: readonly number[];
  /** The mean over relations of own less others. */
  readonly gap: number;
  /** In what share of each relation's questions its slot is the largest; empty without slots. */
  readonly bound: readonly number[];
  /** The same of all questions. */
  readonly boundOfAll: number;
}

/** A law's truth. */
export interface Truth {
  /** Layer by layer. */
  readonly layers: readonly LayerTruth[];
  /** The world that it is of. */
  readonly world: World;
}

/** Finds the truth. */
export function truthOf(law: Law, persons: number): Truth {
  const world = drawWorld(law, persons, 0);
  return { world, layers: law.layers.map((_, layer) => layerTruth(world, layer)) };
}

/** The mean of some numbers. */
export function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function layerTruth({ law, questions, columns }: World, layer: number): LayerTruth {
  const { free, slots } = law.layers[layer]!;
  const places = RELATIONS.map((own) =>
    [...questions.keys()].filter((i) => questions[i]!.relation === own)
  );
  const auroc = columns[layer]!.map((column) => {
    const ranks = doubledMidranks(column);
    return places.map((at) => rankAuroc(at.reduce((sum, i) => sum + ranks[i]!, 0), at, ranks));
  });
  const slotColumns = columns[layer]!.slice(free.length);
  const means = slotColumns.map((column) =>
    places.map((at) => at.reduce((sum, i) => sum + column[i]!, 0) / at.length)
  );
  const own = slots.map((_, slot) => means[slot]![slot]!);
  const others = slots.map((_, relation) =>
    meanOf(means.filter((_, slot) => slot !== relation).map((each) => each[relation]!))
  );
  const right = slots.map((_, relation) =>
    places[relation]!.filter((i) =>
      topFeatures(slotColumns.map((column) => column[i]!), 1)[0] === relation
    ).length
  );
  return {
    auroc,
    slotAuroc: slots.map((_, slot) => auroc[free.length + slot]![slot]!),
    own,
    others,
    gap: meanOf(own) - meanOf(others),
    bound: right.map((count, relation) => count / places[relation]!.length),
    boundOfAll: right.reduce((sum, count) => sum + count, 0) / questions.length,
  };
}

/** The AUROC by a sum of doubled midranks. */
function rankAuroc(sum: number, { length }: readonly number[], ranks: Float64Array): number {
  return (sum - length * (length + 1)) / (2 * length * (ranks.length - length));
}
