/**
 * Worlds of known laws: how often what a verdict and a comparison derive holds the truth, and what they
 * say where nothing is to be found.
 *
 * @module
 */
import type { GrowthOptions } from "./growth.ts";
import type { Table } from "./table.ts";
import { coverageOfDerived } from "./worlds/coverage.ts";
import { biasOfChosen } from "./worlds/chosen.ts";
import { coverageNearOne } from "./worlds/near_one.ts";
import { nullLists } from "./worlds/null_lists.ts";
import { nullSentences } from "./worlds/null_sentences.ts";
import { sharedWordings } from "./worlds/shared_wordings.ts";

/** A single AUROC takes little time, and has so many more draws. */
const SINGLE = 5;

/** Draws worlds, so many of each law; the same number of them gives the same tables. */
export function measureWorlds(
  { draws, log }: Pick<GrowthOptions, "log"> & { draws: number },
): Table[] {
  const derived = coverageOfDerived({ draws, log });
  log("single AUROCs near 1");
  const near = coverageNearOne({ draws: SINGLE * draws });
  log("what is chosen among equals");
  const chosen = biasOfChosen({ draws });
  log("wordings that both halves have");
  const worded = sharedWordings({ draws });
  const sentences = nullSentences({ draws, log });
  log("lists and runs that do not differ");
  return [...derived, near, chosen, worded, sentences, nullLists({ draws })];
}
