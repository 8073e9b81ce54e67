import type { SummaryContext } from "../../lib/results/summarize_analysis.ts";
import { layerRecord } from "./layer_results.ts";

/** What a summary of layers by `layerRecord` says beside them. */
export const CONTEXT: SummaryContext = {
  samplesPerRelation: 2,
  relations: layerRecord().relations,
  skipped: [],
  provenances: Array(12).fill(layerRecord().provenance), // one for each layer, all alike
};
