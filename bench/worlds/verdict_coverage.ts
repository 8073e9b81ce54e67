/**
 * How often the intervals of the numbers that a verdict derives hold the truth.
 *
 * @module
 */
import type { Verdict } from "../../lib/verdict/verdict.ts";
import { drawWorld } from "./draw.ts";
import { type Law, RELATIONS } from "./law.ts";
import { probeTruths } from "./probe_truth.ts";
import { sitesOf } from "./sites.ts";
import type { Drawn, Estimated, Tally } from "./tally.ts";
import { meanOf, type Truth } from "./truth.ts";
import { verdictOn } from "./verdict_of.ts";

/** The numbers of a verdict, by what they are, in the order of the table. */
export const VERDICT_NUMBERS = {
  best: "mean AUROC of the best features",
  slot: "AUROC of a slot",
  slotLessFree: "slot less free feature",
  slotsLessFree: "slots less free features, mean",
  own: "own slots' mean",
  others: "other slots' mean",
  gap: "gap of own and other slots",
  binding: "largest slot is the own one",
  bindingOfOne: "the same of one relation",
  firstLayer: "first layer's gap, estimating half",
  lessRunnerUp: "first layer less runner-up",
  thirds: "change between thirds of layers",
  overall: "mean gap over the layers",
  probe1: "probe of 1 feature",
  probe5: "probe of 5",
  gain2: "gain of 2 features over 1",
  gain5: "gain of 5 over 2",
  highest: "highest of four relations' AUROCs",
} as const;

/** The layer of which probes are looked at, by its place: their truth takes long. */
const PROBED = 1;

/** Draws worlds and counts, into the tally, which intervals of their verdicts hold the truth. */
export function countVerdicts(
  law: Law,
  truth: Truth,
  { persons, draws, seed, tally }: Drawn,
): void {
  for (let draw = 0; draw < draws; draw++) {
    const sites = sitesOf(drawWorld(law, persons, seed + draw));
    const { verdict, asked } = verdictOn(sites, 0);
    verdict.sites.forEach((_, at) => countSite(verdict, truth, { at, tally }));
    countLayers(verdict, truth, tally);
    const { probes } = verdict.sites[PROBED]!;
    const [one, two, five] = probeTruths(sites[PROBED]!, asked, { truth, layer: PROBED });
    const { probe1, probe5, gain2, gain5 } = VERDICT_NUMBERS;
    tally.add(probe1, probes[0]!.persons, one!);
    tally.add(probe5, probes[2]!.persons, five!);
    tally.add(gain2, probes[1]!.gain, two! - one!);
    tally.add(gain5, probes[2]!.gain, five! - two!);
  }
}

/** The numbers of one site. */
function countSite(
  verdict: Verdict,
  { layers }: Truth,
  { at, tally }: { at: number; tally: Tally },
): void {
  const { encodings, best, slots, slotsAgainstFree } = verdict.sites[at]!;
  const { auroc, slotAuroc, own, others, gap, bound, boundOfAll } = layers[at]!;
  const truthOf = (feature: number | null | undefined, relation: number) =>
    feature == null ? null : auroc[feature]![relation]!;
  const add = (what: keyof typeof VERDICT_NUMBERS, found: Estimated, truth: number | null) =>
    tally.add(VERDICT_NUMBERS[what], found, truth);
  const bestTruths = encodings.map(({ best: [first] }, relation) =>
    truthOf(first?.feature, relation)
  );
  add("best", best.auroc, meanOrNull(bestTruths));
  const values = encodings.map(({ best: [first] }) => first?.auroc.value ?? null);
  if (!values.includes(null)) {
    const highest = values.indexOf(Math.max(...values.map((value) => value!)));
    add("highest", encodings[highest]!.best[0]!.auroc, bestTruths[highest]!);
  }
  if (slots === undefined || slotsAgainstFree === undefined) return;
  const freeTruths = slotsAgainstFree.byGroup.map(({ feature }, relation) =>
    truthOf(feature, relation)
  );
  const differences = freeTruths.map((free, slot) =>
    free === null ? null : slotAuroc[slot]! - free
  );
  slotsAgainstFree.byGroup.forEach(({ difference }, relation) =>
    add("slotLessFree", difference, differences[relation]!)
  );
  add("slotsLessFree", slotsAgainstFree.mean.difference, meanOrNull(differences));
  add("own", slots.diagonal, meanOf(own));
  add("others", slots.offDiagonal, meanOf(others));
  add("gap", slots.gap, gap);
  add("binding", slots.bindingAccuracy, boundOfAll);
  slots.byGroup.forEach((each, relation) => {
    add("slot", each.auroc, slotAuroc[relation]!);
    add("bindingOfOne", each.bindingAccuracy, bound[relation]!);
  });
}

/** The numbers that are of several layers. */
function countLayers(verdict: Verdict, { layers }: Truth, tally: Tally): void {
  const { firstLayer, lessRunnerUp, thirds, overall } = VERDICT_NUMBERS;
  const gaps = layers.map(({ gap }) => gap);
  const gapOf = (layer: string) => gaps[verdict.sites.findIndex(({ name }) => name === layer)]!;
  const [first, second] = verdict.layer.candidates;
  if (first !== undefined && second !== undefined) {
    tally.add(firstLayer, first.estimated, gapOf(first.name));
    tally.add(lessRunnerUp, second.behind, gapOf(first.name) - gapOf(second.name));
  }
  // With three layers, each is a third.
  tally.add(thirds, verdict.pattern.growth?.toMiddle, gaps[1]! - gaps[0]!);
  tally.add(thirds, verdict.pattern.growth?.toLate, gaps[2]! - gaps[1]!);
  tally.add(overall, verdict.slots?.gap, meanOf(gaps));
}

function meanOrNull(numbers: readonly (number | null)[]): number | null {
  return numbers.length === RELATIONS.length && !numbers.includes(null)
    ? meanOf(numbers.map((each) => each!))
    : null;
}
