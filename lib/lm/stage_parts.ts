/**
 * What belongs to a stage of a decoder: its weights, the sites that it comes to, where it ends.
 *
 * @module
 */
import type { WeightSource } from "../compute/session_weights.ts";
import type { Decoder } from "./decoder.ts";
import { type Stage, weightShapes } from "./decoder_depth.ts";
import { compareSites, deepestSite, type Site } from "./site.ts";
import type { WeightsAhead } from "./weight_reader.ts";

/** What runs in stages. */
export interface StagesInput {
  /** The model. */
  readonly decoder: Decoder;
  /** The sites wanted, in any order. */
  readonly sites: readonly Site[];
  /** Where the weights are, by their names without a prefix. */
  readonly weights: ReadonlyMap<string, WeightSource>;
  /** The token ids of each prompt. */
  readonly prompts: readonly (readonly number[])[];
  /** Whether the states of all tokens are wanted. Default: those of the last tokens. */
  readonly everyToken?: boolean | undefined;
  /** What was seen of the weights ahead, for native code. Default: they are looked at now. */
  readonly seen?: Promise<WeightsAhead> | undefined;
}

/** Where the weights of a stage are, by their names without a prefix. */
export function stageWeights(
  { decoder, sites, weights }: Pick<StagesInput, "decoder" | "sites" | "weights">,
  stage: Stage,
): Map<string, WeightSource> {
  const names = [...weightShapes(decoder, sites, stage).keys()];
  return new Map(names.map((name) => [name, weights.get(name)!]));
}

/** The sites that a stage comes to: what a stage begins with is its own, not the one's before. */
export function stageSites(
  sites: readonly Site[],
  stages: readonly Stage[],
  index: number,
): Site[] {
  const { first, end } = stages[index]!;
  const isLast = isLastEnd(stages, end);
  return sites.filter((site) => {
    if (site.point === "final") return isLast;
    return site.block >= first && (isLast || site.block < end);
  });
}

/** The deepest site that a stage comes to. */
export function stageEnd(sites: readonly Site[], stages: readonly Stage[], { end }: Stage): Site {
  const deepest = deepestSite(sites);
  const post: Site = { block: end - 1, point: "post" };
  return end > 0 && compareSites(post, deepest) < 0 && !isLastEnd(stages, end) ? post : deepest;
}

function isLastEnd(stages: readonly Stage[], end: number): boolean {
  return end === stages.at(-1)!.end;
}
